"""XML inside archives, read as a stream: no document type in any encoding, no long stretch without an element.

What the elements mean is for the subclasses, such as the sheet in workbook.py. The parser is defusedxml's.
"""

from __future__ import annotations

import zipfile
from xml.sax import SAXException

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from imigue_core.archives import iter_part
from imigue_core.errors import InputError
from imigue_core.limits import XML_QUIET

_UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0\0\0<")
"""How text begins that expat cannot read and another reader might."""


class PartReader(DefusedExpatParser):
    """Told of elements and text; names come as they are written, without their namespaces.

    Attributes:
        n_marks: Raised by whatever shows that the part goes on as expected.
        is_done: Set when the rest of the part is of no interest.
        wants_whole: Whether that rest must nevertheless be as undamaged as the archive says.
    """

    wants_whole = True

    def __init__(self) -> None:
        super().__init__(forbid_dtd=True)
        self.n_marks = 0
        self.is_done = False

    def reset(self) -> None:
        """Prepares the parser; called by it before the first byte."""
        super().reset()
        self._parser.buffer_text = True
        self._parser.CharacterDataHandler = self.character_data

    def start_element(self, name: str, attrs: dict[str, str]) -> None:
        self.n_marks += 1

    def end_element(self, name: str) -> None:
        """An element ends."""

    def character_data(self, data: str) -> None:
        """Text, a few thousand characters at most."""


class BeginningReader(PartReader):
    """Is done with the first element: a document type can only stand before it."""

    wants_whole = False

    def start_element(self, name: str, attrs: dict[str, str]) -> None:
        self.is_done = True


class ElementLister(PartReader):
    """Lists the attributes of elements.

    Attributes:
        found: Attributes of each element of the wanted local names, in order, by the end of their names.
    """

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._names = names
        self.found: list[dict[str, str]] = []

    def start_element(self, name: str, attrs: dict[str, str]) -> None:
        self.n_marks += 1
        if name.rpartition(":")[2] in self._names:
            self.found.append(attrs)


def read_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, reader: PartReader, where: str) -> None:
    """Hands a part to a reader, until it ends or the reader is done.

    Raises:
        InputError: ``XML_FORBIDDEN``, ``ARCHIVE_LIMIT`` when more than ``limits.XML_QUIET`` bytes bring nothing,
            ``POSE_FORMAT`` for what is no XML, or what the reader raises.
    """
    place = f"{where}[{info.filename[:200]}]"
    quiet, n_marks = 0, 0
    try:
        for k, data in enumerate(iter_part(archive, info)):
            if k == 0 and data.startswith(_UTF_32):
                raise InputError("XML_FORBIDDEN", "expected UTF-8 or UTF-16, got UTF-32.", where=place)
            if reader.is_done:
                continue
            reader.feed(data)
            if reader.is_done and not reader.wants_whole:
                return
            quiet = quiet + len(data) if reader.n_marks == n_marks else 0
            n_marks = reader.n_marks
            if quiet > XML_QUIET.most:
                message = f"expected a row or element within {XML_QUIET.most:,} bytes, got none."
                raise InputError("ARCHIVE_LIMIT", message, where=place)
        if not reader.is_done:
            reader.close()
    except DefusedXmlException as error:
        raise InputError("XML_FORBIDDEN", "expected no document type.", where=place) from error
    except (SAXException, LookupError, ValueError) as error:
        message = f"expected XML, got something else: {error}."
        raise InputError("POSE_FORMAT", message, where=place) from error
