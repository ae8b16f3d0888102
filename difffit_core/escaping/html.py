"""Text in a page."""

import html

from difffit_core.escaping.terminal import printable


def escape(text: str) -> str:
    """The text between tags or in a quoted attribute of HTML, where nothing of it is taken for a tag, and all of it is seen.

    >>> escape("<b>'A'")
    '&lt;b&gt;&#x27;A&#x27;'
    """
    return html.escape(printable(text), quote=True)
