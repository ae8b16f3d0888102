"""A page of the guide, whose pictures go with its width."""

import re

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QImage, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

_MARGIN = 24
_PICTURE = re.compile(r'<p><img src="([^"]+)" width="(\d+)">')


class GuidePage(QTextBrowser):
    """Shows HTML in which pictures stand in paragraphs of their own, as wide as they say or as there is room for.

    Qt draws a picture that is not as large as its place in steps, in which words cannot be read: pictures are made as large first.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._html, self._room = "", 0
        self._widths: dict[str, int] = {}
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._fit)
        self.document().setDocumentMargin(_MARGIN)

    def show_html(self, html: str) -> None:
        """Show a chapter, from its beginning."""
        self._html = html
        self._fill()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        url = QUrl(name)
        width = self._widths.get(url.fileName())
        if kind != QTextDocument.ResourceType.ImageResource.value or width is None:
            return super().loadResource(kind, url)
        picture, ratio = QImage(self.document().baseUrl().resolved(url).toLocalFile()), self.devicePixelRatioF()
        if picture.width() > width * ratio:
            picture = picture.convertToFormat(QImage.Format.Format_RGB32)
            picture = picture.scaledToWidth(round(width * ratio), Qt.TransformationMode.SmoothTransformation)
        return picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._later.start()

    def _fit(self) -> None:
        """Show the same place, once the page is wider or narrower."""
        bar = self.verticalScrollBar()
        if self._widths and self._room != self._width():
            share = bar.value() / max(bar.maximum(), 1)
            self._fill()
            bar.setValue(round(share * bar.maximum()))

    def _width(self) -> int:
        """That a picture may have, whether or not the page is so long that it has a bar."""
        bar = self.verticalScrollBar()
        return max(self.contentsRect().width() - bar.sizeHint().width() - 2 * _MARGIN - 2, 100)

    def _fill(self) -> None:
        self._room = self._width()
        self._widths = {found[1].rpartition("/")[2]: min(int(found[2]), self._room) for found in _PICTURE.finditer(self._html)}

        def picture(found: re.Match[str]) -> str:
            width = self._widths[found[1].rpartition("/")[2]]
            return f'<p style="line-height: 100%"><img src="{found[1]}" width="{width}">'

        self.setHtml(_PICTURE.sub(picture, self._html))
