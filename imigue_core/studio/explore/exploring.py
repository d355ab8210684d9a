"""Looking at what has been labelled: the numbers of the Explore page and of ``stats``.

``load_explored`` asks the database, once; every number is reckoned from what it brought.
Filters choose labels; the maths stands in metrics/distribution.py. Durations and
lengths are in seconds by each video's own clock.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from db.engine import Database
from db.labels import load_label_table
from db.people import list_annotators
from db.videos import Video, list_videos
from db.watched import Stretch, list_all_watched
from imigue_core.errors import InputError
from imigue_core.formats.seconds import FrameClock
from imigue_core.ids import AnnotatorId, VideoId
from imigue_core.metrics.distribution import KEYS, By, compute_distribution
from imigue_core.settings import LABEL_FPS
from imigue_core.studio.people.seeing_others import is_blind
from imigue_core.studio.videos.clocks import load_clocks
from imigue_core.taxonomy import CLASSES

if TYPE_CHECKING:
    import pandas as pd

CLIP_COLUMNS = (
    "video_id",
    "video_name",
    "number",
    "annotation_id",
    "annotator_id",
    "annotator",
    "label_id",
    "class_id",
    "class_name",
    "group",
    "start_frame",
    "end_frame",
    "start_s",
    "duration_s",
    "subject_id",
    "outcome",
)
_GROUP_OF = {c.class_id: c.group.value for c in CLASSES}
_NAME_OF = {c.class_id: c.name for c in CLASSES}


@dataclass(frozen=True, slots=True)
class LabelFilters:
    """Which labels are in question; an empty tuple lets everything pass.

    Annotators are names, groups are values of ``Group``, videos our own ids.
    """

    annotators: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    class_ids: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    video_ids: tuple[int, ...] = ()


NO_FILTERS = LabelFilters()
Reviewed = dict[tuple[VideoId, AnnotatorId], list[Stretch]]
_SCOPE = {"annotators": "annotator", "subjects": "subject_id", "outcomes": "outcome", "video_ids": "video_id"}
_CHOICE = {"groups": "group", "class_ids": "class_id"}


@dataclass(frozen=True, slots=True)
class Explored:
    """What is labelled in a project at one moment: everything that Explore's numbers and lists come from.

    Attributes:
        labels: One row a label, with its class's name and group and its seconds.
        reviewed: Reviewed stretches by (video_id, annotator_id).
        readings: One row for each of these, with the seconds they come to.
        is_blind: Whether the project works in blind mode.
    """

    labels: pd.DataFrame
    reviewed: Reviewed
    readings: pd.DataFrame
    is_blind: bool

    def compute_distribution(
        self, by: By = "class", filters: LabelFilters = NO_FILTERS, *, reviewed_only: bool = False
    ) -> pd.DataFrame:
        """Counts, shares, rates and durations by class, group or annotator, largest first.

        Filters on people, videos, subjects and outcomes choose the scope that shares and
        rates refer to; filters on classes and groups choose rows within it.

        Args:
            reviewed_only: Count a label only when it begins in a stretch that its annotator reviewed, and
                reckon rates a minute of reviewed time, the time in which nothing was found included.

        Returns:
            ``compute_distribution``'s columns; by class also ``class_name`` and ``group``.

        Raises:
            InputError: ``FILTER_UNKNOWN`` for another ``by``.
        """
        if by not in KEYS:
            raise InputError("FILTER_UNKNOWN", f"expected one of {', '.join(KEYS)}, got {by!r:.40}.")
        readings = self.readings[_matches(self.readings, filters, _SCOPE)] if reviewed_only else None
        labels = self._list_labels(reviewed_only)
        scope = labels[_matches(labels, filters, _SCOPE)]
        table = compute_distribution(scope, _matches(scope, filters, _CHOICE), by, readings)
        if by == "class":
            table.insert(1, "class_name", table["class_id"].map(_NAME_OF))
            table.insert(2, "group", table["class_id"].map(_GROUP_OF))
        return table

    def list_clips(self, filters: LabelFilters = NO_FILTERS, *, reviewed_only: bool = False) -> pd.DataFrame:
        """The labels behind a number, one row each, by video, annotator and clip number.

        Columns are ``CLIP_COLUMNS``; frames are 0-based, the end inclusive, seconds count
        from the video's first frame. ``reviewed_only`` as in ``compute_distribution``.
        """
        labels = self._list_labels(reviewed_only)
        chosen = labels[_matches(labels, filters, {**_SCOPE, **_CHOICE})]
        return chosen[list(CLIP_COLUMNS)].reset_index(drop=True)

    def list_choices(self) -> LabelFilters:
        """Every value that occurs, for the page's filters; outcome and subject may be empty text."""
        columns = {**_SCOPE, **_CHOICE}
        return LabelFilters(**{f.name: tuple(sorted(set(self.labels[columns[f.name]]))) for f in fields(LabelFilters)})

    def count_reviewed_seconds(self, filters: LabelFilters = NO_FILTERS) -> float:
        """Seconds that were reviewed, each person's counted by itself; filters on classes and groups change nothing."""
        return float(self.readings.loc[_matches(self.readings, filters, _SCOPE), "video_s"].sum())

    def _list_labels(self, reviewed_only: bool) -> pd.DataFrame:
        return self.labels[_begins_in(self.labels, self.reviewed)] if reviewed_only else self.labels


