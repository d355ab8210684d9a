"""Looking at what has been labelled: the numbers of the Explore page and of ``stats``.

Filters choose labels; the maths stands in metrics/distribution.py. Durations and
lengths are in seconds by each video's own clock.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from db.engine import Connection, Database
from db.labels import load_label_table
from db.videos import list_videos
from imigue_core.errors import InputError
from imigue_core.metrics.distribution import KEYS, By, compute_distribution
from imigue_core.settings import LABEL_FPS
from imigue_core.studio.clocks import load_clock
from imigue_core.taxonomy import CLASSES

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


_SCOPE = {"annotators": "annotator", "subjects": "subject_id", "outcomes": "outcome", "video_ids": "video_id"}
_CHOICE = {"groups": "group", "class_ids": "class_id"}


def load_distribution(db: Database, by: By = "class", filters: LabelFilters | None = None) -> pd.DataFrame:
    """Counts, shares, rates and durations by class, group or annotator, largest first.

    Filters on people, videos, subjects and outcomes choose the scope that shares and
    rates refer to; filters on classes and groups choose rows within it.

    Returns:
        ``compute_distribution``'s columns; by class also ``class_name`` and ``group``.

    Raises:
        InputError: ``FILTER_UNKNOWN`` for another ``by``.
    """
    if by not in KEYS:
        raise InputError("FILTER_UNKNOWN", f"expected one of {', '.join(KEYS)}, got {by!r:.40}.")
    filters = filters or LabelFilters()
    labels = _load_labels(db)
    scope = labels[_matches(labels, filters, _SCOPE)]
    table = compute_distribution(scope, _matches(scope, filters, _CHOICE), by)
    if by == "class":
        table.insert(1, "class_name", table["class_id"].map(_NAME_OF))
        table.insert(2, "group", table["class_id"].map(_GROUP_OF))
    return table


def list_clips(db: Database, filters: LabelFilters | None = None) -> pd.DataFrame:
    """The labels behind a number, one row each, by video, annotator and clip number.

    Columns are ``CLIP_COLUMNS``; frames are 0-based, the end inclusive, seconds count
    from the video's first frame.
    """
    labels = _load_labels(db)
    filters = filters or LabelFilters()
    chosen = labels[_matches(labels, filters, {**_SCOPE, **_CHOICE})]
    return chosen[list(CLIP_COLUMNS)].reset_index(drop=True)


def list_filter_choices(db: Database) -> LabelFilters:
    """Every value that occurs, for the page's filters; outcome and subject may be empty text."""
    labels = _load_labels(db)
    columns = {**_SCOPE, **_CHOICE}
    return LabelFilters(**{f.name: tuple(sorted(set(labels[columns[f.name]]))) for f in fields(LabelFilters)})


def _matches(labels: pd.DataFrame, filters: LabelFilters, columns: dict[str, str]) -> pd.Series:
    keep = pd.Series(True, index=labels.index)
    for name, column in columns.items():
        wanted = getattr(filters, name)
        if wanted:
            keep &= labels[column].isin(wanted)
    return keep


def _load_labels(db: Database) -> pd.DataFrame:
    """The label table with class names, groups and seconds."""
    with db.read() as conn:
        labels = load_label_table(conn)
        labels["group"] = labels["class_id"].map(_GROUP_OF)
        labels["class_name"] = labels["class_id"].map(_NAME_OF)
        _add_seconds(conn, labels)
    return labels


def _add_seconds(conn: Connection, labels: pd.DataFrame) -> None:
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
    for video in list_videos(conn):
        rows = rows_of.get(video.video_id)
        clock = None if rows is None else load_clock(conn, video)
        if rows is None or clock is None or clock.pts is None:
            continue
        first, after, end = np.split(
            clock.list_seconds(np.concatenate((starts[rows], ends[rows] + 1, [len(clock.pts)]))),
            (len(rows), 2 * len(rows)),
        )
        start_s[rows], duration_s[rows], video_s[rows] = first, after - first, end
    labels["start_s"], labels["duration_s"], labels["video_s"] = start_s, duration_s, video_s
