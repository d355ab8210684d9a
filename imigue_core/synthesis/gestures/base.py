"""What an act and an actor are, the envelopes they move by, and the registry of all actors.

An actor moves in two steps. ``move`` adds to the channels of trunk, head and face, of all
acts together; the body is then put up, and ``reach`` says where the hands go on it (see
``stage.py``). The gestures themselves live in the files beside this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.gestures.channels import Channels
from imigue_core.synthesis.gestures.stage import Stage

FloatArray = NDArray[np.float32]

LEFT, RIGHT, BOTH = "left", "right", "both"


@dataclass(frozen=True, slots=True)
class Act:
    """One gesture of one person.

    Attributes:
        class_id: The paper's, 1-31 or 99.
        start_s: Seconds at which the body first leaves what it did before.
        end_s: Seconds at which it is back, or at which a hold ends.
        dialect: One of the actor's.
        side: ``left``, ``right`` or ``both``, the person's own; one of the actor's sides.
        amplitude: 1 = usual; about 0.4 to 1.7.
        tempo: 1 = usual speed of repeats and of reaching; about 0.6 to 1.6.
        repeats: How many strokes; None = as many as the time allows at this tempo.
        offset: Shift of the touched place, metres: outwards, up, forward.
        seed: Of everything that is left to chance.
    """

    class_id: int
    start_s: float
    end_s: float
    dialect: str
    side: str = RIGHT
    amplitude: float = 1.0
    tempo: float = 1.0
    repeats: int | None = None
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """An act on its own stretch of time.

    Attributes:
        act: The act.
        t: (n,) float32 seconds since its start, within 0..duration (plus the actor's ``settle_s``).
    """

    act: Act
    t: FloatArray

    @property
    def duration(self) -> float:
        return self.act.end_s - self.act.start_s

    @property
    def sign(self) -> float:
        """1 for the left side, -1 for the right; ``both`` counts as left."""
        return -1.0 if self.act.side == RIGHT else 1.0

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that act."""
        return (LEFT, RIGHT) if self.act.side == BOTH else (self.act.side,)

    def make_rng(self, stream: int = 0) -> np.random.Generator:
        """Chance of this act; the same for any frame rate, so draw a number of values that frames do not decide."""
        return np.random.default_rng([self.act.seed, self.act.class_id, stream])

    def envelope(self, rise_s: float = 0.4, fall_s: float = 0.4, delay_s: float = 0.0) -> FloatArray:
        """0 at the start, 1 while held, 0 at the end; faster with the tempo, shortened to fit the act."""
        return compute_envelope(self.t, self.duration, rise_s / self.act.tempo, fall_s / self.act.tempo, delay_s)

    def wave(self, hertz: float, phase: float = 0.0) -> FloatArray:
        """(n,) sine of whole repeats: about `hertz` times the tempo, or ``act.repeats`` over the act; -1..1."""
        n = self.act.repeats or max(1.0, round(hertz * self.act.tempo * self.duration))
        return np.asarray(np.sin(2 * np.pi * (n / self.duration * self.t + phase)), np.float32)


def compute_minimum_jerk(x: FloatArray) -> FloatArray:
    """0..1 -> 0..1 as a reaching hand moves (Flash and Hogan 1985, eq. 2); clipped outside."""
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * x * (10 + x * (6 * x - 15)), np.float32)


def compute_envelope(t: FloatArray, duration: float, rise_s: float, fall_s: float, delay_s: float = 0.0) -> FloatArray:
    """Rise, hold and fall.

    Args:
        t: (n,) seconds since the start.
        duration: Seconds; at this time the envelope is 0 again.
        rise_s: Seconds of the rise.
        fall_s: Seconds of the fall; both shrink together when they do not fit.
        delay_s: Seconds before the rise.

    Returns:
        (n,) float32, 0..1.
    """
    room = max(duration - delay_s, 1e-3)
    shrink = min(1.0, room / max(rise_s + fall_s, 1e-3))
    rise_s, fall_s = max(rise_s * shrink, 1e-3), max(fall_s * shrink, 1e-3)
    up = compute_minimum_jerk((t - delay_s) * np.float32(1 / rise_s))
    up *= compute_minimum_jerk((duration - t) * np.float32(1 / fall_s))
    return up


def compute_steps(t: FloatArray, knots_s: NDArray[Any], values: NDArray[Any], ease_s: float) -> FloatArray:
    """Hold one value after another, going over to each in `ease_s` seconds from its knot on.

    Args:
        t: (n,) seconds.
        knots_s: (k,) ascending.
        values: (k,) or (k, m), reached after each knot; before the first the value is 0.
        ease_s: Seconds.

    Returns:
        (n,) or (n, m) float32.
    """
    values = np.asarray(values, np.float32)
    steps = np.diff(values, axis=0, prepend=np.zeros_like(values[:1]))
    out = np.zeros((len(t), *values.shape[1:]), np.float32)
    for knot, step in zip(knots_s, steps, strict=True):
        weight = compute_minimum_jerk((t - np.float32(knot)) * np.float32(1 / ease_s))
        out += np.multiply.outer(weight, step)
    return out


Move = Callable[[Cue, Channels], None]
Reach = Callable[[Cue, Stage], None]


@dataclass(frozen=True, slots=True)
class Actor:
    """How one class is acted.

    Attributes:
        class_id: The paper's.
        dialects: Ways of acting it; the LAST one is held out of training.
        parts: What it occupies, of ``torso``, ``shoulders``, ``head``, ``face``, ``arms``; acts whose parts are
            disjoint may overlap, and ``arms`` with ``arms`` when the sides differ and neither is ``both``.
        sides: The sides it can be acted on.
        move: Adds to trunk, head and face; may be None.
        reach: Directs the hands; may be None.
        settle_s: Seconds after the act in which the body may still drift back.
    """

    class_id: int
    dialects: tuple[str, ...]
    parts: frozenset[str]
    sides: tuple[str, ...]
    move: Move | None = None
    reach: Reach | None = None
    settle_s: float = 0.0


ACTORS: dict[int, Actor] = {}
"""Every actor by class id; full once ``performer`` has been imported."""


def register(*actors: Actor) -> None:
    """Enter actors into `ACTORS`."""
    for actor in actors:
        ACTORS[actor.class_id] = actor