def load_explored(db: Database) -> Explored:
    """Everything that Explore shows, read once and at one moment; a page asks for it once a rerun."""
    with db.read() as conn:
        videos = {video.video_id: video for video in list_videos(conn)}
        clocks = load_clocks(conn, videos.values())
        names = {person.annotator_id: person.name for person in list_annotators(conn)}
        watched = list_all_watched(conn)
        labels = load_label_table(conn)
        blind = is_blind(conn)
    labels["group"] = labels["class_id"].map(_GROUP_OF)
    labels["class_name"] = labels["class_id"].map(_NAME_OF)
    _add_seconds(labels, clocks)
    reviewed = {
        key: kept
        for key, stretches in watched.items()
        if key[0] in videos and (kept := [one for one in stretches if one.reviewed])
    }
    return Explored(labels, reviewed, _make_readings(reviewed, videos, clocks, names), blind)


def _make_readings(
    reviewed: Reviewed, videos: dict[VideoId, Video], clocks: dict[VideoId, FrameClock], names: dict[AnnotatorId, str]
) -> pd.DataFrame:
    """Who reviewed how many seconds of which video."""
    rows = []
    for (video_id, annotator_id), stretches in reviewed.items():
        video = videos[video_id]
        edges = np.array([(one.start_frame, one.end_frame + 1) for one in stretches], np.int64)
        starts, ends = clocks[video_id].list_seconds(edges.ravel()).reshape(-1, 2).T
        rows.append((video_id, names[annotator_id], video.subject_id, video.outcome, float((ends - starts).sum())))
    import pandas as pd  # heavy, and what starts every morning does without it

    return pd.DataFrame(rows, columns=["video_id", "annotator", "subject_id", "outcome", "video_s"])


def _begins_in(labels: pd.DataFrame, reviewed: Reviewed) -> pd.Series:
    """Which labels begin in a stretch that their annotator reviewed: each gesture counts once, wherever it ends."""
    import pandas as pd  # heavy, and what starts every morning does without it

    keep = pd.Series(False, index=labels.index)
    groups = labels.groupby(["video_id", "annotator_id"]).groups
    for key, stretches in reviewed.items():
        rows = groups.get(key)
        if rows is None or not stretches:
            continue
        starts = np.array([one.start_frame for one in stretches], np.int64)
        ends = np.array([one.end_frame for one in stretches], np.int64)
        first = labels.loc[rows, "start_frame"].to_numpy(np.int64)
        at = np.searchsorted(starts, first, side="right") - 1
        keep.loc[rows] = (at >= 0) & (first <= ends[at])
    return keep


def _matches(labels: pd.DataFrame, filters: LabelFilters, columns: dict[str, str]) -> pd.Series:
    import pandas as pd  # heavy, and what starts every morning does without it

    keep = pd.Series(True, index=labels.index)
    for name, column in columns.items():
        wanted = getattr(filters, name)
        if wanted:
            keep &= labels[column].isin(wanted)
    return keep


def _add_seconds(labels: pd.DataFrame, clocks: dict[VideoId, FrameClock]) -> None:
    """Adds ``start_s``, ``duration_s`` and ``video_s``.

    A video of unknown length counts up to its last labelled frame.
    """
    rates = labels["fps_num"].astype(float) / labels["fps_den"].astype(float)
    rate = rates.fillna(float(LABEL_FPS)).to_numpy(np.float64)
    starts, ends = labels["start_frame"].to_numpy(np.int64), labels["end_frame"].to_numpy(np.int64)
    last = labels.groupby("video_id")["end_frame"].transform("max").astype(float) + 1
    start_s, duration_s = starts / rate, (ends - starts + 1) / rate
    video_s = labels["n_frames"].astype(float).fillna(last).to_numpy(np.float64) / rate
    rows_of = labels.groupby("video_id").indices
    for video_id, clock in clocks.items():
        rows = rows_of.get(video_id)
        if rows is None or clock.pts is None:
            continue
        first, after, end = np.split(
            clock.list_seconds(np.concatenate((starts[rows], ends[rows] + 1, [len(clock.pts)]))),
            (len(rows), 2 * len(rows)),
        )
        start_s[rows], duration_s[rows], video_s[rows] = first, after - first, end
    labels["start_s"], labels["duration_s"], labels["video_s"] = start_s, duration_s, video_s
