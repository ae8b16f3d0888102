"""`handover`: what the next program wants of a result."""

from collections.abc import Sequence

from difffit_core.api.level import Level, number_of
from difffit_core.api.reading import FilePath, as_names, as_path
from difffit_core.handover.asked import HandedOver
from difffit_core.handover.recipe import HandoverRecipe


def handover(
    source: FilePath,
    model: FilePath = "",
    *,
    out: FilePath,
    to: str | Sequence[str] = (),
    what: str = "",
    rank: int | None = None,
    resolution: float | None = None,
    level: Level = "auto",
    half_maps: tuple[FilePath, FilePath] | None = None,
    reference: FilePath = "",
    padding: float = 10.0,
    whole_map: bool = False,
    keep_values: bool = False,
    overwrite: bool = False,
) -> HandedOver:
    """Write what ISOLDE, Coot, Phenix, ServalCat, CryoBoltz, ChimeraX, PyMOL and Mol* want of a result.

    What should be known is in the ``notes`` of what it gives, and in README.txt.

    Parameters
    ----------
    source, model : a project, or the folder of results that it lies in; or the files of a map, and of a model as it was placed or bent
    out : the folder, made if it is not there
    to : programs, by name; all if there are none
    what, rank : of a project, which fit, composite or bent model; of a fit, which placement. What is selected or best if not given
    resolution, level, half_maps, reference : with a map, its resolution in Å, contour level and half maps, and the model before it was bent
    padding, whole_map : Å of the map kept around the model, or all of it
    keep_values : the map's own units, rather than multiples of its noise
    overwrite : whether results of an earlier hand-over in the folder are replaced

    Raises
    ------
    UserError
        If something is not allowed or cannot be written, in one sentence.

    Examples
    --------
    >>> import difffit_core as df
    >>> e = df.fit(df.example_map(), df.example_model(), resolution=4, level=0.4, chains="E", preset="fast").best.write("e.cif")
    >>> h = df.handover(df.example_map(), e, resolution=4, level=0.4, to="coot", out="over")
    >>> [one.name for one in h.files if one.suffix == ".py"]
    ['coot.py']
    """
    from difffit_core.handover.asked import hand_over, project_in
    from difffit_core.handover.run import NAMES
    from difffit_core.output import claim_folder, inputs_of

    given = as_path(source, "source", "the name of a file or folder")
    programs = tuple(to.split(",")) if isinstance(to, str) and to else as_names(to, "to")
    recipe = HandoverRecipe.checked(
        {
            "source": str(given if model else project_in(given)), "model": str(model), "what": what, "rank": rank,
            "to": programs, "resolution": resolution, "level": number_of(level),
            "half_maps": None if half_maps is None else (str(half_maps[0]), str(half_maps[1])), "reference": str(reference),
            "padding": padding, "whole_map": whole_map, "keep_values": keep_values,
        }
    )  # fmt: skip
    place = claim_folder(
        as_path(out, "out", "the name of a folder"), command="handover", names=NAMES, inputs=inputs_of(recipe), overwrite=overwrite
    )
    return hand_over(recipe, place, recipe.command("--out", str(place.folder)))
