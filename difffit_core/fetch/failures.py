"""Why something could not be fetched, each in one sentence."""

from difffit_core.errors import UserError


class FetchError(UserError):
    """Something could not be fetched."""


class AbsentError(FetchError):
    """The archive answers that it has no such thing."""


class UnreachableError(FetchError):
    """No answer at all: no network, no such host, a proxy in between."""
