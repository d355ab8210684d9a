"""Codebook: what its cards say, and which classes a search finds."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.people import Annotator
from imigue_core.codebook.entries import CODEBOOK
from imigue_core.synthesis.loops import compute_loop_version
from imigue_core.taxonomy import CLASS_IDS, CLASSES, Group
from pages.ui.codebook_cards import EVERY_GROUP, filter_classes, make_codebook_card
from tests.pages.conftest import NASTY_NAMES, OpenPage, find_part, has_part, list_html


def list_shown(app: AppTest) -> list[int]:
    return [card["class_id"] for card in find_part(app, "codebook")["cards"]]


def find(search: str, group: str = EVERY_GROUP) -> set[int]:
    return {gesture.class_id for gesture in filter_classes(search, group)}


def test_all_classes_are_there_group_by_group(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page("codebook", ann)
    assert not app.exception
    cards: list[dict[str, Any]] = find_part(app, "codebook")["cards"]
    assert {card["class_id"] for card in cards} == set(CLASS_IDS)
    groups = [card["group"] for card in cards]
    assert list(dict.fromkeys(groups)) == ["Body", "Head", "Hand", "Body-hand", "Head-hand", "Illustrative"]
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index)
    assert "32 classes" in list_html(app)
    assert "first frame in which the part leaves its rest" in list_html(app)


def test_nobody_unknown_sees_it(open_page: OpenPage) -> None:
    app = open_page("codebook")
    assert has_part(app, "picker")
    assert not has_part(app, "codebook")


def test_search_and_group_choose_the_cards(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page("codebook", ann)
    app.button_group(key="codebook_group").set_value("body").run()
    assert set(list_shown(app)) == {20, 21, 31}
    app.text_input(key="codebook_search").set_value("slouch").run()
    assert list_shown(app) == [21]
    app.text_input(key="codebook_search").set_value(NASTY_NAMES[0]).run()
    assert not app.exception
    assert list_shown(app) == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("pressing", {29}),
        ("PRESS lips", {29}),
        ("c7", {7}),
        ("7", {7}),
        ("c32", {99}),
        ("99", {99}),
        ("tie", {14}),
        ("  ", set(CLASS_IDS)),
        ("no such words", set()),
    ],
)
def test_words_are_found_in_names_codes_and_definitions(search: str, found: set[int]) -> None:
    assert find(search) == found


def test_groups_add_up_to_all_classes() -> None:
    by_group = [find("", group.value) for group in Group]
    assert sum(len(found) for found in by_group) == len(CLASS_IDS)
    assert set().union(*by_group) == find("")


@pytest.mark.parametrize("gesture", CLASSES, ids=lambda gesture: str(gesture.class_id))
def test_a_card_says_all_the_codebook_knows(gesture: Any) -> None:
    card, entry = make_codebook_card(gesture), CODEBOOK[gesture.class_id]
    assert (card["definition"], card["start"], card["end"]) == (entry.definition, entry.start, entry.end)
    assert [link["class_id"] for link in card["confusions"]] == [c.class_id for c in entry.confusions]
    assert [link["how"] for link in card["confusions"]] == [c.how for c in entry.confusions]
    assert [view["name"] for view in card["views"]] == ["source", "masked", "skeleton"]
    assert (card["code"], card["name"], card["colour"]) == (gesture.code, gesture.name, gesture.group.colour)
    assert card["count"].startswith(f"{gesture.published_count:,} in iMiGUE")
    assert card["loop"] == f"/api/codebook/{gesture.class_id}.svg?v={compute_loop_version()}"
    assert len(card["dialects"]) >= 3


def test_an_address_can_name_a_class(open_page: OpenPage, ann: Annotator) -> None:
    assert find_part(open_page("codebook", ann, **{"class": "17"}), "codebook")["focus"] == 17
    assert find_part(open_page("codebook", ann, **{"class": "x"}), "codebook")["focus"] is None
    assert find_part(open_page("codebook", ann), "codebook")["focus"] is None
