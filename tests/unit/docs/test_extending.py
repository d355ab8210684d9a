"""Every recipe of docs/extending.md, done as it stands there in a copy of the tree, does what it promises."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.places import ROOT

PAGE = ROOT / "docs" / "extending.md"
MOST_LINES = 10
"""Of a recipe, beside the text of its new files, its headings and blank lines."""
_STEP = re.compile(r"^\d\. (.*?)(?=^\d\. |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"```(?:python|text)\n(.*?)```", re.DOTALL)

CHECKS = {
    "A format of label files": """
from imigue_core.formats.label_file import FileVideo, Interval, LabelFile
from imigue_core.formats.registry import find_formats
file = LabelFile({"v": FileVideo(number=1)}, [Interval(video="v", class_text="5", start_frame=10, end_frame=20)])
assert find_formats().get("lines").save(file) == b"5 10 20\\n"
""",
    "A step of the worker": """
from db.engine import open_database
from db.jobs import enqueue_job, list_jobs
from imigue_core.jobs.worker import run_jobs
from imigue_core.settings import load_settings
from imigue_core.studio.videos.steps import Step, format_job
db = open_database(load_settings("project"))
with db.write() as conn:
    enqueue_job(conn, None, Step.COUNT)
with db.read() as conn:
    assert format_job(list_jobs(conn)[0]) == "Counting files: waiting"
run_jobs(db)
assert int((db.settings.data / "count.txt").read_text()) > 0
""",
    "A network": """
import torch
from imigue_core.models.registry import get_model_spec
spec = get_model_spec("window_mean")
network = spec.load_class()(spec.make_config({"n_features": 3}))
assert network(torch.zeros(2, network.window, 3)).shape == (2, 33)
""",
    "A feature": """
from imigue_core.models.features.revision import PREPROCESSING_HASH, SAME_FEATURES
from imigue_core.models.features.table import FEATURE_NAMES, MIRROR
from imigue_core.models.cards import BUNDLED, load_card
place = FEATURE_NAMES.index("head_lean")
assert (MIRROR.order[place], MIRROR.sign[place]) == (place, -1)
assert PREPROCESSING_HASH not in (*SAME_FEATURES, load_card(BUNDLED / "scanner-dense").preprocessing_hash)
""",
    "A field of a label or a rating": """
from db.check import check_database
from db.engine import open_database
from db.people import add_annotator
from imigue_core.settings import load_settings
from imigue_core.studio.edits.shown import load_video_state
from tests.harness.hands import Hand, make_video
db = open_database(load_settings("project"))
with db.write() as conn:
    ann = add_annotator(conn, "Ann").annotator_id
make_video(db)
hand = Hand(db, ann)
assert hand.do("rate", emotion="positive", arousal=6).refused == []
assert load_video_state(db, 1, ann)["ratings"][0]["arousal"] == 6
assert hand.do("rate", base_version=1, emotion="positive", arousal=8).refused[0]["code"] == "AROUSAL_INVALID"
assert check_database(db).ok
""",
    "A page": """
import os
from streamlit.testing.v1 import AppTest
from db.engine import open_database
from imigue_core.settings import load_settings
from pages._navigation import PAGES
open_database(load_settings("project"))
os.environ["IMIGUE_DATA"] = "project"
assert "hello.py" in [file for file, *_ in PAGES]
app = AppTest.from_file("pages/hello.py", default_timeout=60).run()
assert not app.exception
assert "0 videos" in str(app.get("html")[0].proto.body)
""",
}
"""What holds once a recipe was done, run in the copy; by the recipe's heading."""


def list_recipes() -> dict[str, str]:
    """The text of each recipe by its heading."""
    parts = re.split(r"^## (.*)$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def do_recipe(recipe: str, root: Path) -> None:
    """Makes the new files and changes the lines that a recipe names."""
    for step in _STEP.findall(recipe):
        block = _BLOCK.search(step)
        made = re.match(r"New file `(\S+)`", step)
        added = re.match(r"In `(\S+)`, below `(.+?)`[:;]", step)
        changed = re.match(r"In `(\S+)`, `(.+?)` becomes `(.+?)`", step)
        if made and block:
            (root / made[1]).write_text(block[1], "utf-8")
        elif added and block:
            add_below(root / added[1], added[2], block[1])
        elif changed:
            path = root / changed[1]
            text = path.read_text("utf-8")
            assert text.count(changed[2]) == 1, f"{changed[1]} has no line {changed[2]!r}, or more than one"
            path.write_text(text.replace(changed[2], changed[3]), "utf-8")


def add_below(path: Path, anchor: str, lines: str) -> None:
    """Puts lines below the first one that has ``anchor`` in it."""
    text = path.read_text("utf-8").splitlines(keepends=True)
    places = [number for number, line in enumerate(text) if anchor in line]
    assert places, f"{path.name} has no line with {anchor!r}"
    text.insert(places[0] + 1, lines)
    path.write_text("".join(text), "utf-8")


def count_lines(recipe: str) -> int:
    """Lines of a recipe that are to be read and typed, without new files' own text, fences and blank lines."""
    without_files = re.sub(r"(New file [^\n]*\n\n)```python\n.*?```", r"\1", recipe, flags=re.DOTALL)
    return sum(1 for line in without_files.splitlines() if line.strip() and not line.startswith("```"))


def copy_tree(target: Path) -> Path:
    """The parts of the tree that recipes touch or checks need."""
    for name in ("imigue_core", "db", "pages", "tests/harness"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests" / "__init__.py", target / "tests")
    return target


def test_there_is_a_check_for_every_recipe_and_each_fits_ten_lines() -> None:
    recipes = list_recipes()
    assert list(recipes) == list(CHECKS)
    assert {title: count_lines(recipe) for title, recipe in recipes.items() if count_lines(recipe) > MOST_LINES} == {}


@pytest.mark.parametrize("title", list(CHECKS))
def test_a_recipe_does_what_it_promises(title: str, tmp_path: Path) -> None:
    root = copy_tree(tmp_path)
    do_recipe(list_recipes()[title], root)
    done = subprocess.run(
        [sys.executable, "-c", CHECKS[title]],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
