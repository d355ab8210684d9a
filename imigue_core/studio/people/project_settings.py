"""The project's settings: one table of its rules and choices with their defaults, and reading and saving them.

Each change is in the audit log with who made it. What a setting does stands where it is kept, all in studio/:
people/seeing_others.py, people/holdback.py, edits/overlaps.py, models/scanning.py, models/project_models.py and
videos/viewing.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from db.engine import Connection, Database
from db.people import add_audit, get_setting, set_setting
from imigue_core.errors import InputError
from imigue_core.models.cards import DEFAULT_MODELS
from imigue_core.models.tasks import Task
from imigue_core.studio.access import PROJECT, Action, require

T = TypeVar("T")
MAX_HOLDBACK_PERCENT = 50
VIEWS = ("skeleton", "masked", "source")
"""From the least to the most revealing."""


class OverlapRule(StrEnum):
    """What a project makes of labels of one person that overlap."""

    ALLOWED = "allowed"
    WARNED = "warned"
    REFUSED = "refused"


OVERLAP_RULES = tuple(rule.value for rule in OverlapRule)


@dataclass(frozen=True, slots=True)
class ProjectSetting(Generic[T]):
    """One rule of a project, for everybody in it.

    Attributes:
        name: Its name in the database and in the audit log.
        default: What holds until somebody changes it.
        values: What it may be, in words.
        meaning: What it does, one sentence.
        page: Where people change it.
        to_text: How it is stored.
        from_text: How it is read back.
    """

    name: str
    default: T
    values: str
    meaning: str
    to_text: Callable[[T], str]
    from_text: Callable[[str], T]
    page: str = "Settings"

    def read(self, conn: Connection, default: T | None = None) -> T:
        """What it is now; ``default`` stands in for the table's where an older project said it in another way."""
        text = get_setting(conn, self.name, self.to_text(self.default if default is None else default))
        return self.from_text(text)

    def write(self, conn: Connection, value: T) -> None:
        """Stores it; whoever calls this has asked whether it may be changed, and writes the audit row."""
        set_setting(conn, self.name, self.to_text(value))


BLIND: ProjectSetting[bool] = ProjectSetting(
    "blind",
    False,
    "on or off",
    "Others' labels of a video are withheld from a person until that person has marked the video done.",
    lambda is_on: "on" if is_on else "off",
    lambda text: text == "on",
)
OVERLAP_RULE: ProjectSetting[OverlapRule] = ProjectSetting(
    "overlap_rule",
    OverlapRule.ALLOWED,
    ", ".join(OVERLAP_RULES),
    "Whether labels of one person in one video may overlap in time.",
    str,
    OverlapRule,
)
HOLDBACK: ProjectSetting[int] = ProjectSetting(
    "holdback_percent",
    0,
    f"0 to {MAX_HOLDBACK_PERCENT}",
    "Share of each video's time in which a person is shown no suggestions, drawn for each person and video.",
    str,
    int,
)
AUTO_SCAN: ProjectSetting[bool] = ProjectSetting(
    "auto_scan",
    True,
    "on or off",
    "Videos are scanned for gestures as soon as their poses are whole.",
    lambda is_on: "1" if is_on else "0",
    lambda text: text != "0",
)
MOST_REVEALING_VIEW: ProjectSetting[str] = ProjectSetting(
    "most_revealing_view",
    VIEWS[0],
    ", ".join(VIEWS),
    "How much of a person the server sends to anybody; everything before it in this list is allowed too.",
    str,
    lambda text: text if text in VIEWS else VIEWS[0],
    page="Library",
)
ACTIVE_SCANNER: ProjectSetting[str] = ProjectSetting(
    "active_scanner",
    DEFAULT_MODELS[Task.SCAN],
    "a model's name",
    "The model that scans videos, and whose suggestions are shown.",
    str,
    str,
    page="Models",
)
ACTIVE_EMOTION: ProjectSetting[str] = ProjectSetting(
    "active_emotion",
    DEFAULT_MODELS[Task.EMOTION],
    "a model's name",
    "The model whose emotion score is shown beside a rating.",
    str,
    str,
    page="Models",
)
PROJECT_SETTINGS: tuple[ProjectSetting[Any], ...] = (
    BLIND,
    OVERLAP_RULE,
    HOLDBACK,
    AUTO_SCAN,
    MOST_REVEALING_VIEW,
    ACTIVE_SCANNER,
    ACTIVE_EMOTION,
)


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What the Settings page changes; each field is the setting of that name.

    Attributes:
        blind: Whether others' labels of a video are withheld until a person marks it done.
        overlap_rule: Whether a person's labels may overlap: ``allowed``, ``warned`` or ``refused``.
        holdback_percent: Share of each video's time without suggestions, 0 to 50.
        auto_scan: Whether videos are scanned as soon as their poses are there.
    """

    blind: bool = BLIND.default
    overlap_rule: str = OVERLAP_RULE.default
    holdback_percent: int = HOLDBACK.default
    auto_scan: bool = AUTO_SCAN.default


def load_project_settings(db: Database) -> ProjectSettings:
    """The rules as they are now."""
    with db.read() as conn:
        return get_project_settings(conn)


def get_project_settings(conn: Connection) -> ProjectSettings:
    """The rules as they are at this moment."""
    return ProjectSettings(BLIND.read(conn), OVERLAP_RULE.read(conn), HOLDBACK.read(conn), AUTO_SCAN.read(conn))


def save_project_settings(db: Database, wanted: ProjectSettings, annotator_id: int | None) -> None:
    """Writes the rules that differ, each with an audit row ``setting.change``.

    Raises:
        InputError: ``SETTING_INVALID``; nothing is written.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.CHANGE_SETTINGS, PROJECT)
    if wanted.overlap_rule not in OVERLAP_RULES:
        raise InputError("SETTING_INVALID", f"overlap_rule: expected one of {', '.join(OVERLAP_RULES)}.")
    if type(wanted.holdback_percent) is not int or not 0 <= wanted.holdback_percent <= MAX_HOLDBACK_PERCENT:
        message = f"holdback_percent: expected a whole number from 0 to {MAX_HOLDBACK_PERCENT}."
        raise InputError("SETTING_INVALID", message)
    values = asdict(wanted)
    with db.write() as conn:
        before = asdict(get_project_settings(conn))
        for setting in PROJECT_SETTINGS:
            name = setting.name
            if name in values and before[name] != values[name]:
                setting.write(conn, values[name])
                add_audit(conn, annotator_id, "setting.change", name, {"from": before[name], "to": values[name]})
