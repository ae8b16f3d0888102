"""`refine`: one model bent into one map."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from difffit_core.api.fitting import Placed
from difffit_core.api.in_notebook import InNotebook
from difffit_core.api.level import Level, number_of, resolution_of, settle, with_pair_of
from difffit_core.api.progress import ProgressChoice, follow, tell_if_stopped
from difffit_core.api.reading import FilePath, MapLike, ModelLike, as_map, as_model, as_names, as_pose, tell
from difffit_core.api.table import Table
from difffit_core.api.writing import write_file
from difffit_core.pose import Pose
from difffit_core.refine.pieces.hinges import Hinge
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.refine.request import RefineRequest, RefineResult
from difffit_core.refine.settings import RefineSettings

if TYPE_CHECKING:
    from difffit_core.conventions import Array


@dataclass(frozen=True, eq=False)
class Refined(InNotebook):
    """A model bent into a map.

    ``recipe`` is what was asked for, ``request`` the same with its arrays, ``result`` all that came of it, ``evidence`` what speaks for the
    contour level.

    Examples
    --------
    >>> import difffit_core as df
    >>> x = df.read_model(df.example_model(), chains="E")
    >>> r = df.refine(df.example_map(), x, resolution=4, level=0.4, rigid_bodies_only=True)
    >>> r.hinges
    ()
    >>> sorted(r.table()[0])
    ['after', 'before', 'chain', 'moved', 'name', 'residue', 'supported']
    """

    recipe: RefineRecipe
    request: RefineRequest
    result: RefineResult
    evidence: tuple[str, ...]

    @property
    def coordinates(self) -> "Array":
        """Of all atoms in the map's frame, (N, 3) in Å."""
        return self.result.coordinates

    @property
    def rmsd_moved(self) -> float:
        """Root mean square in Å by which residues went from where the rigid model has them."""
        return self.result.rmsd_moved

    @property
    def local_correlation(self) -> tuple[float, float]:
        """Mean over the residues, before and after."""
        return float(self.result.before.mean()), float(self.result.after.mean())

    @property
    def hinges(self) -> tuple[Hinge, ...]:
        """Pieces that moved against the rest; each prints as a sentence."""
        return self.result.hinges

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be known before it is trusted."""
        return tuple(one.message for one in self.result.warnings)

    def table(self) -> Table:
        """A row a residue: local correlation before and after, how far it moved in Å, and whether density supports it."""
        result, residues = self.result, self.result.residues
        return Table(
            {
                "chain": str(residues.chains[i]), "residue": int(residues.numbers[i]), "name": str(residues.names[i]),
                "before": float(result.before[i]), "after": float(result.after[i]), "moved": float(result.moved[i]),
                "supported": bool(result.supported[i]),
            }
            for i in range(len(residues))
        )  # fmt: skip

    def write(self, path: FilePath) -> Path:
        """Write the bent model, as mmCIF or PDB by the name's suffix, and give the path.

        Raises
        ------
        UserError
            If it cannot be written, has another suffix, or is the file the model was read from.
        """
        from difffit_core.io.models import MODEL_SUFFIXES, write_structure
        from difffit_core.refine.output import refined_structure

        model = self.request.model
        structure = refined_structure(model, self.result, self.recipe.b_factors)
        return write_file(path, MODEL_SUFFIXES, "model", lambda to: write_structure(to, structure), (model.path,))

    def command(self) -> str:
        """The command line that repeats it."""
        return self.recipe.command()

    def __repr__(self) -> str:
        before, after = self.local_correlation
        moved = f"moved by {self.rmsd_moved:.2f} Å, local correlation {before:.3f} to {after:.3f}"
        return f"<Refined {self.request.model.name} in {self.request.density_map.name}: {moved}>"

    def _told(self) -> tuple[str, ...]:
        return (*map(str, self.hinges), *self.warnings)


def refine(
    density_map: MapLike,
    model: ModelLike | Placed,
    *,
    resolution: float | None = None,
    level: Level = "auto",
    half_maps: tuple[MapLike, MapLike] | None = None,
    chains: str | Sequence[str] = (),
    pose: Pose | None = None,
    hold: str | Sequence[str] = (),
    rigid: str | Sequence[str] = (),
    apart: str | Sequence[str] = (),
    pae: FilePath = "",
    b_factors: str = "kept",
    seed: int = 0,
    threads: int | None = None,
    progress: ProgressChoice = False,
    **settings: Any,
) -> Refined:
    """Bend a model into a map, from where it stands if it lies in its density, or else after a fit.

    Parameters
    ----------
    density_map : as it was read, or its file
    model : as it was read, its file, or a placement of a fit
    resolution : of the map, in Å; may be left out for a map that was fetched with its entry
    level : contour level in the map's units; "auto" for the one that the map and the model suggest
    half_maps : the map's two half maps, as they were read, or their files: its noise is taken from them rather than guessed
    chains : of the model, to be bent: names, or a text of names with commas between them; all if there are none
    pose : where the model stands, as a fit placed it; where the placement has it, or where it was read, if None
    hold : residues that stay where they are placed, as in ``["A:118-160", "B"]``, or one text
    rigid : groups of residues that keep their places to one another, as in ``["A:1-50+A:80-120"]``
    apart : groups of residues that were placed one by one, as in ``["A+B", "C+D"]``: nothing holds one to another, and they keep apart
    pae : file of predicted aligned errors; one that lies beside the model is found, and "none" takes none
    b_factors : of what is written: "kept", or "correlation" for 100 times the local correlation of each residue
    seed : of every random draw
    threads : CPU threads; all if None
    progress : True for a bar, or a function that is told of each `FitProgress`
    **settings : any of `RefineSettings`

    Raises
    ------
    UserError
        If something is not allowed, in one sentence.

    Examples
    --------
    >>> import difffit_core as df
    >>> x = df.read_model(df.example_model(), chains="E")
    >>> r = df.refine(df.example_map(), x, resolution=4, level=0.4, rigid_bodies_only=True)
    >>> r.rmsd_moved < 0.5
    True
    >>> r.write("refined.cif").name
    'refined.cif'
    """
    from difffit_core.refine.predicted import errors_for
    from difffit_core.refine.run import run_refine

    if isinstance(model, Placed):
        pose, model = model.pose if pose is None else pose, model.model
    read, subject = as_map(density_map), as_model(model, chains)
    resolution = resolution_of(resolution, read)
    read = with_pair_of(read, half_maps, resolution)
    recipe = RefineRecipe.checked(
        {
            "map": str(read.path or "MAP"), "model": str(subject.path or "MODEL"), "models": subject.models, "chains": subject.chains,
            "resolution": resolution, "level": number_of(level),
            "half_maps": read.half_maps, "pose": as_pose(pose, "pose"), "settings": RefineSettings.checked(settings),
            "hold": as_names(hold, "hold"),
            "rigid": as_names(rigid, "rigid"), "apart": as_names(apart, "apart"), "pae": str(pae), "b_factors": b_factors, "seed": seed,
            "threads": threads,
        }
    )  # fmt: skip
    recipe, evidence = settle(recipe, read, subject)
    errors, told = errors_for(subject, recipe.pae)
    request = recipe.bind(read, subject, errors)
    result = follow(lambda tell_of, cancel: run_refine(request, tell_of, cancel), progress)
    tell_if_stopped(result)
    tell([one.message for one in result.warnings])
    return Refined(recipe, request, result, (*evidence, *told))
