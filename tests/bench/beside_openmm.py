"""Bend models by molecular dynamics in the density (as MDFF does), with OpenMM, for a comparison with `difffit refine`.

``python beside_openmm.py FLEXIBLE.json [--only NAME ...]``, in an environment of its own with openmm, pdbfixer, gemmi, scipy and mrcfile.
FLEXIBLE.json is one that `run_flexible.py` takes. The model begins laid onto the truth by all Cα; `difffit refine` begins anywhere.
Prints a line a case: Cα RMSD and median to the truth before and after, in Å, and seconds of the processors.

Amber14 in vacuum; the map as a potential of 0.3 kcal/mol/Da at its mean inside the model, smoothed by 3, 1.5 and 0 Å for 16 ps each, 300 K;
φ and ψ of helices and strands held as they begin, energy minimised before and after.
"""

import argparse
import json
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import gemmi
import mrcfile
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

Array = NDArray[np.float64]
_SMOOTHINGS_A = (3.0, 1.5, 0.0)
_STEPS, _STEP_PS = 8000, 0.002
_BONDED_A = 2.0
_STRENGTH = 0.3 * 4.184  # kJ/mol/Da


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    for case in json.loads(options.cases.read_text()):
        if not options.only or case["name"] in options.only:
            root = options.cases.parent
            print(json.dumps({"name": case["name"], **bent(root / case["map"], root / case["model"], root / case["truth"])}), flush=True)


def bent(map_file: Path, model_file: Path, truth_file: Path) -> dict[str, Any]:
    """What a case gives."""
    from openmm import LangevinMiddleIntegrator, Platform, app, unit
    from pdbfixer import PDBFixer

    begun = time.process_time()
    truth = _traced(_read(truth_file))
    fixer = PDBFixer(pdbfile=StringIO(_parted(_laid_onto(_read(model_file), truth)).make_pdb_string()))
    fixer.findMissingResidues()
    fixer.missingResidues = {}
    fixer.findMissingAtoms()
    fixer.addMissingAtoms(seed=0)
    fixer.addMissingHydrogens(7.0)
    at = np.array(fixer.positions.value_in_unit(unit.nanometer))
    field = app.ForceField("amber14-all.xml")
    system = field.createSystem(fixer.topology, nonbondedMethod=app.CutoffNonPeriodic, nonbondedCutoff=1.0, constraints=app.HBonds)
    _hold_secondary_structure(system, fixer.topology, at)
    values, voxel, origin = _read_map(map_file, 10 * at)
    pull, tabulated = _pull(system, fixer.topology, values, voxel, origin, 10 * at)
    integrator = LangevinMiddleIntegrator(300, 5, _STEP_PS)
    integrator.setRandomNumberSeed(1)
    simulation = app.Simulation(fixer.topology, system, integrator, Platform.getPlatformByName("CPU"), {"Threads": "1"})
    simulation.context.setPositions(at)
    before = _deviation(fixer.topology, 10 * at, truth)
    for smoothing in _SMOOTHINGS_A:
        tabulated.setFunctionParameters(*_table(values, voxel, origin, smoothing))
        pull.updateParametersInContext(simulation.context)
        simulation.minimizeEnergy(maxIterations=300)
        simulation.context.setVelocitiesToTemperature(300, 1)
        simulation.step(_STEPS)
    simulation.minimizeEnergy(maxIterations=1000)
    at = simulation.context.getState(getPositions=True).getPositions(asNumpy=True).value_in_unit(unit.nanometer)
    after = _deviation(fixer.topology, 10 * np.array(at), truth)
    names = ("rmsd", "median")
    return {
        "begins": dict(zip(names, before, strict=True)),
        "ends": dict(zip(names, after, strict=True)),
        "cpu_s": round(time.process_time() - begun),
    }


def _read(file: Path) -> gemmi.Structure:
    structure = gemmi.read_structure(str(file))
    structure.setup_entities()
    structure.remove_ligands_and_waters()
    structure.remove_alternative_conformations()
    structure.remove_hydrogens()
    return structure


def _parted(structure: gemmi.Structure) -> gemmi.Structure:
    """With a chain of its own for each run of residues that are bonded, as the force field wants them."""
    names = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    model = gemmi.Model(1)
    for chain in structure[0]:
        run, last = None, None
        for residue in chain:
            carbon, nitrogen = last and last.find_atom("C", "*"), residue.find_atom("N", "*")
            if run is None or not carbon or not nitrogen or carbon.pos.dist(nitrogen.pos) > _BONDED_A:
                run = model.add_chain(gemmi.Chain(next(names)))
            run.add_residue(residue)
            last = residue
    parted = gemmi.Structure()
    parted.add_model(model)
    parted.setup_entities()
    return parted


def _traced(structure: gemmi.Structure) -> dict[tuple[int, str], Array]:
    """Cα by residue number and name, the first chain that has it."""
    found: dict[tuple[int, str], Array] = {}
    for site in structure[0].all():
        if site.atom.name == "CA" and site.atom.element.name == "C":
            found.setdefault((site.residue.seqid.num, site.residue.name), np.array(site.atom.pos.tolist()))
    return found


