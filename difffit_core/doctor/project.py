"""Examination of a project: whether it opens here with all that belongs to it."""

from pathlib import Path

from difffit_core.doctor.finding import Finding
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.files import check_readable
from difffit_core.project.inputs import locate_inputs
from difffit_core.project.packing import packed_inputs
from difffit_core.project.schema import Project
from difffit_core.project.store import open_project


def examine_project(path: Path) -> list[Finding]:
    """Say whether a project can be read, and each of its inputs found unchanged.

    Raises
    ------
    UserError
        If the file is absent or may not be read; bad content is a finding, never an error.
    """
    try:
        check_readable(path)
        project, _ = open_project(path)
    except FileFormatError as error:
        return [Finding("error", "project file", f"{error}.")]
    counts = f"{len(project.inputs)} maps and models, {len(project.fits)} fits, {len(project.composites)} composites"
    counts += f", {len(project.refinements)} refinements" if project.refinements else ""
    counts += f", {len(project.working_maps)} working maps" if project.working_maps else ""
    findings = [Finding("ok", "project file", f"Schema {project.schema_version} of version {project.program_version}: {counts}.")]
    findings += _inputs(path, project)
    for one in project.fits:
        try:
            one.fit_settings()
        except UserError as error:
            findings.append(Finding("warning", one.id, f"It cannot be repeated by this version: {error}."))
    return findings


def _inputs(path: Path, project: Project) -> list[Finding]:
    packed, findings = packed_inputs(path, project), []
    for identifier, place in locate_inputs(project, path).items():
        if isinstance(place, Path):
            findings.append(Finding("ok", identifier, f"{place} is the file the project was made with."))
        elif identifier in packed:
            findings.append(Finding("note", identifier, f"{place} The project holds it itself, and that is used."))
        else:
            findings.append(Finding("error", identifier, str(place)))
    return findings
