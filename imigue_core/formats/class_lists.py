"""How files write gesture classes: each list's texts, and the studio's class of each.

A format names its list; which classes there are is taxonomy.py's.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from imigue_core.errors import InputError
from imigue_core.ids import ClassId
from imigue_core.taxonomy import CLASS_IDS, CLASSES


@dataclass(frozen=True, slots=True, eq=False)
class ClassList:
    """One way of writing the classes.

    Attributes:
        words: What a text of the list is, for the sentence that refuses another one.
        ids: Class id, 1-31 or 99, by text. Several texts may mean one class.
    """

    words: str
    ids: Mapping[str, ClassId]

    def find(self, text: str) -> ClassId:
        """The id of the class that is written ``text``, to the letter.

        Raises:
            InputError: ``VOCABULARY_UNKNOWN``, with the nearest classes.
        """
        class_id = self.ids.get(text)
        if class_id is None:
            raise InputError("VOCABULARY_UNKNOWN", f"expected {self.words}, got {text[:40]!r}{suggest_classes(text)}.")
        return class_id


IMIGUE_IDS = ClassList("a class id 1-31 or 99", {str(class_id): ClassId(class_id) for class_id in CLASS_IDS})
"""The numbers of iMiGUE's files."""


@lru_cache(maxsize=256)
def suggest_classes(text: str) -> str:
    """``; nearest: 29 Pressing lips`` for a text that resembles a class, else nothing."""
    plain = unicodedata.normalize("NFKC", text[:80]).strip().casefold()
    if plain in IMIGUE_IDS.ids:
        found = {IMIGUE_IDS.ids[plain]}
    else:
        names = {name.casefold(): c.class_id for c in CLASSES for name in (c.name, c.short_name)}
        found = {names[name] for name in difflib.get_close_matches(plain, names, n=3, cutoff=0.6)}
    shown = [f"{c.class_id} {c.name}" for c in CLASSES if c.class_id in found]
    return f"; nearest: {', '.join(shown)}" if shown else ""
