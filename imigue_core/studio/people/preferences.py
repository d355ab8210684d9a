"""What each person chose for the player: JSON by name, the same on every computer."""

from __future__ import annotations

import json
from typing import Any

from db.engine import Database
from db.watched import list_preferences, set_preference
from imigue_core.errors import InputError
from imigue_core.studio.access import Action, Resource, require

NAMES = ("keymap", "player")
MAX_BYTES = 20_000


def load_preferences(db: Database, annotator_id: int) -> dict[str, Any]:
    """A person's choices by name; a name that was never written is left out.

    Raises:
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SEE_PREFERENCES, Resource(owner=annotator_id))
    with db.read() as conn:
        stored = list_preferences(conn, annotator_id)
    return {name: json.loads(value) for name, value in stored.items() if name in NAMES}


def save_preference(db: Database, annotator_id: int, name: str, value: Any) -> None:
    """Writes one choice.

    Args:
        value: What JSON can hold; what it means is the player's affair.

    Raises:
        InputError: ``PREFERENCE_UNKNOWN`` or ``PREFERENCE_TOO_LARGE``.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.CHANGE_PREFERENCES, Resource(owner=annotator_id))
    if name not in NAMES:
        raise InputError("PREFERENCE_UNKNOWN", f"name: expected one of {', '.join(NAMES)}.")
    text = json.dumps(value, separators=(",", ":"))
    if len(text) > MAX_BYTES:
        raise InputError("PREFERENCE_TOO_LARGE", f"expected at most {MAX_BYTES:,} bytes of JSON, got {len(text):,}.")
    with db.write() as conn:
        set_preference(conn, annotator_id, name, text)
