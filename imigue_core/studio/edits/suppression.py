"""Suppression: which suggestions of a scan are hidden from a person, because they say what the person has settled.

This is the one place that hides suggestions; it is pure, and its cases stand in tests/golden/suppression.json
for the browser's rule too. Stretches that are held back from a person are people/holdback.py's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from db.suggestions import Suggestion
from imigue_core.annotation import Annotation, Decision, Span, Verdict, compute_tiou

SAME_TIOU = 0.5
"""From this overlap on, two spans of one class are about the same gesture."""


class _Classed(Protocol):
    """A span with a class: a label, a suggestion or a decision."""

    @property
    def class_id(self) -> int: ...
    @property
    def span(self) -> Span: ...


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A suggestion as one person sees it. ``version`` is that of the person's decision, 0 when there is none."""

    suggestion: Suggestion
    is_skipped: bool = False
    version: int = 0


def select_suggestions(
    suggestions: Iterable[Suggestion],
    labels: Iterable[Annotation],
    accepted: Iterable[Suggestion],
    decisions: Iterable[Decision],
) -> list[ShownSuggestion]:
    """What of a scan is left for a person to look at, in the order given.

    Left out is what says the same as something the person has settled: a suggestion of
    the class of an own label, of a suggestion that an own label came from, or of an own
    rejection, at a temporal IoU of 0.5 or more with it. Rejections count whatever model
    they were about, until they are lifted. Skipped ones stay, marked.

    Args:
        suggestions: Of the current scan.
        labels: The person's standing labels of the video.
        accepted: The suggestions that these labels came from, of whatever scan.
        decisions: The person's decisions in the video, lifted ones included.
    """
    own = {decision.suggestion_id: decision for decision in decisions}
    came_from = {label.suggestion_id for label in labels}
    settled: dict[int, list[Span]] = {}
    rejected = [decision for decision in own.values() if decision.verdict is Verdict.REJECTED]
    groups: tuple[Iterable[_Classed], ...] = (labels, accepted, rejected)
    for group in groups:
        for known in group:
            settled.setdefault(known.class_id, []).append(known.span)
    shown = []
    for suggestion in suggestions:
        spans = settled.get(suggestion.class_id, ())
        if suggestion.suggestion_id in came_from or _is_among(suggestion.span, spans):
            continue
        decision = own.get(suggestion.suggestion_id)
        is_skipped = decision is not None and decision.verdict is Verdict.SKIPPED
        shown.append(ShownSuggestion(suggestion, is_skipped, decision.version if decision else 0))
    return shown


def _is_among(span: Span, known: Iterable[Span]) -> bool:
    start, end = span.start_frame, span.end_frame
    # Most spans are far apart, and there may be thousands on each side.
    return any(
        other.start_frame <= end and other.end_frame >= start and compute_tiou(span, other) >= SAME_TIOU
        for other in known
    )
