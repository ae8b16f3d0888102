"""The errors a user can cause and mend; each message is one sentence saying what, where, what is allowed and what came."""


class UserError(Exception):
    """A request that cannot be carried out as it stands: a bad parameter, a missing chain, a folder that cannot be written."""


class FileFormatError(UserError):
    """A file that is not what its name says, or is damaged."""


class DeviceError(UserError):
    """A computing device that is absent or cannot do the work."""


class FitCancelled(Exception):
    """The user stopped a fit before anything worth keeping was found."""
