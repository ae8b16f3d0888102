"""Every header convention of real map files, and the refusal of what is no map."""

import gzip
from io import StringIO
from pathlib import Path

import mrcfile
import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.files import check_suffix
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.io.maps import read_header, read_map, write_map

from .conftest import MrcWriter


@pytest.mark.parametrize("name", ["a.mrc", "a.MAP", "a.ccp4", "a.b.mrc.gz", "a.map.GZ"])
def test_plain_map(write_mrc: MrcWriter, blob: np.ndarray, name: str) -> None:
    density = read_map(write_mrc(name.replace("GZ", "gz"), blob, cella=(14, 18, 20)))
    np.testing.assert_array_equal(density.values, blob)
    np.testing.assert_allclose(density.voxel_size, [2, 3, 4])
    np.testing.assert_array_equal(density.origin, 0)
    assert density.name in ("a", "a.b")
    assert density.notes == ()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["i1", "i2", "u2", "f2", "f4"])
def test_modes_and_byte_orders(write_mrc: MrcWriter, blob: np.ndarray, kind: str, order: str) -> None:
    values = (blob + 60 if kind == "u2" else blob).astype(kind)
    density = read_map(write_mrc("a.mrc", values, order))
    np.testing.assert_array_equal(density.values, values.astype(np.float32))
    assert density.notes == ()


def test_unsigned_bytes_of_old_files(write_mrc: MrcWriter) -> None:
    values = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)
    density = read_map(write_mrc("a.mrc", values.view(np.int8), dmin=0, dmax=255))
    np.testing.assert_array_equal(density.values, values.astype(np.float32))
    assert "unsigned" in density.notes[0]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("stamp", [(0, 0, 0, 0), (0x44, 0x44, 0, 0), (0x11, 0x11, 0, 0), (0x99, 1, 2, 3)])
def test_odd_machine_stamps(write_mrc: MrcWriter, blob: np.ndarray, order: str, stamp: tuple[int, ...]) -> None:
    path = write_mrc("a.mrc", blob, order, machst=stamp)
    np.testing.assert_array_equal(read_map(path).values, blob)
    agrees = stamp[0] == (0x44 if order == "<" else 0x11)
    assert read_header(path).stamp_agrees == agrees
    assert any("machine stamp" in note for note in read_map(path).notes) != agrees


@pytest.mark.parametrize("axes", [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)])
def test_axis_permutations(write_mrc: MrcWriter, blob: np.ndarray, axes: tuple[int, int, int]) -> None:
    """nstart and the sizes are in file order, cell and sampling in x, y, z."""
    zyx_of_axis = {1: 2, 2: 1, 3: 0}
    in_file = np.ascontiguousarray(blob.transpose([zyx_of_axis[axis] for axis in reversed(axes)]))
    start = dict(zip((1, 2, 3), (10, 20, 30), strict=True))
    fields = dict(zip(("nxstart", "nystart", "nzstart"), (start[axis] for axis in axes), strict=True))
    path = write_mrc("a.mrc", in_file, mapc=axes[0], mapr=axes[1], maps=axes[2], cella=(14, 18, 20), mx=7, my=6, mz=5, **fields)
    density = read_map(path)
    np.testing.assert_array_equal(density.values, blob)
    np.testing.assert_allclose(density.voxel_size, [2, 3, 4])
    np.testing.assert_allclose(density.origin, [20, 60, 120])
    assert bool(density.notes) == (axes != (1, 2, 3))


def test_voxel_is_cell_over_sampling(write_mrc: MrcWriter, blob: np.ndarray) -> None:
    density = read_map(write_mrc("a.mrc", blob, mx=14, my=12, mz=10, cella=(28, 24, 20)))
    np.testing.assert_allclose(density.voxel_size, 2)


def test_position_from_nstart_where_origin_is_zero(write_mrc: MrcWriter, blob: np.ndarray) -> None:
    density = read_map(write_mrc("a.mrc", blob, cella=(14, 18, 20), nxstart=-5, nystart=2, nzstart=1))
    np.testing.assert_allclose(density.origin, [-10, 6, 4])


