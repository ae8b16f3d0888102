"""Doing what a fit's warnings advise."""

from difffit_app.desk import Desk
from difffit_app.features.placements.panel import PlacementsTable
from difffit_app.features.placements.remedies import RemediesController
from difffit_app.offered import OpenFiles, Splits
from difffit_core.project.schema import WarningRecord

_MAPS = "Maps (*.mrc *.map *.ccp4 *.mrc.gz)"
_ENDS = {"hand": "mirrored", "voxel_size": "corrected", "resolution": "low_passed"}


def wire(desk: Desk, panel: PlacementsTable, files: OpenFiles, splits: Splits) -> RemediesController:
    session, dialogs = desk.session, desk.prompts
    controller = RemediesController(desk, files.open_paths, splits)

    def remedy(warning: WarningRecord) -> None:
        fit = session.fit
        if fit is None:
            return
        if warning.kind == "broken":
            folder = dialogs.ask_for_folder("A folder for the parts")
            if folder is not None:
                controller.split(fit, folder)
        elif warning.correction is not None:
            stem = session.maps[fit.record.map].name.partition(".")[0]
            path = dialogs.ask_where_to_save("Save corrected map", f"{stem}_{_ENDS.get(warning.kind, 'corrected')}.mrc", _MAPS)
            if path is not None:
                controller.correct(fit, warning.correction, path)

    panel.warnings.remedy_asked.connect(remedy)
    return controller
