"""What one evaluated number looks like, on the screen and as JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

PARTS = ("published", "each", "idle", "rates")
"""What a scanner is evaluated on: published frequencies, each gesture equally often, no gesture at all,
other frame rates."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of an evaluation.

    Attributes:
        evaluation: ``scanner`` or ``emotion``.
        name: What was measured, and on what.
        value: The number, in ``unit``; NaN where it does not exist.
        unit: Empty for shares and scores of 0 to 1.
        interval: 95 % bootstrap interval, or None.
        target: Limit it must keep, or None.
        at_least: Whether ``target`` is the least (True) or the most (False) allowed.
        beside: The same number of other methods on the same videos.
        note: How it was measured, where that is not plain.
        detail: More of the same measurement, for programs.
    """

    evaluation: str
    name: str
    value: float
    unit: str = ""
    interval: tuple[float, float] | None = None
    target: float | None = None
    at_least: bool = True
    beside: dict[str, float] = field(default_factory=dict)
    note: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the target is kept; None without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; numbers that do not exist become None."""
        plain: dict[str, Any] = _drop_nan({**asdict(self), "met": self.met})
        return plain

    def __str__(self) -> str:
        parts = [f"{self.name:58} {self.value:8.3f} {self.unit}".rstrip()]
        if self.interval is not None:
            parts.append(f"[{self.interval[0]:.3f}, {self.interval[1]:.3f}]")
        if self.target is not None:
            sign = ">=" if self.at_least else "<="
            parts.append(f"(target {sign} {self.target:g}: {'met' if self.met else 'NOT MET'})")
        parts += [f"{name}: {value:.3f}" for name, value in self.beside.items()]
        if self.note:
            parts.append(f"- {self.note}")
        return "  ".join(parts)


def _drop_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _drop_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_drop_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
