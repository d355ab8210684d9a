"""Hands that touch (classes 3-19): they arrive where they should, move as people do, and neighbours stay apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from imigue_core.synthesis.body import BodyShape, Posture
from imigue_core.synthesis.gestures.base import ACTORS, BOTH, LEFT, RIGHT, Act, Cue
from imigue_core.synthesis.gestures.body_hand import BODY_HAND
from imigue_core.synthesis.gestures.channels import DIRECTION, ELBOW, N_ARM, PALM, POSE, TUCKED, WRIST, make_channels
from imigue_core.synthesis.gestures.head_hand import HEAD_HAND
from imigue_core.synthesis.gestures.stage import Stage
from imigue_core.synthesis.gestures.touch import AIMS, Dialect, Touch
from imigue_core.synthesis.gestures.touching import compute_hand_goal, compute_timing
from imigue_core.synthesis.hands import CONTACTS, HAND_POSES, make_posed_hand
from imigue_core.synthesis.kinematics import Frame, compute_arm, compute_frame

DIALECTS = {**HEAD_HAND, **BODY_HAND}
ALL = [(class_id, dialect) for class_id, dialects in DIALECTS.items() for dialect in dialects]
IDS = [f"{class_id}-{dialect.name}" for class_id, dialect in ALL]
SIZES = [
    BodyShape(),
    BodyShape(shoulder_width=0.33, torso_height=0.46, head_width=0.146, upper_arm=0.27, forearm=0.235, hand=0.168),
    BodyShape(shoulder_width=0.40, torso_height=0.55, head_width=0.160, upper_arm=0.32, forearm=0.275, hand=0.2),
]


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One act on its own, its body and what became of both arms."""

    frame: Frame
    hands: dict[str, np.ndarray]
    tracks: dict[str, np.ndarray]
    wrists: dict[str, np.ndarray]
    goals: dict[str, np.ndarray]
    pitch: np.ndarray


def put_at_rest(n_frames: int, side: str) -> np.ndarray:
    """Hands on the desk, (n, 25)."""
    sign = 1 if side == LEFT else -1
    track = np.zeros((n_frames, N_ARM), np.float32)
    track[:, WRIST], track[:, DIRECTION] = (sign * 0.15, 0.23, 0.34), (-sign * 0.4, -0.05, 0.9)
    track[:, PALM], track[:, ELBOW], track[:, POSE] = (0, -1, 0), (sign * 0.5, -1, 0), HAND_POSES["relaxed"]
    return track


def play(act: Act, times: np.ndarray, body: BodyShape = SIZES[0]) -> Played:
    """The act between nothing and nothing, seconds from its start."""
    cue = Cue(act, times.astype(np.float32))
    channels = make_channels(len(times))
    actor = ACTORS[act.class_id]
    assert actor.move is not None
    assert actor.reach is not None
    actor.move(cue, channels)
    frame = compute_frame(body, channels)
    tracks = {side: put_at_rest(len(times), side) for side in (LEFT, RIGHT)}
    actor.reach(cue, Stage(body, Posture(), frame, tracks))
    hands, wrists = {}, {}
    for side, track in tracks.items():
        _, _, wrist = compute_arm(body, frame.get_shoulder(side), track[:, WRIST], track[:, ELBOW])
        wrists[side] = wrist
        hands[side] = make_posed_hand(wrist, track[:, DIRECTION], track[:, PALM], track[:, POSE], side, body.hand)
    goals = {side: track[:, WRIST] for side, track in tracks.items()}
    return Played(frame, hands, tracks, wrists, goals, channels.get("pitch").copy())


def make_act(class_id: int, dialect: Dialect, side: str = LEFT, duration: float = 2.5, seed: int = 7) -> Act:
    sides = ACTORS[class_id].sides
    return Act(class_id, 0.0, duration, dialect.name, side if side in sides else BOTH, seed=seed)


def hands_of(dialect: Dialect, act: Act) -> list[tuple[str, Touch]]:
    """Which hand does what; where both always do, either may lead."""
    lead = act.side
    if lead == BOTH:
        lead = LEFT if Cue(act, np.zeros(1, np.float32)).make_rng(9).random() < 0.5 else RIGHT
    other = LEFT if lead == RIGHT else RIGHT
    return [(lead, dialect.hand)] + ([(other, dialect.other)] if dialect.other is not None else [])


def see(played: Played, side: str, touch: Touch) -> np.ndarray:
    """(n, 3) the touching part in the axes of what it touches, as the left hand's."""
    points = played.hands[side][:, list(CONTACTS[touch.contact])].mean(axis=1)
    on_head = touch.anchor == "head"
    origin = played.frame.head if on_head else played.frame.neck
    axes = played.frame.head_axes if on_head else played.frame.torso
    local = np.einsum("nij,nj->ni", axes, points - origin)
    return local * ([-1, 1, 1] if side == RIGHT else [1, 1, 1])