def test_origin_wins_over_nstart_and_says_so(write_mrc: MrcWriter, blob: np.ndarray) -> None:
    density = read_map(write_mrc("a.mrc", blob, nxstart=-5, origin=(100, 0, 0)))
    np.testing.assert_allclose(density.origin, [100, 0, 0])
    assert "disagree" in density.notes[0]
    agreeing = read_map(write_mrc("b.mrc", blob, nxstart=-5, origin=(-5, 0, 0)))
    assert agreeing.notes == ()


@pytest.mark.parametrize("fields", [{"cella": (0, 0, 0)}, {"cella": (0, 6, 5)}, {"cella": (np.nan, 6, 5)}])
def test_missing_cell_means_one_angstrom_and_a_note(write_mrc: MrcWriter, blob: np.ndarray, fields: dict[str, object]) -> None:
    density = read_map(write_mrc("a.mrc", blob, **fields))
    np.testing.assert_array_equal(density.voxel_size, 1)
    assert "1 Å" in density.notes[0]


def test_missing_sampling_angles_and_axes(write_mrc: MrcWriter, blob: np.ndarray) -> None:
    path = write_mrc("a.mrc", blob, mx=0, my=0, mz=0, cellb=(0, 0, 0), mapc=0, mapr=0, maps=0, cella=(14, 18, 20))
    density = read_map(path)
    np.testing.assert_allclose(density.voxel_size, [2, 3, 4])
    assert len(density.notes) == 3


def test_extended_header_is_skipped(write_mrc: MrcWriter, blob: np.ndarray) -> None:
    np.testing.assert_array_equal(read_map(write_mrc("a.mrc.gz", blob, extended=b"x" * 81)).values, blob)


def gaussians(positions: np.ndarray, centres: list[tuple[float, float, float]]) -> np.ndarray:
    return sum(np.exp(-((positions - centre) ** 2).sum(-1) / 18) for centre in np.array(centres))


@pytest.mark.parametrize(("shift", "whole_cell"), [((0, 0, 0), True), ((3, -2, 5), False)])
def test_oblique_cell_is_resampled_in_place(write_mrc: MrcWriter, shift: tuple[int, int, int], whole_cell: bool) -> None:
    gemmi = pytest.importorskip("gemmi")
    count = np.array([30, 24, 20])
    sampling = count if whole_cell else count + 40
    lengths = sampling * 1.5
    cell = gemmi.UnitCell(*lengths, 80, 95, 110)
    orth = np.array(cell.orth.mat.tolist()) / sampling
    index = np.stack(np.meshgrid(*[np.arange(n) for n in count], indexing="ij"), -1) + np.array(shift)
    positions = index @ orth.T
    centres = [tuple(positions[12, 9, 8]), tuple(positions[17, 14, 11])]
    values = gaussians(positions, centres).astype(np.float32).transpose(2, 1, 0)
    path = write_mrc(
        "x.ccp4", np.ascontiguousarray(values), cella=tuple(lengths), cellb=(80, 95, 110), mx=sampling[0], my=sampling[1], mz=sampling[2],
        nxstart=shift[0], nystart=shift[1], nzstart=shift[2],
    )  # fmt: skip
    density = read_map(path)
    assert "resampled" in density.notes[-1]
    where = np.argwhere(density.values > 0.3)
    np.testing.assert_allclose(density.values[tuple(where.T)], gaussians(density.positions(where), centres), atol=0.03)
    assert len(where) * density.voxel_volume == pytest.approx((values > 0.3).sum() * abs(np.linalg.det(orth)), rel=0.05)


