"""The drawing of a loop: valid SVG that moves by itself, of what is there and nothing else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from imigue_core.skeleton.layout import FACE_SLICE, LEFT_HAND_SLICE, LEFT_WRIST, RIGHT_HAND_SLICE, RIGHT_WRIST
from imigue_core.synthesis.face import MEAN_FACE
from imigue_core.synthesis.loop_drawing import ABOVE, BEFORE, BEHIND, HEIGHT_PX, WIDTH_PX, Scene, draw_loop_svg

N_FRAMES = 49
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def scene() -> Scene:
    """A figure that stands still but for its right hand, which goes up and comes back."""
    xy = np.zeros((N_FRAMES, 137, 2), np.float32)
    xy[:, FACE_SLICE] = MEAN_FACE[:, :2] * (300, -300) + (240, 60)
    body = {1: (240, 110), 2: (182, 112), 3: (160, 170), 4: (190, 215), 5: (298, 112), 6: (320, 170), 7: (290, 215)}
    for point, place in {**body, 9: (210, 240), 12: (270, 240), 17: (215, 60), 18: (265, 60)}.items():
        xy[:, point] = place
    fan = np.stack([np.arange(21) % 4 * 5, np.arange(21) * 1.5], axis=1)
    xy[:, LEFT_HAND_SLICE] = fan + xy[0, LEFT_WRIST]
    rise = np.sin(np.linspace(0, np.pi, N_FRAMES))[:, None] * (0, -90)
    xy[:, RIGHT_WRIST] += rise
    xy[:, RIGHT_HAND_SLICE] = fan + xy[:, None, RIGHT_WRIST]
    return Scene(
        xy=xy,
        layers=np.full((N_FRAMES, 2, 2), ABOVE, np.int8),
        duration_s=4.0,
        span=(0.125, 0.825),
        marks=(),
        accent="#d55e00",
        acting=frozenset({"r"}),
        desk=np.array([(-20, 190), (-40, 225)], np.float32),
    )


def parse(scene: Scene) -> ET.Element:
    return ET.fromstring(draw_loop_svg(scene))


def find_animated(root: ET.Element) -> set[str]:
    """Ids of the paths that move."""
    return {path.get("id", "") for path in root.iter(f"{SVG}path") if path.find(f"{SVG}animate") is not None}


def test_only_what_moves_is_animated(scene: Scene) -> None:
    assert find_animated(parse(scene)) == {"ra", "rp", "r0", "r1", "r2", "r3", "r4"}


def test_every_animation_lasts_as_long_as_the_loop_and_returns_to_its_first_frame(scene: Scene) -> None:
    root = parse(scene)
    animations = list(root.iter(f"{SVG}animate"))
    assert animations
    for animation in animations:
        assert (animation.get("dur"), animation.get("repeatCount")) == ("4s", "indefinite")
    for path in root.iter(f"{SVG}path"):
        for animation in path.findall(f"{SVG}animate"):
            values = (animation.get("values") or "").split(";")
            assert len(values) == N_FRAMES
            assert values[0] == values[-1] == path.get("d")


def test_all_frames_of_a_path_have_the_same_commands_so_that_a_browser_can_blend_them(scene: Scene) -> None:
    for animation in parse(replace(scene, xy=scene.xy + np.arange(N_FRAMES)[:, None, None] % 7)).iter(f"{SVG}animate"):
        if animation.get("attributeName") == "d":
            shapes = {re.sub(r"-?\d+", "#", value) for value in (animation.get("values") or "").split(";")}
            assert len(shapes) == 1


def test_it_needs_no_script_no_style_sheet_and_no_other_file(scene: Scene) -> None:
    text = draw_loop_svg(replace(scene, marks=("lips", "cheeks", "hat", "tie", "left eye", "nose")))
    root = ET.fromstring(text)
    allowed = {f"{SVG}{name}" for name in ("svg", "rect", "circle", "defs", "path", "animate", "g", "use")}
    assert {element.tag for element in root.iter()} <= allowed
    assert "style=" not in text
    assert "class=" not in text
    assert all(use.get("href", "").startswith("#") for use in root.iter(f"{SVG}use"))
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert {use.get("href", "")[1:] for use in root.iter(f"{SVG}use")} <= ids
    assert (root.get("width"), root.get("height")) == (str(WIDTH_PX), str(HEIGHT_PX))


def test_the_acting_hand_wears_the_colour_of_its_group(scene: Scene) -> None:
    groups = {group.get("id"): ET.tostring(group, "unicode") for group in parse(scene).iter(f"{SVG}g")}
    assert {name for name, text in groups.items() if scene.accent in text} == {"rh"}


def test_the_bar_marks_where_the_span_starts_and_ends(scene: Scene) -> None:
    (bar,) = [p for p in parse(scene).iter(f"{SVG}path") if p.get("stroke-width") == "5"]
    start, end = (int(n) for n in re.fullmatch(r"M(\d+) \d+H(\d+)", bar.get("d", "")).groups())  # type: ignore[union-attr]
    left, right = 24, WIDTH_PX - 24
    assert (start - left) / (right - left) == pytest.approx(0.125, abs=0.003)
    assert (end - left) / (right - left) == pytest.approx(0.825, abs=0.003)


def test_a_face_shows_nothing_but_what_the_class_needs(scene: Scene) -> None:
    n_bare = len(list(parse(scene).iter(f"{SVG}path")))
    for marks, n_more in (
        ((), 0),
        (("lips",), 1),
        (("left eye", "right eye"), 2),
        (("cheeks",), 2),
        (("hat",), 2),
        (("pen",), 1),
    ):
        assert len(list(parse(replace(scene, marks=marks)).iter(f"{SVG}path"))) == n_bare + n_more, marks


def test_a_hand_lies_behind_the_body_while_it_is_there(scene: Scene) -> None:
    layers = scene.layers.copy()
    layers[10:30, 1, 1] = BEHIND
    layers[:, 0] = BEFORE
    root = parse(replace(scene, layers=layers))
    order = [element for element in root if element.tag in (f"{SVG}use", f"{SVG}path")]
    uses = [(order.index(use), use.get("href"), use.find(f"{SVG}animate")) for use in order if use.tag == f"{SVG}use"]
    assert [href for _, href, _ in uses] == ["#rh", "#ls", "#lh", "#rs", "#rh"]
    assert uses[0][0] == 0
    assert all(place > 1 for place, _, _ in uses[1:])
    assert [animation is None for _, _, animation in uses] == [False, True, True, True, False]
    for animation, is_behind in ((uses[0][2], True), (uses[-1][2], False)):
        assert animation is not None
        assert animation.get("calcMode") == "discrete"
        values = (animation.get("values") or "").split(";")
        assert [v == "visible" for v in values] == [(10 <= n < 30) == is_behind for n in range(N_FRAMES)]


def test_without_a_desk_none_is_drawn(scene: Scene) -> None:
    assert len(list(parse(replace(scene, desk=None)))) == len(list(parse(scene))) - 3


def test_the_same_scene_gives_the_same_text(scene: Scene) -> None:
    assert draw_loop_svg(scene) == draw_loop_svg(replace(scene, xy=scene.xy.copy()))