def find_contact(act: Act, dialect: Dialect, times: np.ndarray) -> np.ndarray:
    timing = compute_timing(Cue(act, times.astype(np.float32)), brief=dialect.brief)
    return np.flatnonzero((times > timing.reach + 0.05) & (times < timing.reach + timing.contact - 0.05))


def test_every_class_from_3_to_19_has_an_actor_with_four_ways_or_more() -> None:
    assert sorted(DIALECTS) == list(range(3, 20))
    for class_id, dialects in DIALECTS.items():
        assert ACTORS[class_id].dialects == tuple(d.name for d in dialects)
        assert len({d.name for d in dialects}) == len(dialects) >= 4
        assert len({(d.hand, d.other) for d in dialects}) == len(dialects), "no two ways are the same motion"


@pytest.mark.parametrize(("class_id", "dialect"), ALL, ids=IDS)
@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_the_touching_part_arrives_on_its_target(class_id: int, dialect: Dialect, side: str) -> None:
    times = np.arange(0, 2.5, 0.04)
    act = make_act(class_id, dialect, side)
    played = play(act, times)
    touching = find_contact(act, dialect, times)
    assert len(touching) > 10
    for hand, touch in hands_of(dialect, act):
        seen = see(played, hand, touch)[touching]
        path = np.array(touch.list_places())
        knots = np.linspace(0, len(path) - 1, 60)
        ways = np.stack([np.interp(knots, np.arange(len(path)), path[:, axis]) for axis in range(3)], axis=1)
        gap = np.linalg.norm(seen[:, None] - ways[None], axis=2).min(axis=1)
        assert np.median(gap) < 0.03 + 0.6 * np.linalg.norm(touch.swing), f"{hand} hand"
        assert gap.max() < 0.06 + 2.2 * np.linalg.norm(touch.swing), f"{hand} hand"


@pytest.mark.parametrize("body", SIZES, ids=["usual", "small", "large"])
def test_people_of_any_size_can_reach_what_they_touch(body: BodyShape) -> None:
    times = np.arange(0, 2.5, 0.1)
    far = []
    for class_id, dialect in ALL:
        act = make_act(class_id, dialect)
        played = play(act, times, body)
        for hand, _ in hands_of(dialect, act):
            far.append((np.linalg.norm(played.goals[hand] - played.wrists[hand], axis=1).max(), class_id, dialect.name))
    assert max(far)[0] < 0.06, max(far)
    assert np.mean([gap > 0.02 for gap, _, _ in far]) < 0.12


@pytest.mark.parametrize(("class_id", "dialect"), ALL, ids=IDS)
def test_an_act_starts_and_ends_at_rest_and_no_hand_flies(class_id: int, dialect: Dialect) -> None:
    times = np.arange(0, 2.5 + 1e-9, 0.01)
    act = make_act(class_id, dialect)
    played = play(act, times)
    for side in (LEFT, RIGHT):
        rest = put_at_rest(1, side)[0]
        assert played.tracks[side][0] == pytest.approx(rest, abs=1e-4)
        assert played.tracks[side][-1] == pytest.approx(rest, abs=1e-4)
        speed = np.linalg.norm(np.diff(played.wrists[side], axis=0), axis=1) / 0.01
        assert speed.max() < 5.0, "metres a second"
        assert np.isfinite(played.hands[side]).all()
    moved = [np.abs(played.tracks[s][:, WRIST] - put_at_rest(1, s)[0, WRIST]).max() for s, _ in hands_of(dialect, act)]
    assert min(moved) > 0.05


def test_a_hand_that_is_not_needed_stays_where_it_is() -> None:
    for class_id, dialect in ALL:
        if dialect.other is None:
            act = make_act(class_id, dialect, RIGHT)
            played = play(act, np.arange(0, 2.5, 0.1))
            assert played.tracks[LEFT] == pytest.approx(put_at_rest(25, LEFT))


@pytest.mark.parametrize("class_id", sorted(DIALECTS))
def test_the_same_act_at_another_rate_is_the_same_motion(class_id: int) -> None:
    fine, coarse = np.arange(0, 3.0, 0.01), np.arange(0, 3.0, 0.04)
    for dialect in DIALECTS[class_id]:
        act = make_act(class_id, dialect, RIGHT, duration=3.0)
        for side in (LEFT, RIGHT):
            assert play(act, fine).hands[side][::4] == pytest.approx(play(act, coarse).hands[side], abs=2e-3)


@pytest.mark.parametrize("duration", [0.2, 0.5, 12.0])
def test_short_acts_compress_and_long_ones_hold(duration: float) -> None:
    for class_id, dialect in ALL:
        for seed in range(3):
            act = make_act(class_id, dialect, duration=duration, seed=seed)
            timing = compute_timing(Cue(act, np.zeros(1, np.float32)), brief=dialect.brief)
            assert timing.reach + timing.contact + timing.back == pytest.approx(duration)
            assert timing.contact >= 0.299 * duration
            assert timing.reach <= 1.3
            assert timing.back <= 1.5
            played = play(act, np.linspace(0, duration, 40))
            assert all(np.isfinite(points).all() for points in played.hands.values())


