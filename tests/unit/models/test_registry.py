"""Every row of the registry is a whole network: sizes, paper, and what its task asks for."""

from __future__ import annotations

import dataclasses
import importlib
import re
from pathlib import Path

import pytest

from imigue_core.errors import InputError
from imigue_core.models import networks
from imigue_core.models.registry import NETWORKS, ModelSpec
from imigue_core.models.tasks import ClassifyNetwork, EmbedNetwork, EmotionNetwork, ScanNetwork, Task

ASKED_FOR = {
    Task.SCAN: ScanNetwork,
    Task.CLASSIFY: ClassifyNetwork,
    Task.EMBED: EmbedNetwork,
    Task.EMOTION: EmotionNetwork,
}


@pytest.fixture(params=sorted(NETWORKS))
def spec(request: pytest.FixtureRequest) -> ModelSpec:
    return NETWORKS[request.param]


def test_its_sizes_are_a_frozen_dataclass(spec: ModelSpec) -> None:
    config = spec.load_class().config_type
    assert dataclasses.is_dataclass(config)
    (first, *_) = dataclasses.fields(config)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(spec.make_config({first.name: 1}), first.name, 2)
    with pytest.raises(InputError, match="MODEL_CARD"):
        spec.make_config({"wings": 2})


def test_its_file_names_the_paper(spec: ModelSpec) -> None:
    module = importlib.import_module(spec.load_class().__module__)
    assert re.search(r"(19|20)\d\d", module.__doc__ or "")


def test_it_can_what_its_task_asks_for(spec: ModelSpec) -> None:
    asked = {name for kind in ASKED_FOR[spec.task].__mro__ for name in vars(kind) if not name.startswith("_")}
    asked |= {name for kind in ASKED_FOR[spec.task].__mro__ for name in vars(kind).get("__annotations__", {})}
    network = spec.load_class()
    known = {name for kind in network.__mro__ for name in [*vars(kind), *vars(kind).get("__annotations__", {})]}
    made_at_start = {"config"}
    assert asked - made_at_start <= known


def test_what_it_sees_is_keypoints_at_a_rate_or_a_whole_video(spec: ModelSpec) -> None:
    assert (spec.joint_set is None) == (spec.rate_hz is None) == (spec.task is Task.EMOTION)


def test_every_file_of_a_network_has_a_row() -> None:
    files = {path.stem for path in Path(networks.__path__[0]).glob("*.py")} - {"__init__"}
    assert files == {spec.source.partition(":")[0] for spec in NETWORKS.values()}
