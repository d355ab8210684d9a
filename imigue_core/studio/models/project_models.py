"""The models of a project: those that come with the studio and those trained in it, and which ones are active.

Cards alone are read here; weights are for the processes that scan.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.engine import Connection, Database
from db.people import add_audit
from imigue_core.errors import InputError
from imigue_core.models.cards import BUNDLED, ModelCard, get_model_folder, load_card
from imigue_core.models.cards import list_models as list_model_names
from imigue_core.models.tasks import Task
from imigue_core.settings import Settings
from imigue_core.studio.access import PROJECT, Action, require
from imigue_core.studio.people.project_settings import ACTIVE_EMOTION, ACTIVE_SCANNER

_ACTIVE = {Task.SCAN: ACTIVE_SCANNER, Task.EMOTION: ACTIVE_EMOTION}
"""The tasks that a project uses one model for, and the settings that name it."""
DEFAULT_THRESHOLD = 0.3
"""Score from which suggestions are shown when the model's card cannot be read."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One model of the list.

    Attributes:
        name: Of its folder; scans and the setting know it by this name.
        is_bundled: Whether it comes with the studio.
        card: What stands on its card, None when the card is refused.
        refusal: Why it is refused, else None.
    """

    name: str
    is_bundled: bool
    card: ModelCard | None = None
    refusal: InputError | None = None

    @property
    def task(self) -> Task | None:
        """What it is for; None when its card is refused."""
        return None if self.card is None else self.card.task

    @property
    def is_scanner(self) -> bool:
        """Whether it suggests spans."""
        return self.task is Task.SCAN


def list_models(db: Database) -> list[KnownModel]:
    """Every model by name; a broken card is described, not raised."""
    return [find_model(db.settings, name) for name in list_model_names(db.settings.data)]


def find_model(settings: Settings, name: str) -> KnownModel:
    """A model by name; when there is none, or its card is broken, ``refusal`` says so."""
    try:
        folder = get_model_folder(name, settings.data)
    except InputError as refusal:
        return KnownModel(name, is_bundled=False, refusal=refusal)
    is_bundled = folder.parent == BUNDLED
    try:
        card = load_card(folder)
        if card.name != name:
            message = f"expected the card of {name!r}, got that of {card.name!r:.80}."
            raise InputError("MODEL_CARD", message, where=str(folder))
    except InputError as refusal:
        return KnownModel(name, is_bundled, refusal=refusal)
    return KnownModel(name, is_bundled, card)


def get_model(settings: Settings, name: str) -> KnownModel:
    """A model whose card can be read.

    Raises:
        InputError: ``MODEL_UNKNOWN`` or ``MODEL_CARD``.
    """
    model = find_model(settings, name)
    if model.refusal is not None:
        raise model.refusal
    return model


def get_active_name(conn: Connection) -> str:
    """Name of the scanner whose suggestions are shown; whether it can be loaded is another question."""
    return ACTIVE_SCANNER.read(conn)


def get_active_model(db: Database) -> str:
    """Name of the scanner whose suggestions are shown."""
    with db.read() as conn:
        return get_active_name(conn)


def get_active_emotion_name(conn: Connection) -> str:
    """Name of the model that scores emotion."""
    return ACTIVE_EMOTION.read(conn)


def get_active_emotion_model(db: Database) -> str:
    """Name of the model that scores emotion."""
    with db.read() as conn:
        return get_active_emotion_name(conn)


def set_active_model(db: Database, name: str, annotator_id: int | None) -> None:
    """Makes a model the active one of its task and logs who did.

    A scanner scans when it is asked to; until then a video shows the scan it made earlier, if any.

    Raises:
        InputError: ``MODEL_UNKNOWN`` or ``MODEL_CARD``; ``MODEL_TASK`` for a task that a project uses no model for.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.CHOOSE_MODEL, PROJECT)
    task = get_model(db.settings, name).task
    if task not in _ACTIVE:
        raise InputError("MODEL_TASK", f"expected a model for {' or '.join(_ACTIVE)}, got one for {task}.")
    setting = _ACTIVE[task]
    with db.write() as conn:
        if setting.read(conn) == name:
            return
        setting.write(conn, name)
        add_audit(conn, annotator_id, "model.activate", f"model:{name}", {"setting": setting.name})


def find_threshold(settings: Settings, name: str) -> float:
    """Score from which a model's suggestions are shown unless the annotator says otherwise."""
    card = find_model(settings, name).card
    return DEFAULT_THRESHOLD if card is None else float(card.threshold)
