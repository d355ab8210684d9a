"""Labels of a file beside those of the project: settled, then new, known or refused.

A file may leave open which frames its seconds are and which numbers its labels
have; what it means in this project is settled here.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from db.engine import Connection
from db.labels import UsedNumber, list_used_numbers
from imigue_core.formats.label_file import Interval
from imigue_core.ids import LabelNumber
from imigue_core.studio.exchange.import_plan import ImportPlan, PlannedLabel

_Key = tuple[int, int, int]
"""Our video, our annotator, number of the label."""
_REST = ("confidence", "mark", "note")
"""Fields of a label that two sayings of it must agree on, beside class and frames; formats may lack them."""


def match_labels(conn: Connection, plan: ImportPlan) -> None:
    """Compares the file's labels with those of the project."""
    used: dict[_Key, UsedNumber] = {
        (u.label.video_id, u.label.annotator_id, u.label.label_id): u for u in list_used_numbers(conn)
    }
    used_uuids: dict[str, _Key] = {u.label.annotation_id: key for key, u in used.items()}
    rest = tuple(name for name in _REST if f"label.{name}" not in plan.format.cannot_hold)
    counter = _Counter(used, plan)
    in_file: dict[_Key, PlannedLabel] = {}
    for row in plan.file.labels:
        video_id, person = plan.video_ids.get(row.video), plan.annotator_ids.get(row.annotator)
        if video_id is None or person is None:
            continue
        start, end = _settle_frames(plan, row)
        n_frames = plan.lengths[row.video]
        if n_frames is not None and end >= n_frames:
            plan.refuse(row, "SPAN_OUT_OF_RANGE", f"expected frames 0..{n_frames - 1}, got {start}..{end}.")
            continue
        if start > end:
            plan.refuse(row, "SPAN_REVERSED", f"expected start <= end, got {start}..{end}.")
            continue
        class_id = row.class_id
        number = LabelNumber(row.label_id or 0) or counter.number(video_id, person, class_id, start, end)
        label = PlannedLabel(row, number, class_id, start, end)
        plan.read.append(label)
        key = (video_id, person, number)
        if key in used:
            _compare_with_ours(plan, label, used[key], rest)
        elif key in in_file:
            first = in_file[key]
            if _is_same(first, label, rest):
                plan.n_known += 1
            else:
                message = f"label {number} of video {row.video} stands on line {first.row.line} otherwise."
                plan.refuse(row, "LABEL_ID_TAKEN", message)
        elif row.annotation_id and used_uuids.setdefault(row.annotation_id, key) != key:
            plan.refuse(row, "ANNOTATION_ID_TAKEN", f"annotation {row.annotation_id} is another label already.")
        else:
            in_file[key] = label
            plan.labels.append(label)
            _check_seconds(plan, row)


class _Counter:
    """Numbers for labels that a file does not count.

    A label that the project has already, to the class and the frames, is that label
    again; so a file that is imported twice changes nothing.
    """

    def __init__(self, used: dict[_Key, UsedNumber], plan: ImportPlan) -> None:
        self._used = used
        self._plan = plan
        self._last: defaultdict[tuple[int, int], int] = defaultdict(int)
        self._same: defaultdict[tuple[int, int, int, int, int], list[int]] = defaultdict(list)
        self._is_ready = False

    def number(self, video_id: int, person: int, class_id: int, start: int, end: int) -> LabelNumber:
        """The number of the known label that says the same, else the next free one."""
        if not self._is_ready:
            self._look()
        same = self._same[(video_id, person, class_id, start, end)]
        if same:
            return LabelNumber(same.pop())
        self._last[(video_id, person)] += 1
        return LabelNumber(self._last[(video_id, person)])

    def _look(self) -> None:
        for (video_id, person, number), known in sorted(self._used.items(), reverse=True):
            self._take(video_id, person, number)
            label = known.label
            self._same[(video_id, person, label.class_id, label.start_frame, label.end_frame)].append(number)
        for row in self._plan.file.labels:
            ids = self._plan.video_ids.get(row.video), self._plan.annotator_ids.get(row.annotator)
            if row.label_id is not None and ids[0] is not None and ids[1] is not None:
                self._take(ids[0], ids[1], row.label_id)
        self._is_ready = True

    def _take(self, video_id: int, person: int, number: int) -> None:
        self._last[(video_id, person)] = max(self._last[(video_id, person)], number)


def _settle_frames(plan: ImportPlan, row: Interval) -> tuple[int, int]:
    """First and last frame. Seconds may end exactly with the video; later ones give frames past its end."""
    if row.start_frame is not None and row.end_frame is not None:
        return row.start_frame, row.end_frame
    clock, n_frames = plan.clocks[row.video], plan.lengths[row.video]
    start, end = clock.extend_frame(Decimal(row.start_time)), clock.extend_frame(Decimal(row.end_time))
    return start, end - 1 if end == n_frames and start < end else end


def _is_same(first: PlannedLabel, second: PlannedLabel, rest: tuple[str, ...]) -> bool:
    return (
        first.class_id == second.class_id
        and first.start_frame == second.start_frame
        and first.end_frame == second.end_frame
        and all(getattr(first.row, name) == getattr(second.row, name) for name in rest)
    )


def _compare_with_ours(plan: ImportPlan, label: PlannedLabel, used: UsedNumber, rest: tuple[str, ...]) -> None:
    """A row whose number is taken: known when it says the same, else refused."""
    row, ours = label.row, used.label
    same_span = (
        ours.class_id == label.class_id and ours.start_frame == label.start_frame and ours.end_frame == label.end_frame
    )
    stored = {"confidence": ours.confidence, "mark": ours.mark.value, "note": ours.note}
    same_rest = all(stored[name] == getattr(row, name) for name in rest)
    name = f"label {label.label_id} of video {row.video}"
    if not (same_span and same_rest):
        state = "was deleted here as" if used.deleted else "is"
        more = "" if same_rest else " with another note, mark or confidence"
        here = f"class {ours.class_id}, frames {ours.start_frame}..{ours.end_frame}"
        there = f"class {label.class_id}, frames {label.start_frame}..{label.end_frame}"
        plan.refuse(row, "LABEL_ID_TAKEN", f"{name} {state} {here}, got {there}{more}.")
        return
    plan.n_known += 1
    if used.deleted:
        plan.warn(row, "LABEL_DELETED", f"{name} was deleted here and stays deleted.")
        return
    clock = plan.clocks[row.video]
    for text, time, frame in (
        (row.start_time, ours.start_time, ours.start_frame),
        (row.end_time, ours.end_time, ours.end_frame),
    ):
        expected = time or clock.format_time(frame)
        # A file that has seconds only was asked for its frames already.
        if row.start_frame is not None and text and text != expected and Decimal(text) != Decimal(expected):
            plan.warn(row, "SECONDS_DISAGREE", f"the project says {expected} s and keeps it, the file says {text} s.")


def _check_seconds(plan: ImportPlan, row: Interval) -> None:
    """Warns where a file's seconds mean another frame than the one it says."""
    clock = plan.clocks[row.video]
    for name, text, frame in (("start", row.start_time, row.start_frame), ("end", row.end_time, row.end_frame)):
        if frame is None or not text:
            continue
        shown = clock.find_frame(Decimal(text))
        if shown != frame:
            message = f"{name}_time {text} s is frame {shown}, the row says frame {frame}; the frame is taken."
            plan.warn(row, "SECONDS_DISAGREE", message)
