"""What one class's card in the codebook says, and which classes a search finds."""

from __future__ import annotations

from typing import Any

from imigue_core.codebook.entries import CodebookEntry, get_entry
from imigue_core.synthesis.loops import compute_loop_version, list_dialects
from imigue_core.taxonomy import CLASSES, GestureClass, Group, get_class

EVERY_GROUP = "all"
GROUP_NAMES = {EVERY_GROUP: "All"} | {group.value: group.value.capitalize() for group in Group}
_N_PUBLISHED = sum(gesture.published_count for gesture in CLASSES)


def filter_classes(search: str, group: str) -> list[GestureClass]:
    """Classes of a group (or ``EVERY_GROUP``) that hold every word of ``search``, group by group.

    Words are looked for in any case in the name, the code and the definition; ``c7`` finds
    C7 alone. Search text is taken literally.
    """
    words = search.casefold().split()
    order = list(Group)
    found = [
        gesture
        for gesture in CLASSES
        if group in (EVERY_GROUP, gesture.group.value) and all(_holds(gesture, word) for word in words)
    ]
    return sorted(found, key=lambda gesture: order.index(gesture.group))


def _holds(gesture: GestureClass, word: str) -> bool:
    if word in (gesture.code.casefold(), str(gesture.class_id)):
        return True
    texts = (gesture.name, gesture.short_name, get_entry(gesture.class_id).definition)
    return not word.isdigit() and any(word in text.casefold() for text in texts)


def make_codebook_card(gesture: GestureClass) -> dict[str, Any]:
    """The card as parts/codebook.js draws it; every string is plain text."""
    entry = get_entry(gesture.class_id)
    share = gesture.published_count / _N_PUBLISHED
    return {
        "class_id": gesture.class_id,
        "code": gesture.code,
        "name": gesture.name,
        "group": GROUP_NAMES[gesture.group.value],
        "colour": gesture.group.colour,
        "loop": f"/api/codebook/{gesture.class_id}.svg?v={compute_loop_version()}",
        "dialects": list(list_dialects(gesture.class_id)),
        "definition": entry.definition,
        "start": entry.start,
        "end": entry.end,
        "count": f"{gesture.published_count:,} in iMiGUE · {share:.2%}",
        "views": _list_views(entry),
        "views_note": entry.views.note,
        "confusions": [_make_link(confusion.class_id, confusion.how) for confusion in entry.confusions],
    }


def _list_views(entry: CodebookEntry) -> list[dict[str, str]]:
    views = {"source": entry.views.source, "masked": entry.views.masked, "skeleton": entry.views.skeleton}
    words = {"well": "can be judged", "partly": "can be judged in part", "not": "cannot be judged"}
    return [{"name": name, "sight": sight.value, "text": words[sight.value]} for name, sight in views.items()]


def _make_link(class_id: int, how: str) -> dict[str, Any]:
    other = get_class(class_id)
    return {
        "class_id": class_id,
        "code": other.code,
        "name": other.short_name,
        "colour": other.group.colour,
        "how": how,
    }
