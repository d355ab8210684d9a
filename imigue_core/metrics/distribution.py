"""How labels are distributed: counts, shares, rates and durations by class, group or annotator.

Pure computation on a table of labels; where the table comes from, and which
labels are in question, is for studio/explore/exploring.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd


By = Literal["class", "group", "annotator"]
KEYS: dict[By, str] = {"class": "class_id", "group": "group", "annotator": "annotator"}
"""The column that each breakdown groups by."""
COLUMNS = ("count", "share", "rate_per_min", "total_s", "median_s")


def compute_distribution(
    scope: pd.DataFrame, selected: pd.Series, by: By, readings: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The distribution of the selected labels of a scope, largest count first.

    A *reading* is one video as one annotator labelled it; two annotators of one
    video are two readings, so that labelling twice does not double a rate.

    Args:
        scope: One row a label, with ``video_id``, ``annotator``, the column of
            ``KEYS[by]``, ``duration_s`` (seconds, both ends inside) and ``video_s``
            (length of its video in seconds).
        selected: Boolean, aligned with ``scope``; the labels to count.
        by: What the rows are.
        readings: One row a reading, with ``video_id``, ``annotator`` and ``video_s``, the seconds that
            count; left out, every video that has a label in scope counts in full. With it,
            readings in which nothing was found count too.

    Returns:
        The key column, then ``count``; ``share`` of all labels in scope, 0 to 1;
        ``rate_per_min``, labels a minute over all readings in scope (for annotators,
        over their own); ``total_s`` and ``median_s`` of durations. Rows without a
        label are left out.
    """
    key = KEYS[by]
    if readings is None:
        readings = scope.drop_duplicates(["video_id", "annotator"])
    groups = scope[selected].groupby(key, sort=True)["duration_s"]
    table = groups.agg(count="count", total_s="sum", median_s="median").reset_index()
    minutes: pd.Series | float
    if by == "annotator":
        minutes = table[key].map(readings.groupby("annotator")["video_s"].sum()).astype(float) / 60
    else:
        minutes = readings["video_s"].sum() / 60
    table["share"] = table["count"] / max(len(scope), 1)
    table["rate_per_min"] = table["count"] / minutes
    table = table[[key, *COLUMNS]]
    return table.sort_values(["count", key], ascending=[False, True], ignore_index=True)
