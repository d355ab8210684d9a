"""What a reviewer who knows the truth presses for each suggestion, and how the script presses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imigue_core.synthesis.interview import Label
from tests.harness.seat import Seat

SAME_TIOU = 0.5
"""From this overlap on, suggestion and act are about the same gesture; the studio's own rule."""
EDGE_FRAMES = 6
"""An edge further off than this, a quarter of a second, is moved to where it was acted."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: ``rank`` 0 rejects, else it is the place of ``class_id`` among the five classes."""

    suggestion_id: int
    rank: int
    class_id: int
    span: tuple[int, int]
    n_nudged: int


def decide(suggestion: dict[str, Any], truth: Sequence[Label]) -> Decision:
    """Accepts what was acted, as the class it is, with edges moved where they are clearly off; rejects all else."""
    start, end = int(suggestion["start_frame"]), int(suggestion["end_frame"])
    ranks = {int(class_id): rank for rank, (class_id, _) in enumerate(suggestion["top"], start=1)}
    found = [(_compute_tiou(start, end, one), one) for one in truth if one.class_id in ranks]
    tiou, act = max(found, key=lambda pair: pair[0], default=(0.0, None))
    if act is None or tiou < SAME_TIOU:
        return Decision(suggestion["suggestion_id"], 0, suggestion["class_id"], (start, end), 0)
    moved = [abs(start - act.start_frame) > EDGE_FRAMES, abs(end - act.end_frame) > EDGE_FRAMES]
    span = (act.start_frame if moved[0] else start, act.end_frame if moved[1] else end)
    return Decision(suggestion["suggestion_id"], ranks[act.class_id], act.class_id, span, sum(moved))


def _compute_tiou(start: int, end: int, act: Label) -> float:
    shared = max(0, min(end, act.end_frame) - max(start, act.start_frame) + 1)
    return shared / (end - start + act.end_frame - act.start_frame + 2 - shared)


def review_suggestions(seat: Seat, truth: Sequence[Label], n: int) -> list[Decision]:
    """Walks through ``n`` suggestions as the studio brings them up, the first one by N.

    Returns:
        What was decided, in that order.
    """
    seat.press("n")
    done: list[Decision] = []
    while len(done) < n:
        suggestion = seat.run("return player.picked.suggestion")
        assert suggestion is not None, f"only {len(done)} suggestions came up"
        assert all(suggestion["suggestion_id"] != one.suggestion_id for one in done), "one came up twice"
        decision = decide(suggestion, truth)
        if decision.rank:
            _nudge(seat, "BracketLeft", int(suggestion["start_frame"]) - decision.span[0])
            _nudge(seat, "BracketRight", decision.span[1] - int(suggestion["end_frame"]))
            seat.press("Enter" if decision.rank == 1 else f"Digit{decision.rank}")
        else:
            seat.press("Backspace")
        done.append(decision)
    return done


def _nudge(seat: Seat, code: str, outward: int) -> None:
    """Moves an edge by holding its key down, with Shift inward; the keyboard repeats it frame by frame."""
    if not outward:
        return
    keyboard = seat.page.keyboard
    if outward < 0:
        keyboard.down("Shift")
    for _ in range(abs(outward)):
        keyboard.down(code)
    keyboard.up(code)
    if outward < 0:
        keyboard.up("Shift")
