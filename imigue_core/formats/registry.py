"""The one table of label formats: a format is one file and a row here.

Pages, commands, docs and tests walk this table. Packages of other people add rows
by the entry point group ``imigue_studio.formats``; third_party.py takes care with
them. Formats of poses are not labels and stand in poses.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from imigue_core.errors import InputError
from imigue_core.formats.imigue import load_imigue, save_imigue
from imigue_core.formats.label_file import FIELDS, RATING_FIELDS, LabelFile
from imigue_core.formats.studio_csv import load_studio_csv, save_studio_csv
from imigue_core.formats.studio_json import load_studio_json, save_studio_json
from imigue_core.formats.third_party import guard_load, guard_save

ENTRY_POINTS = "imigue_studio.formats"
_ADVICE = "Update that package or take it away; all other formats work."
_is_name = re.compile(r"[a-z0-9][a-z0-9-]{0,39}").fullmatch
_is_suffix = re.compile(r"\.[a-z0-9]{1,12}").fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of label files.

    Attributes:
        name: What ``--format`` calls it: small letters, digits and hyphens.
        words: What people call it.
        file_name: What an export is called when nobody says otherwise.
        suffixes: Endings of its files, with the dot.
        media_type: As HTTP names it.
        load: Reads bytes; its second argument is what messages call the file. It raises
            ``InputError`` for what is no such file at all, and lists bad rows in the
            file it returns. None when the format is only written.
        save: Writes a file whose videos all have a number and whose labels have their
            number, frames and seconds. None when the format is only read.
        cannot_hold: Which of ``FIELDS`` are lost in it.
        is_self_explaining: Its files say themselves how frames are counted and which
            rate each video has; else a ``.meta.json`` goes with them.
    """

    name: str
    words: str
    file_name: str
    suffixes: tuple[str, ...]
    media_type: str
    load: Callable[[bytes, str], LabelFile] | None = None
    save: Callable[[LabelFile], bytes] | None = None
    cannot_hold: frozenset[str] = frozenset()
    is_self_explaining: bool = False

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise ValueError(f"expected a name of small letters, digits and hyphens, got {self.name!r:.80}")
        if not self.suffixes or not all(map(_is_suffix, self.suffixes)):
            raise ValueError(f"expected suffixes such as '.csv', got {self.suffixes!r:.80}")
        if self.cannot_hold - FIELDS.keys():
            raise ValueError(f"expected fields that there are, got {sorted(self.cannot_hold - FIELDS.keys())!r:.200}")
        if self.load is None and self.save is None:
            raise ValueError("expected load, save or both, got neither")

    @property
    def needs_one_annotator(self) -> bool:
        """Its files do not say whose a label is, so that all labels of one must be one person's."""
        return "label.annotator" in self.cannot_hold


OWN_FORMATS: tuple[Format, ...] = (
    Format(
        name="imigue",
        words="iMiGUE label table (CSV)",
        file_name="imigue_labels.csv",
        suffixes=(".csv", ".txt"),
        media_type="text/csv",
        load=load_imigue,
        save=save_imigue,
        cannot_hold=RATING_FIELDS
        | {"video.name", "video.sha256", "video.fps", "video.n_frames"}
        | {"label.annotator", "label.annotation_id", "label.confidence", "label.mark", "label.note"},
    ),
    Format(
        name="csv",
        words="Studio table, all fields (CSV)",
        file_name="studio_labels.csv",
        suffixes=(".csv", ".txt"),
        media_type="text/csv",
        load=load_studio_csv,
        save=save_studio_csv,
        cannot_hold=RATING_FIELDS,
    ),
    Format(
        name="json",
        words="Studio file, labels and ratings (JSON)",
        file_name="studio_labels.json",
        suffixes=(".json",),
        media_type="application/json",
        load=load_studio_json,
        save=save_studio_json,
        is_self_explaining=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Formats:
    """All formats of this installation.

    Attributes:
        known: By name; our own come first.
        broken: Why a format of another package cannot be used, one sentence by its name.
    """

    known: dict[str, Format]
    broken: dict[str, str]

    def get(self, name: str) -> Format:
        """The format of this name.

        Raises:
            InputError: ``FORMAT_NOT_SUPPORTED``, or ``FORMAT_BROKEN``.
        """
        if name in self.known:
            return self.known[name]
        if name in self.broken:
            raise self.explain(name)
        raise InputError("FORMAT_NOT_SUPPORTED", f"expected one of {', '.join(self.known)}, got {name!r:.40}.")

    def explain(self, name: str) -> InputError:
        """The refusal of a broken format."""
        return InputError("FORMAT_BROKEN", self.broken[name], hint=_ADVICE)

    def list_loadable(self) -> list[Format]:
        """Formats that labels can come from."""
        return [fmt for fmt in self.known.values() if fmt.load is not None]

    def list_savable(self) -> list[Format]:
        """Formats that labels can go to."""
        return [fmt for fmt in self.known.values() if fmt.save is not None]


@cache
def find_formats() -> Formats:
    """Our own formats and those of installed packages; a broken one is named and stops nothing."""
    found = Formats({fmt.name: fmt for fmt in OWN_FORMATS}, {})
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: (point.name, point.value)):
        try:
            fmt = _take_entry_point(point)
            if fmt.name in found.known:
                raise ValueError("there is another format of this name")
            found.known[fmt.name] = fmt
        except (Exception, SystemExit) as error:
            found.broken[point.name] = (
                f"the format {point.name!r:.80} of {_name_package(point)} cannot be used: "
                f"{type(error).__name__}: {error!s:.200}."
            )
    return found


def _take_entry_point(point: EntryPoint) -> Format:
    fmt = point.load()
    if not isinstance(fmt, Format):
        raise TypeError(f"expected a Format, got {type(fmt).__name__}")
    if fmt.name != point.name:
        raise ValueError(f"expected a format called {point.name!r}, got {fmt.name!r}")
    package = _name_package(point)
    return replace(
        fmt,
        load=None if fmt.load is None else guard_load(fmt.load, fmt.name, package),
        save=None if fmt.save is None else guard_save(fmt.save, fmt.name, package),
    )


def _name_package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value
