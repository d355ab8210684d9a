"""Who may do what: one table of actions, and the one question that every use case and every route asks of it.

Today everybody in a project may do everything to what belongs to the project, and nobody changes what belongs
to another person. Roles would be another column of this table. What a project *shows* (its most revealing view,
blind mode, held-back stretches) is no right of a person and stands in
videos/viewing.py, people/seeing_others.py and people/holdback.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from imigue_core.errors import DeniedError
from imigue_core.ids import AnnotatorId

Actor = int | None
"""Who acts: a person, or None for whoever sits at the machine itself, that is the command line and the worker."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What an action is about.

    Attributes:
        video_id: The video, None for the whole project.
        owner: The person to whom it belongs, None when it belongs to the project.
    """

    video_id: int | None = None
    owner: int | None = None


PROJECT = Resource()


class Action(StrEnum):
    """Everything that changes or reveals something; a name is ``noun.verb``."""

    SEE_PROJECT = "project.see"
    SEE_VIDEO = "video.see"
    SEE_PIXELS = "pixels.see"
    SEE_LABELS = "labels.see"
    SEE_OTHERS = "others.see"
    SEE_SUGGESTIONS = "suggestions.see"
    EXPLORE = "labels.explore"
    EXPORT_LABELS = "labels.export"
    ADD_VIDEO = "video.add"
    CHANGE_VIDEO = "video.change"
    REMOVE_VIDEO = "video.remove"
    ERASE_VIDEO = "video.erase"
    SCAN = "video.scan"
    CHOOSE_MODEL = "model.choose"
    CHANGE_SETTINGS = "settings.change"
    CHANGE_VIEW = "view.change"
    BACK_UP = "project.backup"
    ADD_LABEL = "label.add"
    CHANGE_LABEL = "label.change"
    IMPORT_LABELS = "labels.import"
    RECORD_COVERAGE = "coverage.record"
    SEE_PREFERENCES = "preferences.see"
    CHANGE_PREFERENCES = "preferences.change"


Rule = Callable[[int, Resource], bool]


def everybody(actor: int, resource: Resource) -> bool:
    """Whoever is known in the project."""
    return True


def owner_only(actor: int, resource: Resource) -> bool:
    """The person to whom it belongs."""
    return resource.owner == actor


RULES: dict[Action, Rule] = {
    Action.SEE_PROJECT: everybody,
    Action.SEE_VIDEO: everybody,
    Action.SEE_PIXELS: everybody,
    Action.SEE_LABELS: everybody,
    Action.SEE_OTHERS: everybody,
    Action.SEE_SUGGESTIONS: everybody,
    Action.EXPLORE: everybody,
    Action.EXPORT_LABELS: everybody,
    Action.ADD_VIDEO: everybody,
    Action.CHANGE_VIDEO: everybody,
    Action.REMOVE_VIDEO: everybody,
    Action.ERASE_VIDEO: everybody,
    Action.SCAN: everybody,
    Action.CHOOSE_MODEL: everybody,
    Action.CHANGE_SETTINGS: everybody,
    Action.CHANGE_VIEW: everybody,
    Action.BACK_UP: everybody,
    Action.ADD_LABEL: owner_only,
    Action.CHANGE_LABEL: owner_only,
    Action.IMPORT_LABELS: owner_only,
    Action.RECORD_COVERAGE: owner_only,
    Action.SEE_PREFERENCES: owner_only,
    Action.CHANGE_PREFERENCES: owner_only,
}
_REFUSALS = {Action.CHANGE_LABEL: "an annotator edits only own labels."}


def is_allowed(actor: Actor, action: Action, resource: Resource) -> bool:
    """Whether ``actor`` may do it."""
    return actor is None or RULES[action](actor, resource)


def require(actor: Actor, action: Action, resource: Resource) -> None:
    """Returns when ``actor`` may do it.

    Raises:
        DeniedError: ``PERMISSION_DENIED``.
    """
    if not is_allowed(actor, action, resource):
        message = _REFUSALS.get(action, f"expected somebody who may do this here ({action.value}).")
        raise DeniedError("PERMISSION_DENIED", message)


def identify(annotator_id: AnnotatorId | None) -> AnnotatorId:
    """The person who asks over the network, where nobody is taken for the one at the machine.

    Raises:
        DeniedError: ``IDENTITY_REQUIRED`` when nobody is known.
    """
    if annotator_id is None:
        raise DeniedError("IDENTITY_REQUIRED", "expected a known annotator; say who you are first.")
    return annotator_id
