"""The request of a fit that is open, to work on what it found."""

from dataclasses import replace
from typing import TYPE_CHECKING

from difffit_app.state.items import OpenFit, OpenModel
from difffit_app.state.searched import Searched
from difffit_core.device import resolve_device
from difffit_core.errors import DeviceError

if TYPE_CHECKING:
    from difffit_core.fit.request import FitRequest


def request_again(fit: OpenFit, searched: Searched, model: OpenModel) -> "FitRequest":
    """The fit's own request, on a device that is here if its own is not. Takes a moment: not for the GUI thread."""
    request = fit.record.repeatable().bind(searched.read(), model.model)
    try:
        resolve_device(request.device)
    except DeviceError:
        return replace(request, device="auto")
    return request
