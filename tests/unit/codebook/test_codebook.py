"""The codebook: every class has its page, nothing is left empty, what is confused is confused both ways."""

from __future__ import annotations

import re

import pytest

from imigue_core.codebook.entries import CODEBOOK, CodebookEntry, Sight, get_entry
from imigue_core.codebook.needs import NEEDS
from imigue_core.codebook.pairs import PAIRS
from imigue_core.errors import InputError
from imigue_core.taxonomy import CLASS_IDS, CLASSES, Group

ENTRIES = tuple(CODEBOOK.values())


def list_texts(entry: CodebookEntry) -> list[str]:
    return [entry.definition, entry.start, entry.end, entry.views.note, *(c.how for c in entry.confusions)]


def test_every_class_has_its_page_in_the_order_of_the_classes() -> None:
    assert tuple(CODEBOOK) == CLASS_IDS
    assert all(get_entry(class_id).class_id == class_id for class_id in CLASS_IDS)


@pytest.mark.parametrize("class_id", [0, 32, -1, "7", None, []])
def test_other_ids_are_refused_with_a_code(class_id: object) -> None:
    with pytest.raises(InputError) as refusal:
        get_entry(class_id)  # type: ignore[arg-type]
    assert refusal.value.code == "VOCABULARY_UNKNOWN"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry.class_id))
def test_texts_are_whole_sentences(entry: CodebookEntry) -> None:
    for text in list_texts(entry):
        assert len(text.split()) >= 5, text
        assert text[0].isupper() or text[0].isdigit(), text
        assert text.endswith("."), text
        assert "  " not in text


def test_a_definition_is_one_or_two_sentences_and_its_own() -> None:
    definitions = [entry.definition for entry in ENTRIES]
    assert len(set(definitions)) == len(definitions)
    assert all(1 <= len(re.findall(r"\.(?= |$)", text)) <= 2 for text in definitions)
    names = {gesture.name.lower() for gesture in CLASSES}
    assert not [text for text in definitions if text.lower().strip(".") in names]


def test_what_is_confused_is_confused_both_ways_and_told_apart_with_the_same_words() -> None:
    for entry in ENTRIES:
        assert entry.confusions, entry.class_id
        for confusion in entry.confusions:
            assert confusion.class_id != entry.class_id
            back = {c.class_id: c.how for c in get_entry(confusion.class_id).confusions}
            assert back[entry.class_id] == confusion.how


def test_a_pair_is_listed_once_and_names_known_classes() -> None:
    pairs = [frozenset((first, second)) for first, second, _ in PAIRS]
    assert len(set(pairs)) == len(pairs)
    assert {class_id for pair in pairs for class_id in pair} <= set(CLASS_IDS)
    assert len({how for _, _, how in PAIRS}) == len(PAIRS)


def test_every_class_can_be_judged_in_the_source_and_every_note_has_a_reason() -> None:
    for entry in ENTRIES:
        assert entry.views.source is Sight.WELL
        assert entry.views.note


def test_what_a_mask_hides_cannot_be_judged_under_it() -> None:
    hidden = {entry.class_id for entry in ENTRIES if entry.views.masked is Sight.NOT}
    assert hidden == {2, 10, 29}
    at_the_face = {g.class_id for g in CLASSES if g.group is Group.HEAD_HAND}
    assert all(get_entry(class_id).views.masked is not Sight.WELL for class_id in at_the_face)


def test_lips_and_cheeks_are_at_best_partly_judged_from_the_skeleton() -> None:
    assert all(get_entry(class_id).views.skeleton is Sight.PARTLY for class_id in (2, 10, 29))


def test_every_class_needs_something_that_can_be_switched_on() -> None:
    assert tuple(NEEDS) == CLASS_IDS
    for needs in NEEDS.values():
        assert needs.sets
        assert set(needs.sets) <= {"body", "hands", "face"}


def test_what_no_point_knows_is_not_judged_well_from_the_skeleton() -> None:
    things = {class_id: needs.thing for class_id, needs in NEEDS.items() if needs.thing}
    assert set(things) == {3, 13, 14, 18, 26}
    assert all(get_entry(class_id).views.skeleton is not Sight.WELL for class_id in things)


def test_what_a_mask_hides_needs_the_face() -> None:
    assert all(
        "face" in NEEDS[class_id].sets for class_id in CLASS_IDS if get_entry(class_id).views.masked is Sight.NOT
    )


def test_fingers_and_nails_need_the_hands() -> None:
    assert all("hands" in NEEDS[class_id].sets for class_id in (10, 23, 24, 25))
