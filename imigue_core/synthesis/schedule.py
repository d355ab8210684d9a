"""Which act comes when: talk and listening, gaps, overlaps, and acts that compete for the same hands.

Plain spans and classes; how an act looks is the actors' business, and rates and spans by
class are in ``habits.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imigue_core.synthesis.gestures.base import ACTORS, BOTH, LEFT, RIGHT
from imigue_core.synthesis.habits import MEAN_SPANS, Habits, sample_span
from imigue_core.taxonomy import CLASS_IDS, ILLUSTRATIVE_ID

LEAD_S = 0.6
"""Nothing is acted nearer to the beginning or the end of an interview."""
SHORTEST_GAP_S = 0.3
"""Between two acts that follow one another."""
_LEAST_LEFT_S = 0.35
_BOTH_SHARE = 0.4
"""How often both sides act where one could."""
_OVERLAP_ODDS = 0.14
"""Attempts at an act beside another, a second of the first; makes 12 % of consecutive pairs overlap, as published."""
_ALONE_SHARE = 0.76
"""Factor on classes that need no arm when an act is drawn that stands alone: most of those beside another are
theirs."""
_BESIDE = 0.14
"""Acts beside another for each act that stands alone, as it comes out of that."""

ARMS = "arms"


@dataclass(frozen=True, slots=True)
class PlannedAct:
    """One act before it has details.

    Attributes:
        class_id: 1-31 or 99.
        start_s: First departure from rest, seconds from the beginning.
        end_s: Return to rest, or the end of the hold.
        side: ``left``, ``right`` or ``both``; one of the actor's.
    """

    class_id: int
    start_s: float
    end_s: float
    side: str


def can_overlap(a: PlannedAct, b: PlannedAct) -> bool:
    """Whether two acts keep different parts of the body busy; two acts with arms never do, as many need both."""
    return not ACTORS[a.class_id].parts & ACTORS[b.class_id].parts


def sample_talk(rng: np.random.Generator, duration_s: float) -> list[tuple[float, float]]:
    """Spans of talk: answers of some 25 s between questions of some 9 s, each answer in phrases."""
    spans: list[tuple[float, float]] = []
    now = float(rng.uniform(0, 8)) if rng.random() < 0.6 else 0.0
    while now < duration_s:
        stop = min(now + float(np.exp(rng.normal(np.log(22), 0.6))), duration_s)
        while now < stop:
            end = min(now + float(np.exp(rng.normal(np.log(3.2), 0.6))), stop)
            if end - now > 0.3:
                spans.append((now, end))
            now = end + float(np.exp(rng.normal(np.log(0.45), 0.5)))
        now = stop + float(np.exp(rng.normal(np.log(8), 0.55)))
    return spans


def plan_acts(
    rng: np.random.Generator,
    habits: Habits,
    weights: NDArray[np.float64],
    duration_s: float,
    talk: list[tuple[float, float]],
) -> list[PlannedAct]:
    """Act after act, with gaps; about an eighth begins while its forerunner lasts.

    Illustrative acts begin only during talk, and there so much more often that their share
    over the whole interview is the subject's.

    Args:
        rng: Of the interview.
        habits: Of the subject.
        weights: (32,) rates by class relative to the subject's total, as of `CLASS_IDS`; they need not sum to 1.
        duration_s: Length of the interview.
        talk: Its spans of talk, ascending.
    """
    rate = habits.rate * float(weights.sum())
    if rate <= 0:
        return []
    answers = _join(talk)
    in_talk = _share_weights(weights / weights.sum(), sum(b - a for a, b in answers) / duration_s)
    in_silence = weights * (np.array(CLASS_IDS) != ILLUSTRATIVE_ID)
    in_silence = in_silence / in_silence.sum()
    mean_gap = _compute_mean_gap(rate, weights)
    alone_talk, alone_silence = _draw_alone(in_talk), _draw_alone(in_silence)
    acts: list[PlannedAct] = []
    now = LEAD_S + mean_gap * float(rng.exponential())
    while now < duration_s - LEAD_S - _LEAST_LEFT_S:
        is_talk = any(a <= now < b for a, b in answers)
        class_id = int(rng.choice(CLASS_IDS, p=alone_talk if is_talk else alone_silence))
        act = _make_act(rng, habits, class_id, now, duration_s)
        acts.append(act)
        beside = _plan_overlap(rng, habits, act, in_talk if is_talk else in_silence, duration_s)
        acts.extend(beside)
        busy_until = max(a.end_s for a in (act, *beside))
        now = busy_until + SHORTEST_GAP_S + mean_gap * float(rng.gamma(0.8, 1 / 0.8))
    return sorted(acts, key=lambda act: act.start_s)


def _join(talk: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Answers: spans of talk whose pauses are shorter than two seconds."""
    answers: list[tuple[float, float]] = []
    for start, end in talk:
        if answers and start - answers[-1][1] < 2:
            answers[-1] = (answers[-1][0], end)
        else:
            answers.append((start, end))
    return answers


