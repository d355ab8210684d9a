"""Model cards: the JSON file beside a model's weights that says what it is and what it was made from.

No torch here, so pages may read cards. What a refusal of the weights themselves looks like
is in ``checkpoint.py``.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import NoneType
from typing import Any

from imigue_core.errors import InputError
from imigue_core.files import read_regular, write_atomic
from imigue_core.limits import CARD_FILE as CARD_BYTES
from imigue_core.models.registry import get_model_spec
from imigue_core.models.tasks import Task
from imigue_core.taxonomy import CLASS_IDS

BUNDLED = Path(__file__).with_name("weights")
"""Folder of the models that come with the studio, one folder each."""
CARD_FILE = "card.json"
WEIGHTS_FILE = "weights.safetensors"
FORMAT = "imigue-model-card/2"
OLD_FORMAT = "imigue-model-card/1"
"""Says no task, joint set, rate or licence: the first three are those of its network."""
DEFAULT_MODELS = {Task.SCAN: "scanner-dense", Task.EMOTION: "emotion-additive"}
"""The bundled model of each task that a project uses a model for."""
LICENCES = {"synthetic": "Apache-2.0", "user": "that of the videos and labels it was trained on"}
"""By what a model was trained on."""
TRAIN_COMMANDS = {Task.SCAN: "train scanner", Task.EMOTION: "train emotion"}
TRAINED_ON = ("synthetic", "user")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What stands on a card.

    Attributes:
        name: Of the model, lower-case words joined by ``-`` or ``_``.
        model: Network, such as ``dense_tcn``; a row of ``registry.py``.
        task: What it is for.
        config: Sizes of the network.
        joint_set: The points it sees, None when it sees a video's gestures instead.
        rate_hz: Samples a second that it sees, None when it sees a whole video at once.
        preprocessing_hash: Of the code between poses and features it was trained with.
        classes: Class ids in the order of its outputs.
        trained_on: ``synthetic`` (acted people only) or ``user``.
        weights_sha256: Of the weights file.
        n_parameters: Numbers in the network.
        threshold: Score from which suggestions are shown unless the annotator says otherwise.
        calibration: What turns network outputs into scores.
        recipe: How it was trained: seeds, steps, rates, mixes, CPU seconds.
        metrics: What was measured, and on what.
        licence: Under which its weights may be used.
        made_utc: When, ISO 8601.
        notes: Sentences for the Models page.
    """

    name: str
    model: str
    task: Task
    config: dict[str, Any]
    joint_set: str | None
    rate_hz: float | None
    preprocessing_hash: str
    classes: list[int]
    trained_on: str
    weights_sha256: str
    n_parameters: int
    threshold: float
    calibration: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    licence: str = ""
    made_utc: str = ""
    notes: list[str] = field(default_factory=list)


_NUMBER = (int, float)
_KINDS: dict[str, type | tuple[type, ...]] = {
    "name": str, "model": str, "task": str, "config": dict, "joint_set": (str, NoneType),
    "rate_hz": (*_NUMBER, NoneType), "preprocessing_hash": str, "classes": list, "trained_on": str,
    "weights_sha256": str, "n_parameters": int, "threshold": _NUMBER, "calibration": dict, "recipe": dict,
    "metrics": dict, "licence": str, "made_utc": str, "notes": list,
}  # fmt: skip
"""What JSON must hold in each field."""


def get_model_folder(name: str, data: Path | None = None) -> Path:
    """The folder of a model: a bundled one first, then the project's own ``models/<name>``.

    Raises:
        InputError: ``MODEL_UNKNOWN``.
    """
    if re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,59}", name):
        own = [] if data is None else [data / "models" / name]
        for folder in (BUNDLED / name, *own):
            if (folder / CARD_FILE).is_file():
                return folder
    known = ", ".join(list_models(data)) or "none"
    raise InputError("MODEL_UNKNOWN", f"expected the name of a model ({known}), got {name[:80]!r}.")


def list_models(data: Path | None = None) -> list[str]:
    """Names of the bundled models and of the project's own, sorted."""
    folders = [BUNDLED] if data is None else [BUNDLED, data / "models"]
    found = {path.parent.name for folder in folders if folder.is_dir() for path in folder.glob(f"*/{CARD_FILE}")}
    return sorted(found)


