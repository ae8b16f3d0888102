"""`validate`: what spoils a fit, found before fitting."""

from dataclasses import asdict

from difffit_core.api.reading import FilePath, as_path
from difffit_core.api.table import Table


def validate(
    map_file: FilePath, model_file: FilePath | None = None, *, resolution: float | None = None, level: float | None = None
) -> Table:
    """Examine a map, and a model against it, for what spoils a fit; or a project, for what it lacks.

    A row a finding: its ``severity`` (error, warning, note or ok), its ``topic``, and a ``sentence``. These are files, since much of what
    goes wrong is in their headers.

    Examples
    --------
    >>> import difffit_core as df
    >>> found = df.validate(df.example_map(), df.example_model(), resolution=4)
    >>> [row for row in found if row["severity"] == "error"]
    []
    """
    from difffit_core.doctor import examine, examine_project
    from difffit_core.project.store import PROJECT_SUFFIX

    path = as_path(map_file, "map_file")
    if path.suffix.lower() == PROJECT_SUFFIX:
        findings = examine_project(path)
    else:
        findings = examine(path, None if model_file is None else as_path(model_file, "model_file"), resolution, level)
    return Table(asdict(finding) for finding in findings)
