"""Charts in the studio's colours. Each bar carries the key of what it stands for, for clicks."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from pages.ui.formatting import MUTED

TEXT = "#e6e9ee"
LINE = "#2a313b"
ACCENT = "#5ac8b0"
BAR_PX = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. ``key`` is what a click reports; ``name`` and ``value_text`` are shown as plain text."""

    key: str
    name: str
    value: float
    value_text: str
    colour: str


def make_bars(bars: Sequence[Bar], unit: str) -> go.Figure:
    """Horizontal bars from top to bottom, each with its number beside it; ``unit`` names the axis."""
    names = [html.escape(bar.name, quote=False) for bar in bars]  # charts show &quot; as it is written
    figure = go.Figure(
        go.Bar(
            x=[bar.value for bar in bars],
            y=list(range(len(bars))),
            orientation="h",
            marker={"color": [bar.colour for bar in bars], "line": {"width": 0}},
            selected={"marker": {"opacity": 1}, "textfont": {"color": TEXT}},
            unselected={"marker": {"opacity": 0.35}, "textfont": {"color": MUTED}},
            text=[f" {bar.value_text}" for bar in bars],
            textposition="outside",
            textfont={"color": TEXT},
            cliponaxis=False,
            customdata=[[bar.key] for bar in bars],
            hovertext=[f"{name}: {bar.value_text}" for name, bar in zip(names, bars, strict=True)],
            hoverinfo="text",
        )
    )
    widest = max((bar.value for bar in bars), default=0.0)
    figure.update_layout(
        height=70 + max(BAR_PX * len(bars), 3 * BAR_PX),
        margin={"l": 10, "r": 10, "t": 6, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": TEXT, "size": 13, "family": "Source Sans, sans-serif"},
        bargap=0.28,
        showlegend=False,
        dragmode=False,
        hoverlabel={"bgcolor": "#191f27", "bordercolor": LINE, "font": {"color": TEXT}},
    )
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(bars))), ticktext=names, autorange="reversed", automargin=True
    )
    figure.update_xaxes(
        title={"text": unit, "font": {"color": MUTED, "size": 12}},
        range=[0, widest * 1.15 or 1],
        gridcolor=LINE,
        zeroline=False,
        tickfont={"color": MUTED},
    )
    return figure


def find_clicked_key(event: Mapping[str, Any] | None) -> str | None:
    """The ``key`` of the bar a person clicked, or None."""
    points = event.get("selection", {}).get("points", []) if event else []
    if not points:
        return None
    data = points[0].get("customdata")
    return None if data is None else str(data[0] if isinstance(data, list | tuple) else data)
