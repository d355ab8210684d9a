"""The codebook's loops: every class in every dialect, small, deterministic, without a jump."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from imigue_core.errors import InputError, NotAvailableError
from imigue_core.synthesis.loops import LOOP_FPS, LOOP_S, compute_loop_version, list_dialects, make_loop_svg
from imigue_core.taxonomy import CLASS_IDS, Group, get_class

SVG = "{http://www.w3.org/2000/svg}"
MAX_BYTES = 60_000
WAYS = [(class_id, number) for class_id in CLASS_IDS for number in range(len(list_dialects(class_id)))]


@pytest.mark.parametrize("class_id", CLASS_IDS)
def test_every_class_is_acted_in_three_ways_or_more_that_all_look_different(class_id: int) -> None:
    ways = list_dialects(class_id)
    assert len(ways) >= 3
    assert len({make_loop_svg(class_id, number) for number in range(len(ways))}) == len(ways)


@pytest.mark.parametrize(("class_id", "number"), WAYS)
def test_a_loop_is_small_and_ends_where_it_begins(class_id: int, number: int) -> None:
    text = make_loop_svg(class_id, number)
    assert len(text.encode()) < MAX_BYTES
    n_animated = 0
    for path in ET.fromstring(text).iter(f"{SVG}path"):
        for animation in path.findall(f"{SVG}animate"):
            values = (animation.get("values") or "").split(";")
            assert len(values) == round(LOOP_S * LOOP_FPS) + 1
            assert values[0] == values[-1] == path.get("d")
            assert "nan" not in path.get("d", "")
            n_animated += 1
    assert n_animated > 5


@pytest.mark.parametrize("class_id", CLASS_IDS)
def test_what_acts_wears_the_colour_of_its_group(class_id: int) -> None:
    group = get_class(class_id).group
    arms = {g.get("id"): ET.tostring(g, "unicode") for g in ET.fromstring(make_loop_svg(class_id)).iter(f"{SVG}g")}
    has_acting_hand = any(group.colour in text for text in arms.values())
    assert has_acting_hand == (group not in (Group.HEAD, Group.BODY))


def test_loops_are_the_same_each_time() -> None:
    assert make_loop_svg.__wrapped__(17, 0) == make_loop_svg(17, 0)


def test_what_is_not_acted_is_refused() -> None:
    with pytest.raises(InputError) as refusal:
        make_loop_svg(32)
    assert refusal.value.code == "VOCABULARY_UNKNOWN"
    for number in (-1, 40):
        with pytest.raises(NotAvailableError):
            make_loop_svg(17, number)


def test_the_version_is_short_and_stays() -> None:
    assert compute_loop_version() == compute_loop_version.__wrapped__()
    assert len(compute_loop_version()) == 12
