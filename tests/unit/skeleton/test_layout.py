"""The skeleton's constants agree with each other and with OpenPose's BODY_25."""

from __future__ import annotations

from imigue_core.skeleton import layout


def test_every_point_has_a_name_of_its_own() -> None:
    assert len(layout.KEYPOINT_NAMES) == layout.N_KEYPOINTS == 137
    assert len(set(layout.KEYPOINT_NAMES)) == 137


def test_index_constants_carry_openposes_names() -> None:
    names = layout.KEYPOINT_NAMES
    assert [names[i] for i in (layout.NOSE, layout.NECK, layout.MID_HIP)] == ["Nose", "Neck", "MidHip"]
    assert [names[i] for i in (layout.RIGHT_WRIST, layout.LEFT_WRIST)] == ["RWrist", "LWrist"]
    assert [names[i] for i in (layout.RIGHT_EAR, layout.LEFT_EAR)] == ["REar", "LEar"]
    assert names[95] == "LHandWrist"
    assert names[136] == "RHandLittle4"


def test_joint_sets_cover_every_point_once() -> None:
    points = [p for joint_set in layout.JOINT_SETS.values() for p in joint_set]
    assert sorted(points) == list(range(137))


def test_edges_stay_inside_their_joint_set_and_reach_every_point_but_the_pupils() -> None:
    for name, edges in layout.EDGES.items():
        ends = {p for e in edges for p in (e.a, e.b)}
        assert ends <= set(layout.JOINT_SETS[name])
        left_out = set(layout.JOINT_SETS[name]) - ends
        assert left_out == ({25 + 68, 25 + 69} if name == "face" else set())


def test_body_and_hand_edges_form_trees() -> None:
    assert len(layout.EDGES["body"]) == 24
    assert len(layout.EDGES["hands"]) == 2 * 20


def test_sides_of_edges_follow_the_names_of_their_ends() -> None:
    for edge in layout.EDGES["body"]:
        far = layout.KEYPOINT_NAMES[edge.b]
        expected = {"R": "right", "L": "left"}.get(far[0], "centre")
        assert edge.side == expected, far
        assert edge.colour == layout.SIDE_COLOURS[edge.side]
