"""What is known to be wrong with a project's database, so that nothing more is written into it.

It lies in ``studio.damage`` beside the database: every process sees it at once, and a restart forgets nothing. How
damage is found stands in quick_check.py and check.py; when it is looked for, in studio/safety/watching.py.
"""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from db.clock import now_utc
from imigue_core.errors import InputError, StorageError
from imigue_core.files import read_regular, write_atomic

NOTE = "studio.damage"
DAMAGE_CODES = ("STORAGE_DAMAGED", "STORAGE_NOT_OURS")
"""What opening or asking a damaged database is refused with; every other refusal is about the disk or the moment."""
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Damage:
    """What was found first: a code, a sentence, and when."""

    code: str
    message: str
    utc: str


class DamageNote:
    """The note beside one database. Where the disk takes no file, the process remembers it alone.

    Args:
        folder: The project's data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NOTE
        self._lock = threading.Lock()
        self._read: tuple[int, int, Damage] | None = None
        self._remembered: Damage | None = None

    def find(self) -> Damage | None:
        """What is known now. Costs one look at the folder; every write asks."""
        try:
            stat = self._path.stat()
        except OSError:
            return self._remembered
        read = self._read
        if read is None or read[:2] != (stat.st_ino, stat.st_mtime_ns):
            read = self._read = (stat.st_ino, stat.st_mtime_ns, self._load())
        return read[2]

    def refuse(self) -> None:
        """Returns when nothing is known to be wrong.

        Raises:
            StorageError: The code and the sentence of the note.
        """
        damage = self.find()
        if damage is not None:
            raise StorageError(damage.code, damage.message)

    def write(self, code: str, message: str) -> None:
        """Notes what was found; what was found first stays."""
        with self._lock:
            if self.find() is not None:
                return
            damage = Damage(code, message, now_utc())
            content = json.dumps(asdict(damage)).encode()
            try:
                write_atomic(self._path, lambda file: file.write(content))
            except OSError:  # a full or locked disk
                self._remembered = damage

    def clear(self) -> None:
        """Forgets it: a whole check has found nothing, or somebody decided to go on."""
        with self._lock:
            self._remembered = self._read = None
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _load(self) -> Damage:
        try:
            return Damage(**json.loads(read_regular(self._path, _MAX_BYTES)))
        except (InputError, ValueError, TypeError):  # what is wrong with a damaged disk may be this file too
            return Damage("STORAGE_DAMAGED", f"{NOTE} says that the database is damaged, and cannot be read.", "")