REFUSED = {
    "mode": ({"mode": 4}, "mode must be one of .* got 4, a Fourier transform"),
    "image": ({"nz": 1}, "which is an image"),
    "image stack": ({"ispg": 0, "mz": 1}, "a stack of 5 images"),
    "map stack": ({"ispg": 401, "nz": 4, "mz": 2}, "a stack of 2 maps"),
    "sizes": ({"nx": 4000, "ny": 4000, "nz": 4000}, "truncated or its header is damaged"),
    "negative size": ({"nx": -7}, "three positive sizes"),
    "extended": ({"nsymbt": -4, "nz": 4}, "nsymbt"),
    "voxel": ({"cella": (1e9, 1, 1)}, "voxel size"),
}


@pytest.mark.parametrize("name", ["a.mrc", "a.mrc.gz"])
@pytest.mark.parametrize("trap", REFUSED)
def test_refused_headers(write_mrc: MrcWriter, blob: np.ndarray, trap: str, name: str) -> None:
    fields, sentence = REFUSED[trap]
    path = write_mrc(name, blob, **fields)
    with pytest.raises(FileFormatError, match=sentence) as caught:
        read_map(path)
    assert str(path) in str(caught.value)


def test_refused_values(write_mrc: MrcWriter, blob: np.ndarray) -> None:
    blob[3, 2, 1], blob[2, 3, 4], blob[1, 3, 2] = np.nan, np.inf, 1e30
    with pytest.raises(FileFormatError, match=r"got 3 of 210 .* at x, y, z 2, 3, 1"):
        read_map(write_mrc("a.mrc", blob))
    with pytest.raises(FileFormatError, match="got 3 in every voxel"):
        read_map(write_mrc("b.mrc", np.full((4, 4, 4), 3, np.float32)))


def test_refused_files(tmp_path: Path, write_mrc: MrcWriter, blob: np.ndarray) -> None:
    whole = write_mrc("whole.mrc", blob).read_bytes()
    packed = gzip.compress(whole)
    cases = {
        "empty.mrc": (b"", "empty"),
        "short.mrc": (whole[:500], "truncated"),
        "cut.mrc": (whole[:-1], "truncated"),
        "cut.mrc.gz": (packed[:-30], "truncated or damaged"),
        "crc.mrc.gz": (packed[:-8] + b"\0\0\0\0" + packed[-4:], "damaged"),
        "text.mrc": (b"HEADER    HYDROLASE\n" * 100, "got a text file that begins with 'HEADER HYDROLASE"),
        "map.pdb": (whole, "must end in .mrc, .map, .ccp4"),
    }
    for name, (content, sentence) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(FileFormatError, match=sentence):
            read_map(path)
    with pytest.raises(UserError, match="no such file"):
        read_map(tmp_path / "absent.mrc")
    with pytest.raises(UserError, match="got a folder"):
        read_map(tmp_path)


@pytest.mark.parametrize("name", ["out.mrc.gz.gz", "out.map.bz2", "out.mrc.bz2.gz", "out.gz"])
def test_what_is_not_written_as_its_name_says_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"the name of a map must end in .* \(or that with \.gz\), got"):
        check_suffix(tmp_path / name, MAP_SUFFIXES, "map", to_write=True)


@pytest.mark.parametrize("name", ["out.mrc", "out.map.gz"])
@pytest.mark.parametrize("origin", [(342.5244, -206.88, 350.745), (-4.2, 6.0, 12.6), (0, 0, 0)])
def test_written_map_comes_back_in_place(tmp_path: Path, blob: np.ndarray, name: str, origin: tuple[float, float, float]) -> None:
    density = DensityMap(blob, np.array([1.4, 2.0, 1.05]), np.array(origin))
    write_map(tmp_path / name, density)
    back = read_map(tmp_path / name)
    np.testing.assert_array_equal(back.values, blob)
    np.testing.assert_allclose(back.voxel_size, density.voxel_size, rtol=1e-6)
    np.testing.assert_allclose(back.origin, origin, atol=1e-4)
    assert back.notes == ()
    assert {path.name for path in tmp_path.iterdir()} == {name}
    assert mrcfile.validate(str(tmp_path / name), print_file=StringIO())


