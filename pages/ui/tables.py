"""Tables that pages share. Cells are plain text and numbers, never Markdown or links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from imigue_core.errors import BadRow
from imigue_core.taxonomy import get_class
from pages.ui.formatting import format_seconds

if TYPE_CHECKING:
    import pandas as pd


def make_findings_table(rows: list[BadRow]) -> pd.DataFrame:
    """Bad rows or warnings of a file: place, code, sentence."""
    import pandas as pd  # heavy, and most pages show no table

    return pd.DataFrame(
        {
            "where": [row.place or f"line {row.line}" for row in rows],
            "code": [row.code for row in rows],
            "what": [row.message for row in rows],
        }
    )


def make_label_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The first labels of a file, as the studio understands them."""
    import pandas as pd  # heavy, and most pages show no table

    return pd.DataFrame(
        {
            "video": [row["video_id"] for row in rows],
            "clip": [row["label_id"] for row in rows],
            "gesture": [get_class(row["class_id"]).name for row in rows],
            "first frame": [row["start_frame"] for row in rows],
            "last frame": [row["end_frame"] for row in rows],
            "annotator": [row["annotator"] for row in rows],
        }
    )


def make_clip_table(clips: pd.DataFrame) -> pd.DataFrame:
    """Clips as a person reads them; frames are 0-based, both ends inside."""
    import pandas as pd  # heavy, and most pages show no table

    return pd.DataFrame(
        {
            "video": clips["video_name"],
            "clip": clips["label_id"],
            "at": [format_seconds(seconds) for seconds in clips["start_s"]],
            "seconds": clips["duration_s"].round(2),
            "gesture": clips["class_name"],
            "frames": [f"{a:,}–{b:,}" for a, b in zip(clips["start_frame"], clips["end_frame"], strict=True)],
            "annotator": clips["annotator"],
        }
    )


def show_table(table: pd.DataFrame, key: str, height: int | None = None) -> None:
    """A table to read."""
    st.dataframe(table, hide_index=True, width="stretch", height="auto" if height is None else height, key=key)
