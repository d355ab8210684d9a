"""The list of models: bundled and trained here, broken ones described, the active one chosen and logged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from db.engine import Database, open_database
from db.people import Annotator, list_audit
from imigue_core.errors import InputError
from imigue_core.models.cards import BUNDLED, save_card
from imigue_core.models.cards import list_models as list_names
from imigue_core.settings import Settings
from imigue_core.studio.edits.reviewing import load_review
from imigue_core.studio.models.project_models import (
    DEFAULT_THRESHOLD,
    find_threshold,
    get_active_emotion_name,
    get_active_model,
    list_models,
    set_active_model,
)
from imigue_core.studio.people.project_settings import ACTIVE_SCANNER
from imigue_core.studio.safety.backing_up import make_backup
from imigue_core.studio.safety.restoring import restore_backup
from imigue_core.suggest.scanner import load_scanner
from tests.harness.hands import make_video
from tests.harness.models import make_card, make_emotion_model, make_scanner


def list_own(db: Database) -> dict[str, str | None]:
    """Code of the refusal of each model that was trained in the project."""
    own = [model for model in list_models(db) if not model.is_bundled]
    return {model.name: model.refusal.code if model.refusal else None for model in own}


def test_a_project_without_models_of_its_own_lists_the_bundled_ones(db: Database) -> None:
    models = list_models(db)
    assert [model.name for model in models] == list_names()
    assert all(model.is_bundled and model.card is not None for model in models)
    assert get_active_model(db) == ACTIVE_SCANNER.default


def test_models_trained_here_are_listed_beside_broken_ones(db: Database) -> None:
    make_scanner(db.settings.data, "mine")
    make_scanner(db.settings.data, "moved")
    make_emotion_model(db.settings.data)
    (db.settings.models / "moved").rename(db.settings.models / "renamed")
    for name, text in (("empty", ""), ("list", "[]"), ("old", '{"format": "other"}'), ("nan", '{"threshold": NaN}')):
        (db.settings.models / name).mkdir()
        (db.settings.models / name / "card.json").write_text(text)
    (db.settings.models / "no-card").mkdir()
    assert list_own(db) == {
        "mood": None, "mine": None, "renamed": "MODEL_CARD", "empty": "MODEL_CARD",
        "list": "MODEL_CARD", "old": "MODEL_CARD", "nan": "MODEL_CARD",
    }  # fmt: skip
    scanners = [model.name for model in list_models(db) if model.is_scanner and not model.is_bundled]
    assert scanners == ["mine"]


@pytest.mark.parametrize("field", ["threshold", "classes", "trained_on", "weights_sha256"])
def test_a_card_that_lacks_a_field_is_refused_not_raised(db: Database, field: str) -> None:
    make_scanner(db.settings.data, "mine")
    path = db.settings.models / "mine" / "card.json"
    card = json.loads(path.read_text())
    del card[field]
    path.write_text(json.dumps(card))
    assert list_own(db) == {"mine": "MODEL_CARD"}
    assert find_threshold(db.settings, "mine") == DEFAULT_THRESHOLD


def test_choosing_a_model_is_logged_once(db: Database, ann: Annotator) -> None:
    make_scanner(db.settings.data, "mine", threshold=0.375)
    make_video(db)
    for _ in range(2):
        set_active_model(db, "mine", ann.annotator_id)
    assert get_active_model(db) == "mine"
    assert load_review(db, 1, 1)["threshold"] == 0.375
    with db.read() as conn:
        assert [(e.target, e.annotator_id) for e in list_audit(conn, "model.activate")] == [("model:mine", 1)]


@pytest.mark.parametrize(
    ("name", "code"),
    [("nothing", "MODEL_UNKNOWN"), ("../mine", "MODEL_UNKNOWN"), ("broken", "MODEL_CARD"), ("", "MODEL_UNKNOWN")],
)  # fmt: skip
def test_what_cannot_be_read_is_not_made_active(db: Database, ann: Annotator, name: str, code: str) -> None:
    (db.settings.models / "broken").mkdir(parents=True)
    (db.settings.models / "broken" / "card.json").write_text("{")
    with pytest.raises(InputError, match=code):
        set_active_model(db, name, ann.annotator_id)
    assert get_active_model(db) == ACTIVE_SCANNER.default


def test_an_emotion_model_is_chosen_beside_the_scanner(db: Database, ann: Annotator) -> None:
    make_emotion_model(db.settings.data)
    set_active_model(db, "mood", ann.annotator_id)
    assert get_active_model(db) == ACTIVE_SCANNER.default
    with db.read() as conn:
        assert get_active_emotion_name(conn) == "mood"


def test_a_model_of_a_task_that_no_project_uses_is_not_made_active(db: Database, ann: Annotator) -> None:
    save_card(db.settings.models / "lstm", make_card("lstm", "sliding_lstm"))
    with pytest.raises(InputError, match="MODEL_TASK"):
        set_active_model(db, "lstm", ann.annotator_id)
    assert get_active_model(db) == ACTIVE_SCANNER.default


def test_a_model_that_is_gone_leaves_the_page_working(db: Database, ann: Annotator) -> None:
    make_scanner(db.settings.data, "mine")
    set_active_model(db, "mine", ann.annotator_id)
    make_video(db)
    for path in sorted((db.settings.models / "mine").iterdir()):
        path.unlink()
    assert load_review(db, 1, 1)["threshold"] == DEFAULT_THRESHOLD
    assert get_active_model(db) == "mine"


def test_a_backup_holds_the_models_that_were_trained_here(db: Database, ann: Annotator, tmp_path: Path) -> None:
    make_scanner(db.settings.data, "mine")
    set_active_model(db, "mine", ann.annotator_id)
    (db.settings.models / "mine" / "checkpoint.bin").write_bytes(b"not asked for")
    (db.settings.models / "Odd Name").mkdir()
    (db.settings.models / "Odd Name" / "card.json").write_text("{}")
    data = restore_backup(make_backup(db).folder, tmp_path / "restored").data
    restored = open_database(Settings(data=data))
    assert list_own(restored) == {"mine": None}
    assert get_active_model(restored) == "mine"
    restored.close()
    assert load_scanner(data / "models" / "mine", "cpu").card.name == "mine"
    assert sorted(path.name for path in (data / "models" / "mine").iterdir()) == ["card.json", "weights.safetensors"]


def test_reading_cards_and_scores_does_not_load_torch() -> None:
    program = (
        "import sys\n"
        "import imigue_core.studio.models.project_models, imigue_core.studio.models.emotion\n"
        "import imigue_core.studio.models.scanning\n"
        "import imigue_core.web.suggestions_api, imigue_core.jobs.scan, imigue_core.commands.scan\n"
        "assert 'torch' not in sys.modules and 'mediapipe' not in sys.modules\n"
    )
    root = Path(BUNDLED).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
