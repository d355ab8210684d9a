"""Explore: the numbers on the chart and the clips behind a bar."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from db.people import Annotator, add_annotator
from db.videos import insert_video
from imigue_core.taxonomy import Group
from pages.ui.charts import Bar, find_clicked_key, make_bars
from tests.harness.exchange import edit
from tests.pages.conftest import NASTY_NAMES, OpenPage, list_html


def find_bars(app: AppTest) -> dict[str, Any]:
    """The chart's only trace, as the browser gets it."""
    (chart,) = app.get("plotly_chart")
    return dict(orjson.loads(chart.proto.spec)["data"][0])


@pytest.fixture
def labelled(db: Database, ann: Annotator) -> None:
    """One minute at 25 fps: Ann labels three spans of press lips and one of folded arms, Bo one of press lips."""
    with db.write() as conn:
        bo = add_annotator(conn, "Bo")
        video_id = insert_video(
            conn, name="Alpha", kind="poses", n_frames=1500, fps_num=25, fps_den=1, width=64, height=64, outcome="Win"
        )
    for start in (0, 100, 200):
        edit(db, ann.annotator_id, video_id, "create", class_id=29, start_frame=start, end_frame=start + 49)
    edit(db, ann.annotator_id, video_id, "create", class_id=17, start_frame=300, end_frame=399)
    edit(db, bo.annotator_id, video_id, "create", class_id=29, start_frame=0, end_frame=24)


def test_without_labels_it_says_where_numbers_come_from(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page("explore", ann)
    assert not app.exception
    assert "Nothing is labelled yet" in list_html(app)


@pytest.mark.usefixtures("labelled")
@pytest.mark.parametrize(
    ("measure", "texts"),
    [
        ("count", [" 4", " 1"]),
        ("share", [" 80.0 %", " 20.0 %"]),
        ("rate", [" 2.00 /min", " 0.50 /min"]),
        ("total time", [" 7.0 s", " 4.0 s"]),
        ("median duration", [" 4.00 s", " 2.00 s"]),
    ],
)
def test_each_measure_shows_its_numbers_with_units(
    open_page: OpenPage, ann: Annotator, measure: str, texts: list[str]
) -> None:
    app = open_page("explore", ann)
    bars = find_bars(app.button_group(key="explore_measure").set_value(measure).run())
    assert bars["text"] == texts


@pytest.mark.usefixtures("labelled")
def test_bars_wear_the_colours_of_their_groups(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page("explore", ann)
    assert find_bars(app)["marker"]["color"] == [Group.HEAD.colour, Group.BODY_HAND.colour]
    bars = find_bars(app.button_group(key="explore_by").set_value("group").run())
    assert bars["customdata"] == [["head"], ["body-hand"]]
    assert "5 labels · 1 video · 2 annotators · 0:11.0 of gestures" in list_html(app)


@pytest.mark.usefixtures("labelled")
def test_filters_choose_the_labels(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page("explore", ann)
    bars = find_bars(app.multiselect(key="explore_annotators").set_value(["Bo"]).run())
    assert bars["text"] == [" 1"]
    assert bars["customdata"] == [["29"]]


def test_a_click_names_its_bar() -> None:
    assert find_clicked_key({"selection": {"points": [{"customdata": ["29"], "y": 0}]}}) == "29"
    assert find_clicked_key({"selection": {"points": []}}) is None
    assert find_clicked_key(None) is None


def test_names_on_a_chart_are_plain_text() -> None:
    figure = make_bars([Bar(name, name, 1.0, "1", "#fff") for name in NASTY_NAMES], "labels")
    shown = [*figure.layout.yaxis.ticktext, *figure.data[0].hovertext]
    assert not [text for text in shown if "<" in text]
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_quotes_in_a_name_are_shown_as_quotes() -> None:
    figure = make_bars([Bar("k", """Ann "the hand" O'Neil""", 1.0, "1", "#fff")], "labels")
    assert "&quot;" not in str(figure.to_json())
    assert "&#x27;" not in str(figure.to_json())