def test_rubbing_hands_go_to_and_fro_one_to_six_times_a_second() -> None:
    times = np.arange(0, 4.0, 0.01)
    for class_id, dialect in ALL:
        if dialect.hand.motion != "rub" or dialect.hand.rate[0] < 1.0:
            continue
        act = make_act(class_id, dialect, duration=4.0)
        timing = compute_timing(Cue(act, times.astype(np.float32)), brief=dialect.brief)
        goal = compute_hand_goal(Cue(act, times.astype(np.float32)), dialect.hand, timing, LEFT, BodyShape())
        touching = find_contact(act, dialect, times)
        axis = int(np.argmax(np.abs(dialect.hand.swing)))
        wave = np.gradient(goal.place[touching, axis])
        turns = np.count_nonzero(np.diff(np.sign(wave)) != 0)
        assert 0.8 < 0.5 * turns / timing.contact < 6.5, (class_id, dialect.name)


def test_repeats_are_kept_where_they_are_asked_for() -> None:
    dialect = next(d for d in DIALECTS[3] if d.hand.motion == "pull")
    times = np.arange(0, 3.0, 0.01)
    act = replace(make_act(3, dialect, duration=3.0), repeats=3)
    cue = Cue(act, times.astype(np.float32))
    timing = compute_timing(cue, brief=dialect.brief)
    place = compute_hand_goal(cue, dialect.hand, timing, LEFT, BodyShape()).place
    touching = find_contact(act, dialect, times)
    down = place[touching, 1] - np.median(place[touching, 1])
    assert np.count_nonzero((down[1:-1] < down[:-2]) & (down[1:-1] < down[2:])) == 3


def test_neighbours_on_the_head_lie_above_one_another() -> None:
    times = np.arange(0, 2.5, 0.1)

    def locate(class_id: int) -> np.ndarray:
        found = []
        for dialect in DIALECTS[class_id]:
            act = make_act(class_id, dialect)
            found.append(
                np.median(see(play(act, times), LEFT, dialect.hand)[find_contact(act, dialect, times)], axis=0)
            )
        return np.median(found, axis=0)

    head, forehead, eyes, parts, jaw, neck = (locate(class_id) for class_id in (4, 5, 7, 8, 11, 12))
    assert all(a[1] > b[1] + 0.012 for a, b in pairwise([head, forehead, eyes, parts, jaw]))
    assert neck[2] < jaw[2] - 0.03, "the neck lies behind the jaw"


def test_the_head_mostly_bows_to_a_covering_hand_and_eyes_shut_when_rubbed() -> None:
    times = np.arange(0, 2.5, 0.05)
    bury = DIALECTS[6][-1]
    bowed = [play(make_act(6, bury, seed=seed), times).pitch.min() for seed in range(20)]
    assert np.mean(np.array(bowed) < -0.15) > 0.7
    for dialect in DIALECTS[7]:
        channels = make_channels(len(times))
        move = ACTORS[7].move
        assert move is not None
        move(Cue(make_act(7, dialect), times.astype(np.float32)), channels)
        assert channels.get("eye_close").max() > 0.9


def test_hidden_hands_say_so() -> None:
    times = np.arange(0, 3.0, 0.1)
    for class_id in (16, 19):
        for dialect in DIALECTS[class_id]:
            act = make_act(class_id, dialect, duration=3.0)
            played = play(act, times)
            assert max(played.tracks[side][:, TUCKED].max() for side in (LEFT, RIGHT)) > 0.5
    visible = play(make_act(8, DIALECTS[8][0]), times[:20])
    assert visible.tracks[LEFT][:, TUCKED].max() == 0


def test_people_differ_from_act_to_act() -> None:
    times = np.arange(0, 2.5, 0.1)
    touch = DIALECTS[8][0].hand
    seen = [
        np.median(see(play(make_act(8, DIALECTS[8][0], seed=seed), times), LEFT, touch)[8:16], axis=0)
        for seed in range(30)
    ]
    assert 0.003 < np.std(seen, axis=0).mean() < 0.02, "metres"


def test_an_offset_moves_the_touched_place_outwards() -> None:
    times = np.arange(0, 2.5, 0.1)
    dialect = DIALECTS[8][2]
    act = make_act(8, dialect, RIGHT)
    plain, moved = (play(replace(act, offset=offset), times) for offset in ((0.0, 0.0, 0.0), (0.02, 0.0, 0.0)))
    shift = see(moved, RIGHT, dialect.hand) - see(plain, RIGHT, dialect.hand)
    assert shift[find_contact(act, dialect, times)].mean(axis=0) == pytest.approx([0.02, 0, 0], abs=0.004)


def test_every_way_of_holding_a_hand_is_used_and_its_palm_is_square_enough() -> None:
    used = {touch.aim for _, d in ALL for touch in (d.hand, d.other) if touch is not None}
    assert used == set(AIMS)
    for aim in AIMS.values():
        a, b = np.array(aim.direction), np.array(aim.palm)
        assert abs(a @ b) / np.linalg.norm(a) / np.linalg.norm(b) < 0.72, "else the hand could roll either way"
