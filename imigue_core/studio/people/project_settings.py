"""The project's own rules: blind mode, overlapping labels, held-back suggestions, scanning by itself.

Each change is in the audit log with who made it. What a rule does stands where it is
kept: studio/people/blind.py, studio/edits/rules.py, studio/people/holdback.py, studio/models/scanning.py.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from db.engine import Connection, Database
from db.people import add_audit, get_setting, set_setting
from imigue_core.errors import InputError
from imigue_core.studio.access import PROJECT, Action, require
from imigue_core.studio.edits.overlaps import OVERLAP_RULE, OVERLAP_RULES, get_overlap_rule
from imigue_core.studio.models.scanning import AUTO_SCAN
from imigue_core.studio.people.blind import BLIND, is_blind
from imigue_core.studio.people.holdback import HOLDBACK, MAX_PERCENT


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """Attributes:
    blind: Whether others' labels of a video are withheld until a person marks it done.
    overlap_rule: Whether a person's labels may overlap: ``allowed``, ``warned`` or ``refused``.
    holdback_percent: Share of each video's time without suggestions, 0 to 50.
    auto_scan: Whether videos are scanned as soon as their poses are there.
    """

    blind: bool = False
    overlap_rule: str = "allowed"
    holdback_percent: int = 0
    auto_scan: bool = True


def load_project_settings(db: Database) -> ProjectSettings:
    """The rules as they are now."""
    with db.read() as conn:
        return get_project_settings(conn)


def get_project_settings(conn: Connection) -> ProjectSettings:
    """The rules as they are at this moment."""
    return ProjectSettings(
        blind=is_blind(conn),
        overlap_rule=get_overlap_rule(conn),
        holdback_percent=int(get_setting(conn, HOLDBACK, "0")),
        auto_scan=get_setting(conn, AUTO_SCAN, "1") != "0",
    )


def save_project_settings(db: Database, wanted: ProjectSettings, annotator_id: int | None) -> None:
    """Writes the rules that differ, each with an audit row ``setting.change``.

    Raises:
        InputError: ``SETTING_INVALID``; nothing is written.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.CHANGE_SETTINGS, PROJECT)
    if wanted.overlap_rule not in OVERLAP_RULES:
        raise InputError("SETTING_INVALID", f"overlap_rule: expected one of {', '.join(OVERLAP_RULES)}.")
    if type(wanted.holdback_percent) is not int or not 0 <= wanted.holdback_percent <= MAX_PERCENT:
        raise InputError("SETTING_INVALID", f"holdback_percent: expected a whole number from 0 to {MAX_PERCENT}.")
    texts = {
        BLIND: "on" if wanted.blind else "off",
        OVERLAP_RULE: wanted.overlap_rule,
        HOLDBACK: str(wanted.holdback_percent),
        AUTO_SCAN: "1" if wanted.auto_scan else "0",
    }
    with db.write() as conn:
        before = asdict(get_project_settings(conn))
        for name, value in asdict(wanted).items():
            if before[name] != value:
                set_setting(conn, name, texts[name])
                add_audit(conn, annotator_id, "setting.change", name, {"from": before[name], "to": value})