def save_card(folder: Path, card: ModelCard) -> None:
    """Write ``card.json``, whole or not at all."""
    text = json.dumps({"format": FORMAT, **asdict(card)}, indent=1, allow_nan=False) + "\n"
    write_atomic(folder / CARD_FILE, lambda file: file.write(text.encode()))


def load_card(folder: Path) -> ModelCard:
    """The card in a model's folder.

    Raises:
        InputError: ``MODEL_CARD`` when it is missing, damaged or lacks a field.
    """
    path = folder / CARD_FILE
    try:
        text = read_regular(path, CARD_BYTES.most, code="MODEL_CARD").decode("utf-8")
        values = json.loads(text, parse_constant=_refuse_constant)
    except (InputError, ValueError, RecursionError) as error:
        message = error.message if isinstance(error, InputError) else f"{error!s:.200}."
        raise InputError("MODEL_CARD", f"expected a model card: {message}", where=str(path)) from error
    return _validate_card(values, str(path))


def _refuse_constant(name: str) -> float:
    raise ValueError(f"expected finite numbers, got {name}")


def _validate_card(values: object, where: str) -> ModelCard:
    if not isinstance(values, dict) or values.get("format") not in (FORMAT, OLD_FORMAT):
        raise InputError("MODEL_CARD", f"expected a JSON object with format {FORMAT!r}.", where=where)
    if values["format"] == OLD_FORMAT:
        values = _complete(values)
    wanted = {f.name for f in fields(ModelCard)}
    for name in sorted(wanted):
        if not isinstance(values.get(name), _KINDS[name]) or isinstance(values[name], bool):
            raise InputError("MODEL_CARD", f"expected a card with a valid field {name!r}.", where=where)
    if values["task"] not in list(Task):
        raise InputError(
            "MODEL_CARD", f"expected a task of {', '.join(Task)}, got {values['task'][:80]!r}.", where=where
        )
    if values["trained_on"] not in TRAINED_ON:
        raise InputError("MODEL_CARD", f"expected trained_on to be one of {', '.join(TRAINED_ON)}.", where=where)
    if not 0 <= values["threshold"] <= 1:
        raise InputError("MODEL_CARD", f"expected a threshold of 0..1, got {values['threshold']}.", where=where)
    found: dict[str, Any] = {name: values[name] for name in wanted}
    return ModelCard(**{**found, "task": Task(found["task"])})


def _complete(values: dict[str, Any]) -> dict[str, Any]:
    """An old card with what it left to its network.

    Raises:
        InputError: ``MODEL_CARD`` for an unknown network.
    """
    spec = get_model_spec(str(values.get("model")))
    licence = LICENCES.get(str(values.get("trained_on")), "")
    return {
        **values, "task": spec.task.value, "joint_set": spec.joint_set, "rate_hz": spec.rate_hz, "licence": licence,
    }  # fmt: skip


def validate_fit(card: ModelCard, hashes: tuple[str, ...], where: str) -> None:
    """Refuse a model that was trained on other features, at another rate or for other classes than this studio has.

    Args:
        card: The model's.
        hashes: Of the code between data and features: this studio's, and earlier ones that gave the same features.
        where: Folder of the model.

    Raises:
        InputError: ``MODEL_CARD``, ``MODEL_PREPROCESSING`` or ``MODEL_CLASSES``.
    """
    spec = get_model_spec(card.model)
    command = TRAIN_COMMANDS.get(spec.task, "train")
    hint = f"Train it again with this version of the studio: python -m imigue_core {command} --data project."
    if card.task is not spec.task:
        raise InputError("MODEL_CARD", f"expected task {spec.task} of {card.model}, got {card.task}.", where=where)
    if card.preprocessing_hash not in hashes:
        message = f"expected preprocessing {hashes[0][:12]}, the model was trained with {card.preprocessing_hash[:12]}."
        raise InputError("MODEL_PREPROCESSING", message, hint=hint, where=where)
    if (card.joint_set, card.rate_hz) != (spec.joint_set, spec.rate_hz):
        message = (
            f"expected joint set {spec.joint_set} at {spec.rate_hz} Hz, "
            f"the model was trained with {card.joint_set} at {card.rate_hz} Hz."
        )
        raise InputError("MODEL_PREPROCESSING", message, hint=hint, where=where)
    if tuple(card.classes) != CLASS_IDS:
        message = f"expected the studio's {len(CLASS_IDS)} classes in their order, the model has {len(card.classes)}."
        raise InputError("MODEL_CLASSES", message, hint=hint, where=where)
