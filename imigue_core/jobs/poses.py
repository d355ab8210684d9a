"""Step ``poses``: ranges of 250 frames, each by one of several child processes, each resumable.

A finished range is saved, its chunk written and the video's track moved on before the
next one is handed out. What a range gives depends on nothing but the range.
"""

from __future__ import annotations

from collections import deque
from multiprocessing.connection import wait

import numpy as np
from numpy.typing import NDArray

from db.derived import list_derived, save_derived
from db.jobs import KEPT_AT
from imigue_core.errors import WorkerError
from imigue_core.jobs.child import Child, Progress
from imigue_core.jobs.pose_files import RangeStore
from imigue_core.jobs.step_run import StepCancelledError, StepInterruptedError, StepRun
from imigue_core.studio.videos.derived import seal_files
from imigue_core.studio.videos.tracks import record_ready
from imigue_core.video.poses import LEAD_IN_FRAMES, Box, extract_range, list_ranges, silence_native_output

COUNTER = "frames_processed"
"""Parameter of the job: frames that MediaPipe has seen for it, lead-ins and repeated attempts included."""
_LOOK_S = 0.25
_is_silent = False


def run_poses(step: StepRun) -> None:
    """Extracts what is missing of a video's poses.

    Raises:
        StepInterruptedError: A shorter step is waiting; the ranges under way were finished first.
    """
    extraction = _Extraction(step)
    try:
        extraction.run()
    finally:
        extraction.stop()


class _Extraction:
    """One run over the ranges of a video that are not there yet."""

    def __init__(self, step: StepRun) -> None:
        video = step.load_video()
        if not (video.width and video.height and video.proxy_width and video.proxy_height and video.n_frames):
            raise WorkerError("VIDEO_NOT_READY", "expected a video with a proxy, got one without.")
        if video.poses is None or video.poses.revision != step.params["revision"]:
            raise StepCancelledError
        self.step = step
        self.n_frames = video.n_frames
        self.size = (video.width, video.height)
        self.scale = (video.width / video.proxy_width, video.height / video.proxy_height)
        self.box = video.poses.person
        self.revision = video.poses.revision
        self.ranges = list_ranges(video.n_frames)
        self.store = RangeStore(step.files, self.size)
        self.counted = int(step.params.get(COUNTER, 0))
        self.children: dict[Child, tuple[int, int]] = {}
        self.idle: list[Child] = []

    def run(self) -> None:
        self.store.open({"revision": self.revision, "box": self.box, "n_frames": self.n_frames, "scale": self.scale})
        done = self._list_done()
        waiting = deque(part for part in self.ranges if part not in done)
        self._record(done, done)
        give_way = False
        while self.children or (waiting and not give_way):
            while waiting and not give_way and len(self.children) < self.step.db.settings.n_workers:
                self._start(*waiting.popleft())
            wait([child.connection for child in self.children], timeout=_LOOK_S)
            for part in self._collect():
                done.add(part)
                self._record(done, {part})
            self._tell(done)
            give_way = give_way or self.step.is_in_the_way()
        self._tell(done, at_once=True)
        if waiting:
            raise StepInterruptedError
        self.store.finish(self.ranges)
        self._record(done, set(), complete=True)
        self.store.close()

    def stop(self) -> None:
        for child in (*self.children, *self.idle):
            child.kill()

    def _list_done(self) -> set[tuple[int, int]]:
        """Ranges that an earlier run left whole."""
        with self.step.db.read() as conn:
            known = {file.path: file for file in list_derived(conn, self.step.video_id)}
        done = set()
        for start, stop in self.ranges:
            keypoints = self.store.find(start, stop)
            if keypoints is not None:
                self.store.mend_chunk(start, keypoints, known)
                done.add((start, stop))
        return done

    def _start(self, start: int, stop: int) -> None:
        child = self.idle.pop() if self.idle else Child(stall_s=self.step.db.settings.stall_s, memory_bytes=None)
        proxy = str(self.step.files.proxy)
        self.children[child] = (start, stop)
        child.start(extract, proxy, start, stop, self.scale, self.size, self.box)

    def _collect(self) -> list[tuple[int, int]]:
        """Saves the ranges that children have finished."""
        finished = []
        for child, (start, stop) in list(self.children.items()):
            is_done, keypoints = child.poll()
            if is_done:
                self.store.save(start, keypoints)
                self.step.params[KEPT_AT] = self.step.job.attempts
                self.counted += stop - max(0, start - LEAD_IN_FRAMES)
                del self.children[child]
                self.idle.append(child)
                finished.append((start, stop))
        return finished

    def _record(self, done: set[tuple[int, int]], new: set[tuple[int, int]], *, complete: bool = False) -> None:
        """Says how far the track is, once the chunks of new ranges are on the disk for good."""
        paths = [self.store.get_chunk_path(start) for start, _ in new]
        if complete:
            paths += [self.step.files.poses, self.step.files.skeleton_thumb]
        made = seal_files(self.step.files, paths)
        n_ready = 0
        for part in self.ranges:
            if part not in done:
                break
            n_ready = part[1]
        with self.step.recording() as conn:
            if not record_ready(conn, self.step.video_id, self.revision, n_ready, complete=complete):
                raise StepCancelledError
            save_derived(conn, self.step.video_id, made)
            if complete:
                self.step.request_followers(conn)

    def _tell(self, done: set[tuple[int, int]], *, at_once: bool = False) -> None:
        under_way = sum(child.done for child in self.children)
        lead_ins = sum(min(start, LEAD_IN_FRAMES) for child, (start, _) in self.children.items() if child.done)
        self.step.params[COUNTER] = self.counted + under_way + lead_ins
        n_done = sum(stop - start for start, stop in done) + under_way
        self.step.tell(n_done, self.n_frames, at_once=at_once)


def extract(
    proxy: str,
    start: int,
    stop: int,
    scale: tuple[float, float],
    size: tuple[int, int],
    box: Box | None,
    on_progress: Progress,
) -> NDArray[np.float32]:
    """In a child: the points of one range, (stop - start, 137, 3)."""
    global _is_silent
    if not _is_silent:
        silence_native_output()
        _is_silent = True
    return extract_range(proxy, start, stop, scale=scale, size=size, box=box, on_progress=on_progress)
