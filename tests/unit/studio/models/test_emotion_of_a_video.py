"""The emotion score of a video: nobody's before an own rating, and an exact sum of what was seen."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from db.engine import Database
from db.people import Annotator
from db.videos import save_times, update_video
from imigue_core.errors import ConflictError, InputError, NotAvailableError
from imigue_core.studio.models.emotion import load_emotion, read_without
from imigue_core.studio.models.project_models import set_active_model
from imigue_core.studio.videos.removing import remove_video
from imigue_core.suggest.emotion import COUNTED_FROM
from tests.harness.hands import N_FRAMES, Hand, make_person, make_scan, make_video
from tests.harness.models import make_emotion_model

MINUTES = N_FRAMES / 25 / 60


@pytest.fixture
def hand(db: Database, ann: Annotator) -> Hand:
    """Ann's page on a video of 40 s that she has rated; the model knows classes 5 and 6 alone."""
    make_emotion_model(db.settings.data)
    set_active_model(db, "mood", ann.annotator_id)
    hand = Hand(db, ann.annotator_id, make_video(db))
    hand.do("rate", emotion="negative", note="")
    return hand


def load(hand: Hand) -> dict[str, Any]:
    return load_emotion(hand.db, hand.video_id, hand.annotator_id)


def read_counts(score: dict[str, Any]) -> dict[int, float]:
    return {one["class_id"]: one["n"] for one in score["contributions"] if one["n"]}


def test_an_empty_video_is_the_intercept(hand: Hand) -> None:
    score = load(hand)
    assert (score["logit"], score["intercept"], read_counts(score)) == (0.25, 0.25, {})
    assert (score["trained_on"], score["model"]) == ("synthetic", "mood")
    assert score["value"] == pytest.approx(2 * score["probability"] - 1)
    assert score["interval"][0] < score["value"] < score["interval"][1]
    assert "acted" in score["note"]


def test_labels_add_what_the_model_says(hand: Hand) -> None:
    hand.create(5, 0, 24)
    hand.create(5, 100, 149)
    hand.create(6, 200, 249)
    score = load(hand)
    parts = {one["class_id"]: one["logit"] for one in score["contributions"]}
    assert parts[5] == pytest.approx(0.5 * np.log1p(2 / MINUTES), rel=1e-3)
    assert parts[6] == pytest.approx(-0.25 * np.log1p(1 / MINUTES) - 0.125 * 50 / N_FRAMES, rel=1e-3)
    assert len(parts) == 32
    assert score["intercept"] + sum(parts.values()) == pytest.approx(score["logit"], abs=1e-12)
    assert read_counts(score) == {5: 2, 6: 1}


def test_suggestions_count_by_their_probability_until_they_are_decided(hand: Hand) -> None:
    spans = [(5, 0, 24), (5, 100, 149), (5, 200, 249), (5, 300, 349)]
    first, second, third, _ = make_scan(hand.db, *spans, scores=(0.5, 0.5, 0.5, COUNTED_FROM / 2))
    assert read_counts(load(hand))[5] == 1.5
    hand.accept(first, 5, 0, 24)
    assert read_counts(load(hand))[5] == 2
    hand.review(second, "rejected")
    assert read_counts(load(hand))[5] == 1.5
    hand.review(third, "skipped")
    assert read_counts(load(hand)) == {5: 1}


def test_everybody_has_an_own_score(hand: Hand) -> None:
    hand.create(5)
    ben = Hand(hand.db, make_person(hand.db, "Ben"))
    with pytest.raises(ConflictError, match="RATING_FIRST"):
        load(ben)
    ben.do("rate", emotion="unsure", note="")
    assert (read_counts(load(ben)), read_counts(load(hand))) == ({}, {5: 1})


def test_a_rating_that_was_taken_back_closes_the_score_again(hand: Hand) -> None:
    hand.undo(hand.last["edit_id"])
    with pytest.raises(ConflictError, match="RATING_FIRST"):
        load(hand)


def test_seconds_are_presentation_times(hand: Hand) -> None:
    hand.create(6, 0, 99)
    even = load(hand)["logit"]
    with hand.db.write() as conn:
        pts = np.concatenate([np.arange(100) * 200, 20000 + np.arange(N_FRAMES - 100) * 20])
        save_times(conn, 1, pts, Fraction(1, 1000))
    seconds = 37.98 + 0.04
    logit = 0.25 - 0.25 * np.log1p(60 / seconds) - 0.125 * 20 / seconds
    assert load(hand)["logit"] == pytest.approx(logit, rel=1e-3)
    assert load(hand)["logit"] != pytest.approx(even, rel=1e-4)


def test_refusals(hand: Hand, db: Database) -> None:
    with db.write() as conn:
        update_video(conn, 1, n_frames=None, kind="labels")
    with pytest.raises(ConflictError, match="VIDEO_NOT_READY"):
        load(hand)
    with db.write() as conn:
        update_video(conn, 1, n_frames=N_FRAMES, kind="video")
    weights = db.settings.models / "mood" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4])
    with pytest.raises(InputError, match="MODEL_TRUNCATED"):
        load(hand)
    remove_video(db, 1)
    with pytest.raises(NotAvailableError):
        load(hand)


def test_spans_add_up_to_what_their_class_adds(hand: Hand) -> None:
    hand.create(5, 0, 24)
    hand.create(5, 100, 149)
    label = hand.create(6, 200, 249)
    make_scan(hand.db, (5, 400, 424), (6, 500, 600), scores=(0.5, 0.25))
    score = load(hand)
    for one in score["contributions"]:
        parts = sum(
            logit for span in score["spans"] for class_id, logit in span["parts"] if class_id == one["class_id"]
        )
        assert one["unseen"] + parts == pytest.approx(one["logit"], abs=1e-12)
    total = score["intercept"] + sum(one["unseen"] for one in score["contributions"])
    assert total + sum(span["logit"] for span in score["spans"]) == pytest.approx(score["logit"], abs=1e-12)
    assert [span["class_id"] for span in score["spans"]] == [5, 5, 6, 5, 6]
    first, second, third, suggested, _ = score["spans"]
    assert first["logit"] == second["logit"] > suggested["logit"] > 0, "twice as sure weighs twice as much"
    assert dict(suggested["parts"])[5] == pytest.approx(first["logit"] / 2)
    assert (third["annotation_id"], third["start_frame"], third["end_frame"]) == (label, 200, 249)
    assert score["full"] == {"value": score["value"], "logit": score["logit"]}


def test_a_span_that_is_left_out_counts_no_more(hand: Hand) -> None:
    hand.create(5, 0, 24)
    alone = load(hand)
    label = hand.create(6, 200, 249)
    (suggested,) = make_scan(hand.db, (5, 400, 424))
    whole = load(hand)
    score = load_emotion(hand.db, hand.video_id, hand.annotator_id, read_without(f"{label},{suggested},999"))
    assert score["logit"] == alone["logit"] != whole["logit"] == score["full"]["logit"]
    assert read_counts(score) == {5: 1}
    assert [(span["is_on"], span["parts"] == []) for span in score["spans"]] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    assert load(hand) == whole
