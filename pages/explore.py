"""Explore: how the labels are distributed, as bars; a click on a bar lists the clips behind it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from imigue_core.metrics.distribution import By
from imigue_core.studio.explore.exploring import (
    LabelFilters,
    load_explored,
)
from imigue_core.taxonomy import Group, get_class
from pages.ui.charts import ACCENT, Bar, find_clicked_key, make_bars
from pages.ui.errors import show_empty, show_note, shown_errors
from pages.ui.formatting import format_count, format_seconds
from pages.ui.state import get_project, open_video
from pages.ui.tables import make_clip_table


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of the distribution: its column, the axis, how one value is written."""

    column: str
    axis: str
    pattern: str
    scale: float = 1.0


MEASURES = {
    "count": Measure("count", "labels", "{:,.0f}"),
    "share": Measure("share", "share of all labels shown, %", "{:.1f} %", 100.0),
    "rate": Measure("rate_per_min", "labels a minute of video", "{:.2f} /min"),
    "total time": Measure("total_s", "total duration, s", "{:,.1f} s"),
    "median duration": Measure("median_s", "median duration, s", "{:.2f} s"),
}
BREAKDOWNS: tuple[By, ...] = ("class", "group", "annotator")
OUTCOMES = {"": "unknown"}
BLIND_NOTE = "Blind mode is on. These are everybody's labels, for those who evaluate: who still labels, do not look."


def main() -> None:
    """Filters, the chart, and the clips of the clicked bar."""
    db = get_project()
    with shown_errors():
        explored = load_explored(db)
        choices = explored.list_choices()
        if not choices.video_ids:
            show_empty(
                "Nothing is labelled yet",
                "Label a few gestures in Annotate, or import a label file in Exchange; the numbers appear here.",
            )
            return
        by, measure, filters, reviewed_only = _ask(choices)
        table = explored.compute_distribution(by, filters, reviewed_only=reviewed_only)
        clips = explored.list_clips(filters, reviewed_only=reviewed_only)
        _show_summary(clips, explored.count_reviewed_seconds(filters) if reviewed_only else None)
        if explored.is_blind:
            show_note(BLIND_NOTE)
        if table.empty:
            hint = "Mark stretches as reviewed in Annotate, or look at all time." if reviewed_only else ""
            show_empty("No label passes the filters", hint or "Take one of them away.")
            return
        left, right = st.columns([3, 2], gap="large")
        with left:
            clicked = _show_chart(table, by, measure)
        with right:
            _show_clips(clips, by, clicked)


def _ask(choices: LabelFilters) -> tuple[By, Measure, LabelFilters, bool]:
    first, second, third, fourth, fifth, sixth = st.columns([1.22, 2.22, 0.97, 0.82, 0.82, 1.03])
    by = first.segmented_control("By", BREAKDOWNS, default="class", required=True, key="explore_by")
    name = second.segmented_control("Show", list(MEASURES), default="count", required=True, key="explore_measure")
    people = third.multiselect("Annotators", choices.annotators, placeholder="all", key="explore_annotators")
    subjects = fourth.multiselect(
        "Subjects", choices.subjects, format_func=lambda s: s or "unknown", placeholder="all", key="explore_subjects"
    )
    outcomes = fifth.multiselect(
        "Outcomes",
        choices.outcomes,
        format_func=lambda value: OUTCOMES.get(value, value),
        placeholder="all",
        key="explore_outcomes",
    )
    filters = LabelFilters(annotators=tuple(people), subjects=tuple(subjects), outcomes=tuple(outcomes))
    reviewed_only = sixth.toggle(
        "Reviewed only",
        key="explore_reviewed",
        help="Counts a label when it begins in a stretch that its annotator marked as reviewed. Rates are labels a "
        "minute of reviewed time, the time in which nothing was found included.",
    )
    return by, MEASURES[name], filters, reviewed_only


def _show_summary(clips: pd.DataFrame, reviewed_s: float | None) -> None:
    parts = [
        format_count(len(clips), "label"),
        format_count(clips["video_id"].nunique(), "video"),
        format_count(clips["annotator_id"].nunique(), "annotator"),
        f"{format_seconds(float(clips['duration_s'].sum()))} of gestures",
    ]
    if reviewed_s is not None:
        parts.append(f"in {format_seconds(reviewed_s)} reviewed")
    st.html(f'<p class="studio-title" id="explore-summary">{" · ".join(parts)}</p>')


def _show_chart(table: pd.DataFrame, by: By, measure: Measure) -> str | None:
    """Draws the bars, largest first; the key of the clicked one."""
    rows = table.sort_values(measure.column, ascending=False, kind="stable").to_dict("records")
    bars = []
    for row in rows:
        value = float(row[measure.column]) * measure.scale
        key, name, colour = _describe_bar(row, by)
        bars.append(Bar(key, name, value, measure.pattern.format(value), colour))
    event = st.plotly_chart(
        make_bars(bars, measure.axis),
        theme=None,
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
        key=f"explore_chart_{by}",
    )
    clicked = find_clicked_key(event)
    return clicked if clicked in {bar.key for bar in bars} else None


def _describe_bar(row: Mapping[Hashable, object], by: By) -> tuple[str, str, str]:
    """Key, name and colour of one row of the distribution."""
    if by == "class":
        gesture = get_class(int(str(row["class_id"])))
        return str(gesture.class_id), gesture.name, gesture.group.colour
    value = str(row[by])
    return value, value, Group(value).colour if by == "group" else ACCENT


def _show_clips(clips: pd.DataFrame, by: By, clicked: str | None) -> None:
    """The clips of the clicked bar; choosing one opens it in Annotate."""
    if clicked is None:
        st.html('<p class="studio-muted">Click a bar to list the clips behind it; choose a clip to open it there.</p>')
        return
    column = {"class": "class_id", "group": "group", "annotator": "annotator"}[by]
    found = clips[clips[column].astype(str) == clicked].reset_index(drop=True)
    st.caption(f"{format_count(len(found), 'clip')}. Choose one to open it in Annotate.")
    event = st.dataframe(
        make_clip_table(found),
        hide_index=True,
        width="stretch",
        height=560,
        on_select="rerun",
        selection_mode="single-row",
        key=f"explore_clips_{by}_{clicked}",
    )
    chosen = event["selection"]["rows"]
    if chosen and chosen[0] < len(found):
        clip = found.iloc[chosen[0]]
        open_video(int(clip["video_id"]), int(clip["start_frame"]))


if __name__ == "__main__":
    main()
