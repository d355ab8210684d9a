"""What one measurement looks like, and the small arithmetic that all of them share."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Attributes:
        bench: Name of the file it comes from.
        name: What was measured.
        value: The number, in ``unit``.
        target: Limit it must keep, or None.
        at_least: Whether ``target`` is the least (True) or the most (False) allowed.
        peer: What did the same work in the same call, and its number; figures taken elsewhere stand in docs/figures.md.
        note: How it was measured, where that is not plain.
    """

    bench: str
    name: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    peer: str | None = None
    peer_value: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def is_more_better(self) -> bool:
        """Whether a larger number is the better one: shares and rates, as ``frames/CPU-s``."""
        return self.at_least or "/" in self.unit

    @property
    def ratio(self) -> float | None:
        """This studio's number over the peer's."""
        return self.value / self.peer_value if self.peer_value else None

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met, "ratio": self.ratio}

    def __str__(self) -> str:
        parts = [f"{self.bench:9} {self.name:62} {self.value:10.4g} {self.unit}"]
        if self.target is not None:
            sign = ">=" if self.at_least else "<="
            parts.append(f"(target {sign} {self.target:g}: {'met' if self.met else 'NOT MET'})")
        if self.peer is not None and self.ratio is not None:
            parts.append(f"[{self.peer}: {self.peer_value:.4g}, ratio {self.ratio:.3g}]")
        if self.note:
            parts.append(f"- {self.note}")
        return "  ".join(parts)


def compute_percentiles(values: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return float(np.percentile(values, 50)), float(np.percentile(values, 95))


def time_cpu(run: Callable[[], Any]) -> tuple[float, float]:
    """CPU seconds of this process (all threads) and wall seconds of one call."""
    cpu, wall = time.process_time(), time.perf_counter()
    run()
    return time.process_time() - cpu, time.perf_counter() - wall
