"""The errors a user can cause and mend; each message is one sentence saying what, where, what is allowed and what came."""


class UserError(Exception):
    """A request that cannot be carried out as it stands: a bad parameter, a missing chain, a folder that cannot be written."""


class FileFormatError(UserError):
    """A file that is not what its name says, or is damaged."""


class DeviceError(UserError):
    """A computing device that is absent or cannot do the work."""


_LONGEST = 120


def shown(value: object) -> str:
    """What came instead of what is allowed, on one line and not a page; of a whole number without end how long it is.

    >>> shown("4 A"), shown(10**400)
    ("'4 A'", 'a whole number of 401 digits')
    """
    if isinstance(value, int) and abs(value) >= 10**60:
        digits = int(abs(value).bit_length() * 0.30102999566398120) + 1
        return f"a whole number of {'more than 4300' if digits > 4300 else len(str(abs(value)))} digits"
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # of a number of more than 4300 digits somewhere in it
        text = f"{type(value).__name__} of a whole number of more than 4300 digits"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"


class FitCancelled(Exception):
    """The user stopped a fit before anything worth keeping was found."""
