"""Which videos the Library shows, and in what order. Search text is taken literally."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from imigue_core.ids import AnnotatorId
from imigue_core.studio.videos.library import LibraryItem
from pages.ui.cards import State, find_state

MAX_SEARCH_CHARS = 200

ANY = "any"
SORTS: dict[str, tuple[Callable[[LibraryItem], Any], bool]] = {
    "newest first": (lambda item: item.video.video_id, True),
    "oldest first": (lambda item: item.video.video_id, False),
    "name": (lambda item: item.video.name.casefold(), False),
    "number": (lambda item: (item.video.number is None, item.video.number or 0), False),
    "most labels": (lambda item: item.n_labels, True),
    "fewest labels": (lambda item: item.n_labels, False),
    "longest": (lambda item: item.video.seconds_total or 0.0, True),
}


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """What a person asked for; ``ANY`` or an empty search lets everything pass.

    Attributes:
        search: Part of a name, number, subject or note, in any case.
        state: Value of a ``State``.
        progress: How far the person is: a key of ``PROGRESS_NAMES``.
        labelled: ``by me``, ``not by me``, ``by somebody`` or ``by nobody``.
        subject: A subject id, exactly.
        outcome: ``Win``, ``Lose`` or empty for unknown.
        sort: A key of ``SORTS``.
    """

    search: str = ""
    state: str = ANY
    progress: str = ANY
    labelled: str = ANY
    subject: str = ANY
    outcome: str = ANY
    sort: str = "newest first"

    def apply(self, items: Iterable[LibraryItem], annotator_id: AnnotatorId) -> list[LibraryItem]:
        """The items that pass, sorted."""
        key, is_falling = SORTS[self.sort]
        return sorted((item for item in items if self._passes(item, annotator_id)), key=key, reverse=is_falling)

    def _passes(self, item: LibraryItem, annotator_id: AnnotatorId) -> bool:
        video = item.video
        n_mine = item.labels_by.get(annotator_id, 0)
        is_labelled = {
            ANY: True,
            "by me": n_mine > 0,
            "not by me": n_mine == 0,
            "by somebody": item.n_labels > 0,
            "by nobody": item.n_labels == 0,
        }[self.labelled]
        return (
            is_labelled
            and self.progress in (ANY, item.progress)
            and self.state in (ANY, find_state(item).value)
            and self.subject in (ANY, video.subject_id)
            and self.outcome in (ANY, video.outcome)
            and self._matches(item)
        )

    def _matches(self, item: LibraryItem) -> bool:
        video = item.video
        wanted = self.search.strip().casefold()
        number = "" if video.number is None else f"{video.number} {video.number:04}"
        return not wanted or any(
            wanted in text.casefold() for text in (video.name, number, video.subject_id, video.notes)
        )


__all__ = ["ANY", "MAX_SEARCH_CHARS", "SORTS", "LibraryFilter", "State"]