def _share_weights(shares: NDArray[np.float64], talk_share: float) -> NDArray[np.float64]:
    """Shares to draw from during talk so that all illustrative acts fit into it."""
    is_illustrative = np.array(CLASS_IDS) == ILLUSTRATIVE_ID
    wanted = float(shares[is_illustrative].sum())
    inside = min(wanted / max(talk_share, 0.05), 0.9)
    return np.where(is_illustrative, inside, shares * (1 - inside) / max(1 - wanted, 1e-9))


def _draw_alone(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares to draw acts that stand alone from, so that those beside them leave the sum as it should be."""
    alone = shares * np.array([1.0 if ARMS in ACTORS[class_id].parts else _ALONE_SHARE for class_id in CLASS_IDS])
    return np.asarray(alone / alone.sum())


def _compute_mean_gap(rate: float, weights: NDArray[np.float64]) -> float:
    """Seconds between acts, beyond the shortest gap, that give ``rate`` acts a minute."""
    means = np.array([MEAN_SPANS[class_id] for class_id in CLASS_IDS])
    span = float(means @ weights) / float(weights.sum())
    return max(60 / rate * (1 + _BESIDE) - span - SHORTEST_GAP_S, 0.25)


def _make_act(rng: np.random.Generator, habits: Habits, class_id: int, start_s: float, duration_s: float) -> PlannedAct:
    end_s = min(start_s + sample_span(rng, class_id), duration_s - LEAD_S)
    sides = ACTORS[class_id].sides
    is_left, is_both = rng.random() < habits.left_share[class_id], rng.random() < _BOTH_SHARE
    side = LEFT if is_left else RIGHT
    if side not in sides or (is_both and BOTH in sides):
        side = BOTH if BOTH in sides else sides[0]
    return PlannedAct(class_id, start_s, end_s, side)


def _plan_overlap(
    rng: np.random.Generator,
    habits: Habits,
    act: PlannedAct,
    shares: NDArray[np.float64],
    duration_s: float,
) -> list[PlannedAct]:
    """Acts of other parts that begin while ``act`` lasts: none, one, or more beside a long hold."""
    beside: list[PlannedAct] = []
    free_from = act.start_s + 0.15
    odds = 1 - np.exp(-_OVERLAP_ODDS * min(act.end_s - act.start_s, 12.0))
    while rng.random() < odds and len(beside) < 4:
        class_id = int(rng.choice(CLASS_IDS, p=shares))
        latest = act.end_s - 0.15
        if free_from >= latest:
            break
        start_s = float(rng.uniform(free_from, latest))
        other = _make_act(rng, habits, class_id, start_s, duration_s)
        if can_overlap(act, other) and other.end_s - other.start_s >= _LEAST_LEFT_S:
            beside.append(other)
            free_from = other.end_s + SHORTEST_GAP_S
    return beside
