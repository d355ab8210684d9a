"""Model cards: the JSON file beside a model's weights that says what it is and what it was made from.

No torch here, so pages may read cards. What a refusal of the weights themselves looks like
is in ``checkpoint.py``.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from imigue_core.errors import InputError
from imigue_core.files import write_atomic

BUNDLED = Path(__file__).with_name("weights")
"""Folder of the models that come with the studio, one folder each."""
CARD_FILE = "card.json"
WEIGHTS_FILE = "weights.safetensors"
FORMAT = "imigue-model-card/1"
MAX_CARD_BYTES = 1024 * 1024
TRAINED_ON = ("synthetic", "user")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What stands on a card.

    Attributes:
        name: Of the model, lower-case words joined by ``-`` or ``_``.
        model: Registered network, such as ``dense_tcn``.
        config: Its sizes.
        preprocessing_hash: Of the code between poses and features it was trained with.
        classes: Class ids in the order of its outputs.
        trained_on: ``synthetic`` (acted people only) or ``user``.
        weights_sha256: Of the weights file.
        n_parameters: Numbers in the network.
        threshold: Score from which suggestions are shown unless the annotator says otherwise.
        calibration: What turns network outputs into scores.
        recipe: How it was trained: seeds, steps, rates, mixes, CPU seconds.
        metrics: What was measured, and on what.
        made_utc: When, ISO 8601.
        notes: Sentences for the Models page.
    """

    name: str
    model: str
    config: dict[str, Any]
    preprocessing_hash: str
    classes: list[int]
    trained_on: str
    weights_sha256: str
    n_parameters: int
    threshold: float
    calibration: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    made_utc: str = ""
    notes: list[str] = field(default_factory=list)


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
        if path.stat().st_size > MAX_CARD_BYTES:
            raise InputError("MODEL_CARD", "expected a card of at most 1 MB.", where=str(path))
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError("MODEL_CARD", f"expected a model card, got {error}.", where=str(path)) from error
    return _validate_card(values, str(path))


def _validate_card(values: object, where: str) -> ModelCard:
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise InputError("MODEL_CARD", f"expected a JSON object with format {FORMAT!r}.", where=where)
    kinds: dict[str, type | tuple[type, ...]] = {
        "name": str, "model": str, "config": dict, "preprocessing_hash": str, "classes": list, "trained_on": str,
        "weights_sha256": str, "n_parameters": int, "threshold": (int, float), "calibration": dict, "recipe": dict,
        "metrics": dict, "made_utc": str, "notes": list,
    }  # fmt: skip
    wanted = {f.name for f in fields(ModelCard)}
    for name in sorted(wanted):
        if not isinstance(values.get(name), kinds[name]) or isinstance(values[name], bool):
            raise InputError("MODEL_CARD", f"expected a card with a valid field {name!r}.", where=where)
    if values["trained_on"] not in TRAINED_ON:
        raise InputError("MODEL_CARD", f"expected trained_on to be one of {', '.join(TRAINED_ON)}.", where=where)
    if not 0 <= values["threshold"] <= 1:
        raise InputError("MODEL_CARD", f"expected a threshold of 0..1, got {values['threshold']}.", where=where)
    return ModelCard(**{name: values[name] for name in wanted})
