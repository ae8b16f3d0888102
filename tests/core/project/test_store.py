"""A project comes back as it was written; a damaged one is refused in a sentence."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from difffit_core.errors import FileFormatError, UserError
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.project.arrays import FitArrays
from difffit_core.project.schema import SCHEMA_VERSION, Project
from difffit_core.project.store import open_project, save_project

Fit = tuple[FitRequest, FitResult]
Rewrite = Callable[..., None]


def refusal(path: Path) -> str:
    with pytest.raises(FileFormatError) as caught:
        open_project(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


def test_everything_about_the_fit_comes_back(project_file: Path, request_and_result: Fit) -> None:
    request, result = request_and_result
    project, arrays = open_project(project_file)
    (fit,) = project.fits
    assert [record.placement().to_dict() for record in fit.placements] == [placement.to_dict() for placement in result.placements]
    assert fit.fit_settings() == request.settings
    assert (fit.recipe.seed, fit.recipe.threads, fit.recipe.device, fit.resolution, fit.level) == (2**40, 2, "cpu", 4.0, 0.3)
    assert fit.chains == ("D", "E")
    assert fit.evidence == ("given",)
    assert fit.timing == result.timing
    assert {"python", "numpy", "numba", "torch"} <= set(fit.versions)
    assert project.view == {"selected_fit": "fit-1", "selected_rank": 1}
    found = arrays["fit-1"]
    np.testing.assert_array_equal(found.rotations, [placement.pose.rotation for placement in result.placements])
    np.testing.assert_array_equal(found.translations, [placement.pose.translation for placement in result.placements])
    np.testing.assert_array_equal(found.start_quaternions, result.start_quaternions)
    np.testing.assert_array_equal(found.start_translations, result.start_translations)
    np.testing.assert_array_equal(found.centre, result.centre)


def test_saving_what_was_opened_gives_the_same_bytes(project_file: Path, tmp_path: Path) -> None:
    save_project(tmp_path / "again.difffit", *open_project(project_file))
    assert (tmp_path / "again.difffit").read_bytes() == project_file.read_bytes()


def test_a_fit_without_placements_can_be_kept(project_file: Path, tmp_path: Path) -> None:
    project, _ = open_project(project_file)
    empty = project.model_copy(update={"fits": (project.fits[0].model_copy(update={"placements": ()}),)})
    none = np.zeros((0, 3))
    save_project(tmp_path / "p.difffit", empty, {"fit-1": FitArrays(np.zeros((0, 3, 3)), none, np.zeros((0, 4)), none, np.zeros(3))})
    reopened, arrays = open_project(tmp_path / "p.difffit")
    assert reopened == empty
    assert arrays["fit-1"].rotations.shape == (0, 3, 3)


def test_arrays_must_be_those_of_the_fits(project_file: Path, tmp_path: Path) -> None:
    project, arrays = open_project(project_file)
    with pytest.raises(ValueError, match="2 placements, got arrays of None"):
        save_project(tmp_path / "p.difffit", project, {})
    with pytest.raises(ValueError, match="must be those of"):
        save_project(tmp_path / "p.difffit", project, {**arrays, "fit-2": arrays["fit-1"]})
    assert not (tmp_path / "p.difffit").exists()


def test_a_failed_save_leaves_the_old_project(project_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = project_file.read_bytes()
    project, arrays = open_project(project_file)

    def full(self: zipfile.ZipFile, *args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(UserError, match="No space left"):
        save_project(project_file, project, arrays)
    assert project_file.read_bytes() == before
    assert sorted(path.name for path in project_file.parent.iterdir()) == ["data", "project.difffit"]


def test_every_truncation_is_refused(project_file: Path) -> None:
    content = project_file.read_bytes()
    for size in [*range(1, 40), *range(40, len(content), len(content) // 60)]:
        project_file.write_bytes(content[:size])
        refusal(project_file)


def test_flipped_bytes_never_give_another_project(project_file: Path) -> None:
    content = project_file.read_bytes()
    original = open_project(project_file)[0]
    rng = np.random.default_rng(3)
    messages = []
    for position in rng.integers(0, len(content), 300):
        damaged = bytearray(content)
        damaged[position] ^= 1 << int(rng.integers(8))
        project_file.write_bytes(bytes(damaged))
        try:
            assert open_project(project_file)[0] == original
        except FileFormatError as error:
            messages.append(str(error))
    assert len(messages) > 150
    assert all(message.startswith(f"{project_file}: ") for message in messages)


def test_other_files_are_refused(project_file: Path, folder: Path, rewrite: Rewrite) -> None:
    assert "damaged or is something else" in refusal(folder / "data" / "map.mrc")
    rewrite(project_file, {"project.json": None})
    assert "must hold project.json" in refusal(project_file)
    rewrite_text = project_file.with_name("text.difffit")
    rewrite_text.write_text("not a zip")
    assert "something else" in refusal(rewrite_text)
    (folder / "empty.difffit").touch()
    assert "empty" in refusal(folder / "empty.difffit")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"{}", b"\xff\xfe", b"[" * 100_000])
def test_json_of_another_kind_is_refused(project_file: Path, rewrite: Rewrite, content: bytes) -> None:
    rewrite(project_file, {"project.json": content})
    refusal(project_file)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"schema_version": SCHEMA_VERSION + 1, "program_version": "3.1"}, r"newer DiffFit Desktop \(3.1\) as schema"),
        ({"schema_version": "1"}, "schema_version must be a whole number"),
        ({"schema_version": True}, "schema_version must be a whole number"),
        ({"surprise": 1}, "surprise: Extra inputs are not permitted"),
        ({"inputs": []}, "refers to a map or model that is not among the inputs"),
        ({"fits": 3}, "fits: "),
    ],
)
def test_what_the_schema_does_not_allow_is_named(project_file: Path, rewrite: Rewrite, fields: dict[str, object], message: str) -> None:
    rewrite(project_file, **fields)
    with pytest.raises(FileFormatError, match=message):
        open_project(project_file)


def test_a_rotation_that_is_none_is_refused(project_file: Path, rewrite: Rewrite) -> None:
    with zipfile.ZipFile(project_file) as archive:
        fits = json.loads(archive.read("project.json"))["fits"]
    fits[0]["placements"][0]["rotation"][0][0] = 2.0
    rewrite(project_file, fits=fits)
    assert "proper rotation" in refusal(project_file)


def test_no_name_in_a_project_reaches_the_disk(project_file: Path, rewrite: Rewrite) -> None:
    with zipfile.ZipFile(project_file) as archive:
        fits = json.loads(archive.read("project.json"))["fits"]
    fits[0]["id"] = "../../escaped"
    rewrite(project_file, {"fits/../../escaped.npz": b"x"}, fits=fits)
    assert "fits.0.id" in refusal(project_file)
    assert not list(project_file.parent.parent.glob("escaped*"))


def test_arrays_are_never_unpickled(project_file: Path, rewrite: Rewrite, tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (tmp_path / "exploded",)

    buffer = io.BytesIO()
    np.savez(buffer, rotations=np.array([Bomb(), Bomb()], object), allow_pickle=True)
    for content in (buffer.getvalue(), pickle.dumps(Bomb()), b"", b"x" * 50):
        rewrite(project_file, {"fits/fit-1.npz": content})
        assert "fits/fit-1.npz is damaged" in refusal(project_file)
    assert not (tmp_path / "exploded").exists()


def test_arrays_of_another_fit_are_refused(project_file: Path, rewrite: Rewrite) -> None:
    arrays = open_project(project_file)[1]["fit-1"]
    short = FitArrays(
        *(getattr(arrays, name)[:1] for name in ("rotations", "translations", "start_quaternions", "start_translations")), arrays.centre
    )
    rewrite(project_file, {"fits/fit-1.npz": short.to_bytes()})
    assert "2 placements, got arrays of 1" in refusal(project_file)


def test_a_number_that_json_cannot_hold_is_not_written(project_file: Path) -> None:
    project, _ = open_project(project_file)
    data = project.model_dump(mode="json")
    data["fits"][0]["placements"][0]["z_score"] = float("nan")
    with pytest.raises(ValueError, match="finite"):
        Project.model_validate(data)


def test_the_golden_project_of_schema_1_still_opens(repository: Path) -> None:
    project, arrays = open_project(repository / "tests" / "golden" / "schema_1.difffit")
    assert project.schema_version == SCHEMA_VERSION
    assert [(entry.id, entry.kind, entry.path) for entry in project.inputs] == [
        ("map-1", "map", "data/map.mrc"),
        ("model-1", "model", "data/model.pdb.gz"),
    ]
    (fit,) = project.fits
    assert (fit.recipe.seed, fit.level, fit.resolution, fit.chains) == (2**40, 0.3, 4.0, ("D", "E"))
    assert [(record.rank, record.hits, record.z_score, str(record.verdict)) for record in fit.placements] == [
        (1, 12, 9.5, "unique"),
        (2, 3, 0.5, "not significant"),
    ]
    np.testing.assert_array_equal(fit.placements[0].placement().pose.apply(np.array([1.0, 2.0, 3.0])), [-1.9, -1.5, 3 + 1 / 3])
    np.testing.assert_array_equal(arrays["fit-1"].start_translations, [[1, 2, 3], [4, 5, 6]])


def test_the_golden_project_of_schema_1_with_composites_still_opens(repository: Path) -> None:
    path = repository / "tests" / "golden" / "schema_1_composites.difffit"
    project, arrays = open_project(path)
    by_hand, solved = project.composites
    assert [(one.id, one.parent) for one in by_hand.rounds] == [
        ("composite-1-round-1", None),
        ("composite-1-round-2", "composite-1-round-1"),
        ("composite-1-round-3", "composite-1-round-1"),
    ]
    first = by_hand.rounds[0]
    assert (first.accepted[0].chains, first.accepted[0].rank) == ({"D": "D", "E": "AA"}, 1)
    assert first.zero_out is not None
    assert (first.zero_out.method, first.zero_out.threshold) == ("threshold", 0.05)
    assert solved.solve is not None
    assert (solved.solve.symmetries[0].group, solved.solve.recipe.wanted[0].copies) == ("D2", None)
    assert [fit.round for fit in project.fits] == [None, "composite-1-round-1", None]
    assert project.fits[1].recipe.start is not None
    assert project.fits[2].recipe.region is not None
    assert [step.text for step in project.steps] == ["Open map.mrc", "Undo Open map.mrc"]
    assert project.pack
    assert set(arrays) == {"fit-1", "fit-2", "fit-3"}
