"""What can be computed of the looks: contrast of text; group colours for every kind of eyes, the same everywhere."""

from __future__ import annotations

import itertools
import json
import re

import numpy as np
import numpy.typing as npt
import pytest

from imigue_core.taxonomy import Group
from pages.ui import charts, formatting
from tests.harness.places import ROOT

PLAYER = ROOT / "imigue_core" / "web" / "player"
READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3."""
SEEN = 2.9
"""Nearly the 3 of WCAG 1.4.11 for what is no text."""
APART = 15.0
"""CIE76 colour difference at which two patches are told apart without looking twice."""

Vector = npt.NDArray[np.float64]

EYES: dict[str, Vector] = {
    "any": np.eye(3),
    # Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
    "deuteranope": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanope": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}


def read_linear(colour: str) -> Vector:
    """#rrggbb as linear RGB, 0 to 1."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def compute_contrast(one: str, other: str) -> float:
    """WCAG's ratio, 1 to 21."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    light, dark = sorted((float(weights @ read_linear(c)) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def compute_lab(linear: Vector) -> Vector:
    """CIELAB under D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ linear / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def mix(over: str, under: str, alpha: float) -> str:
    """What is seen of a colour drawn half-transparent over another."""
    parts = [(int(over[i : i + 2], 16), int(under[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(alpha * a + (1 - alpha) * b):02x}" for a, b in parts)


def read_variables() -> dict[str, str]:
    css = (PLAYER / "core" / "studio.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", css))


def read_inks(name: str) -> dict[str, str]:
    """The colours that a drawing file writes with."""
    found = re.search(r"INK = \{(.+?)\}", (PLAYER / name).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None, name
    return dict(re.findall(r"(\w+): '(#[0-9a-f]{6})'", found.group(1)))


@pytest.mark.parametrize("ground", ["bg", "panel", "card"])
@pytest.mark.parametrize("ink", ["text", "dim", "accent", "warn", "bad"])
def test_every_text_colour_is_readable_on_every_ground(ink: str, ground: str) -> None:
    variables = read_variables()
    assert compute_contrast(variables[ink], variables[ground]) >= READABLE


def test_canvas_and_style_sheet_use_the_same_inks() -> None:
    variables, inks = read_variables(), read_inks("timeline/timeline_ground.js")
    assert {name: inks[name] for name in ("text", "dim", "panel", "accent")} == {
        name: variables[name] for name in ("text", "dim", "panel", "accent")
    }


@pytest.mark.parametrize("group", Group)
def test_a_label_can_be_seen_and_its_name_read(group: Group) -> None:
    inks = read_inks("timeline/timeline_ground.js")
    drawing = (PLAYER / "timeline" / "label_drawing.js").read_text(encoding="utf-8")
    found = re.search(r"FILL = (\{.+?\})", drawing, re.DOTALL)
    assert found is not None
    for state, alpha in re.findall(r"(\w+): ([\d.]+)", found.group(1)):
        filled = mix(group.colour, inks["panel"], float(alpha))
        assert compute_contrast(inks["text"], filled) >= READABLE, (state, filled)
    assert compute_contrast(group.colour, inks["panel"]) >= SEEN


@pytest.mark.parametrize("eyes", EYES)
def test_any_two_groups_are_told_apart(eyes: str) -> None:
    for one, other in itertools.combinations(Group, 2):
        seen = [compute_lab(np.clip(EYES[eyes] @ read_linear(g.colour), 0, 1)) for g in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) >= APART, f"{one.value} and {other.value} look alike"


def test_the_pages_use_the_colours_of_the_studio() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    found = re.search(r"chartCategoricalColors = (\[.+?\])", config)
    assert found is not None
    assert set(json.loads(found.group(1))) == {group.colour for group in Group}
    assert read_variables()["accent"] == charts.ACCENT
    assert compute_contrast(charts.TEXT, read_variables()["bg"]) >= READABLE
    assert compute_contrast(formatting.MUTED, read_variables()["card"]) >= READABLE


def test_no_file_of_the_player_brings_a_group_colour_of_its_own() -> None:
    """Groups get their colour from the list of classes, which the server sends; sides of the skeleton share two."""
    allowed = {"joints.js", "traces_drawing.js"}
    for path in PLAYER.rglob("*.js"):
        if path.name not in allowed:
            content = path.read_text(encoding="utf-8").lower()
            assert not [group.value for group in Group if group.colour in content], path.name