def test_written_map_serves_programs_that_know_only_nstart(tmp_path: Path, blob: np.ndarray) -> None:
    write_map(tmp_path / "a.mrc", DensityMap(blob, np.array([1.4, 2, 1.05]), np.array([-4.2, 6, 12.6])))
    assert read_header(tmp_path / "a.mrc").start_xyz == (-3, 3, 12)


def test_writing_refuses_what_cannot_be(tmp_path: Path, blob: np.ndarray) -> None:
    density = DensityMap(blob, np.ones(3), np.zeros(3))
    with pytest.raises(FileFormatError, match="must end in"):
        write_map(tmp_path / "a.txt", density)
    with pytest.raises(UserError, match="does not exist"):
        write_map(tmp_path / "absent" / "a.mrc", density)
    assert list(tmp_path.iterdir()) == []


REAL = {
    "actin_emd5168/emd_5168.map": ((100, 100, 100), (1.742,) * 3, (-87.1,) * 3, (0, 0)),
    "groel/groel-11.5A.mrc.gz": ((100, 100, 100), (2.7,) * 3, (-135,) * 3, (0, 0)),
    "secretase_5fn5/5fn5_box.ccp4": ((66, 99, 64), (1.4,) * 3, (0, 0, 0), (1, 0)),
    "difffit_demo/density2.mrc": ((47, 34, 40), (1.3701,) * 3, (342.5244, 206.8847, 350.7450), (0, 0)),
}


@pytest.mark.parametrize("name", REAL)
def test_real_headers(shared_data: Path, name: str) -> None:
    shape, voxel, origin, (note_count, _) = REAL[name]
    density = read_map(shared_data / name)
    np.testing.assert_allclose(density.voxel_size, voxel, rtol=1e-4)
    np.testing.assert_allclose(density.origin, origin, atol=1e-3)
    assert density.shape_xyz.tolist() == ([64, 99, 66] if "5fn5" in name else list(shape[::-1]))
    assert len(density.notes) == note_count


@pytest.mark.parametrize(
    ("map_name", "model_name"),
    [
        ("groel/groel-11.5A.mrc.gz", "groel/1oel_fit_top.pdb"),
        ("secretase_5fn5/5fn5_box.ccp4", "secretase_5fn5/5fn5_box_complete.pdb"),
        ("apoferritin_emd20026/emd20026_prot.mrc", "apoferritin_emd20026/3ajo_fitted_refined.pdb"),
        ("actin_emd5168/emd_5168.map", "actin_emd5168/3MFP.pdb"),
    ],
)
def test_deposited_models_lie_in_their_density(shared_data: Path, map_name: str, model_name: str) -> None:
    """The proof that axes, voxel size and position are right: any mistake puts atoms where there is no density."""
    from scipy.ndimage import map_coordinates

    from difffit_core.conventions import position_to_index, reverse_axes
    from difffit_core.io.models import read_model

    density, model = read_map(shared_data / map_name), read_model(shared_data / model_name)
    index = reverse_axes(position_to_index(model.fit_coordinates, density.voxel_size, density.origin)).T
    at_atoms = map_coordinates(density.values, index, order=1)
    assert np.mean(at_atoms) > 2 * density.values.std()


@pytest.mark.parametrize("columns", [9, 10, 32, 60, 91, 123])
def test_a_map_whose_width_reads_as_a_character_is_a_map(columns: int, tmp_path: Path) -> None:
    values = np.random.default_rng(0).random((3, 2, columns)).astype(np.float32)
    for order in "<>":
        path = tmp_path / f"{columns}.mrc"
        with mrcfile.new(path, overwrite=True) as file:
            file.set_data(values)
        if order == ">":
            path.write_bytes(_swapped(path.read_bytes()))
        assert read_map(path).values.shape == values.shape


def _swapped(raw: bytes) -> bytes:
    """The same file in the other byte order."""
    words = np.frombuffer(raw, "<u4").copy()
    header = words[:256].byteswap()
    header[52] = words[52]  # MAP
    header[53] = 0x00001111
    header[56:] = words[56:256]  # labels
    return header.tobytes() + words[256:].byteswap().tobytes()