def _laid_onto(structure: gemmi.Structure, truth: dict[tuple[int, str], Array]) -> gemmi.Structure:
    mine = _traced(structure)
    shared = [key for key in mine if key in truth]
    over = gemmi.superpose_positions([gemmi.Position(*truth[key]) for key in shared], [gemmi.Position(*mine[key]) for key in shared])
    structure[0].transform_pos_and_adp(over.transform)
    return structure


def _read_map(file: Path, around: Array) -> tuple[Array, float, Array]:
    """Values [x, y, z] within 10 Å of the atoms' box, voxel size and the first voxel's centre in Å."""
    with mrcfile.open(file, permissive=True) as opened:
        header, data, voxel = opened.header, np.array(opened.data, float), float(opened.voxel_size.x)
    axes = [int(header[name]) or k + 1 for k, name in enumerate(("mapc", "mapr", "maps"))]
    values = np.transpose(data, [2 - axes.index(1), 2 - axes.index(2), 2 - axes.index(3)])
    origin = np.array([float(header.origin[name]) for name in "xyz"])
    if not origin.any():
        started = [int(header.nxstart), int(header.nystart), int(header.nzstart)]
        origin = np.array([started[axes.index(k)] for k in (1, 2, 3)]) * voxel
    low = np.clip(np.floor((around.min(axis=0) - 10 - origin) / voxel).astype(int), 0, None)
    high = np.clip(np.ceil((around.max(axis=0) + 10 - origin) / voxel).astype(int) + 1, None, values.shape)
    return values[tuple(slice(a, b) for a, b in zip(low, high, strict=True))], voxel, origin + low * voxel


def _pull(system: Any, topology: Any, values: Array, voxel: float, origin: Array, at: Array) -> tuple[Any, Any]:
    """The map's potential, added to the system, and its table."""
    from openmm import Continuous3DFunction, CustomCompoundBondForce

    inside = map_coordinates(values, ((at - origin) / voxel).T, order=1).mean()
    table = Continuous3DFunction(*_table(values, voxel, origin, _SMOOTHINGS_A[0]))
    force = CustomCompoundBondForce(1, "-weight * map(x1, y1, z1)")
    force.addTabulatedFunction("map", table)
    force.addPerBondParameter("weight")
    for atom in topology.atoms():
        if atom.element.symbol != "H":
            force.addBond([atom.index], [_STRENGTH * atom.element.mass._value / inside])
    system.addForce(force)
    return force, force.getTabulatedFunction(0)


def _table(values: Array, voxel: float, origin: Array, smoothing: float) -> tuple[Any, ...]:
    """Sizes, values (x fastest) and limits in nm."""
    smooth = gaussian_filter(values, smoothing / voxel) if smoothing else values
    last = origin + (np.array(values.shape) - 1) * voxel
    limits = [float(end) / 10 for axis in range(3) for end in (origin[axis], last[axis])]
    return (*values.shape, smooth.ravel(order="F").tolist(), *limits)


def _hold_secondary_structure(system: Any, topology: Any, at: Array) -> None:
    """Hold φ and ψ where they are a helix's or a strand's for three residues in a row."""
    from openmm import PeriodicTorsionForce

    force = PeriodicTorsionForce()
    for chain in topology.chains():
        residues = [{atom.name: atom.index for atom in residue.atoms()} for residue in chain.residues()]
        angles = list(_backbone(residues, at))
        kinds = [_kind(phi[1], psi[1]) for phi, psi in angles]
        for k in range(1, len(angles) - 1):
            if kinds[k] and kinds[k - 1] == kinds[k] == kinds[k + 1]:
                for atoms, angle in angles[k]:
                    force.addTorsion(*atoms, 1, angle + np.pi, 400.0)
    system.addForce(force)


def _backbone(residues: list[dict[str, int]], at: Array) -> Iterator[tuple[tuple[list[int], float], tuple[list[int], float]]]:
    for before, here, after in zip(residues, residues[1:], residues[2:], strict=False):
        try:
            phi = [before["C"], here["N"], here["CA"], here["C"]]
            psi = [here["N"], here["CA"], here["C"], after["N"]]
        except KeyError:
            continue
        if np.linalg.norm(at[phi[0]] - at[phi[1]]) < 0.2 and np.linalg.norm(at[psi[2]] - at[psi[3]]) < 0.2:
            yield (phi, _dihedral(at[phi])), (psi, _dihedral(at[psi]))


def _dihedral(four: Array) -> float:
    return float(gemmi.calculate_dihedral(*(gemmi.Position(*point) for point in four)))


def _kind(phi: float, psi: float) -> str:
    phi, psi = np.degrees([phi, psi])
    if -100 < phi < -30 and -80 < psi < -5:
        return "helix"
    return "strand" if -170 < phi < -50 and (psi > 80 or psi < -170) else ""


def _deviation(topology: Any, at: Array, truth: dict[tuple[int, str], Array]) -> tuple[float, float]:
    off = [
        np.linalg.norm(at[atom.index] - truth[key])
        for atom in topology.atoms()
        if atom.name == "CA" and (key := (int(atom.residue.id), atom.residue.name)) in truth
    ]
    return round(float(np.sqrt(np.mean(np.square(off)))), 2), round(float(np.median(off)), 2)


if __name__ == "__main__":
    main()
