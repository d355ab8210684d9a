"""What is spoilt on purpose is spoilt, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imigue_core.training.controls import CONTROLS, SETS
from imigue_core.training.datasets import act_recordings, make_spec
from imigue_core.training.evaluation_sets import list_published
from imigue_core.training.recipes import Recipe, make_recipe

SHORT = Recipe(recording_s=(30.0, 32.0), mixes=(("uniform", 1.0),))


def test_controls_differ_from_the_recipe_by_what_they_say_only() -> None:
    recipe = make_recipe(6.0)
    for change in CONTROLS.values():
        spoilt = replace(recipe, **change).to_dict()
        assert {k for k, v in recipe.to_dict().items() if spoilt[k] != v} == set(change)


def test_a_control_gets_the_labels_of_another_interview() -> None:
    (honest,), (spoilt,) = (
        act_recordings(replace(SHORT, shuffle_labels=shuffled), number=2) for shuffled in (False, True)
    )
    np.testing.assert_array_equal(honest.features, spoilt.features)
    assert honest.spans.starts.tolist() != spoilt.spans.starts.tolist()
    assert len(spoilt.spans.starts) > 0


def test_without_a_detector_model_points_are_exact() -> None:
    spec, _ = make_spec(replace(SHORT, **CONTROLS["no detector model"]), 2)
    assert spec.profile == "perfect"


def test_both_sets_have_the_same_people() -> None:
    one, other = (list_published(5, profile=profile) for profile in SETS.values())
    assert [s.seed for s in one] == [s.seed for s in other]
    assert {s.profile for s in other} == {"harsh"}
