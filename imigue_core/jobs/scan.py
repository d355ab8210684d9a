"""Step ``scan``: a model looks through the poses of a video, in a child, and suggests spans.

Nothing is stored before the scan is over; one that was killed starts anew. torch is
loaded only where a scan runs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from imigue_core.annotation import SuggestedSpan
from imigue_core.errors import InputError
from imigue_core.jobs.step_run import Progress, StepCancelledError, StepRun
from imigue_core.models.cards import get_model_folder
from imigue_core.settings import Settings
from imigue_core.skeleton.pose import load_npz
from imigue_core.studio.models.project_models import get_model
from imigue_core.studio.models.scanning import ScanFacts, ScanInput, load_scan_input, record_scan
from imigue_core.studio.models.similar import store_tokens
from imigue_core.suggest.token_tracks import TokenTrack

if TYPE_CHECKING:
    from imigue_core.suggest.scanner import Scanner

MEMORY_BYTES = 5 * 1024**3
"""What a scan may write to: torch takes 200 MB, 39,000 frames 350 MB, the longest poses that are accepted 3 GB."""
_OUT_OF_MEMORY = ("allocate memory", "out of memory", "bad_alloc", "bad allocation")
"""What torch says, which knows no ``MemoryError``."""


def run_scan(step: StepRun) -> None:
    """Scans a video with the model that the job names; starts again when the poses are replaced meanwhile.

    Raises:
        StudioError: The model is refused (``MODEL_*``), the video has no whole pose track, or ``WORKER_MEMORY``.
    """
    model, device = step.params["model"], step.params["device"]
    while True:
        with step.db.read() as conn:
            scanned = load_scan_input(conn, step.video_id)
        # torch asks for far more addresses than memory.
        facts, spans, track = step.run_in_child(
            scan_in_child, step.db.settings, model, device, scanned, memory_bytes=MEMORY_BYTES, only_data=True
        )
        with step.recording() as conn:
            if record_scan(conn, scanned, facts, spans) is not None:
                store_tokens(conn, step.db.settings, scanned, facts, track)
                return
            if not step.load_video().poses_complete:
                raise StepCancelledError  # the poses to come bring a scan of their own


def scan_in_child(
    settings: Settings, model: str, device: str, scanned: ScanInput, on_progress: Progress
) -> tuple[ScanFacts, list[SuggestedSpan], TokenTrack]:
    """In the child: loads the model and scans.

    Raises:
        MemoryError: Also where torch raises something else.
    """
    with torch_memory_errors():
        return scan_video(settings, load_model(settings, model, device), scanned, on_progress)


@contextmanager
def torch_memory_errors() -> Iterator[None]:
    """Turns what torch raises when memory is short into the ``MemoryError`` that everything else raises."""
    try:
        yield
    except RuntimeError as error:
        if any(words in str(error).lower() for words in _OUT_OF_MEMORY):
            raise MemoryError(str(error)) from error
        raise


def load_model(settings: Settings, model: str, device: str) -> Scanner:
    """A scanner by name, ready to scan.

    Raises:
        InputError: ``MODEL_UNKNOWN``, ``MODEL_TASK``, or why its files are refused.
    """
    from imigue_core.suggest.scanner import load_scanner

    if not get_model(settings, model).is_scanner:
        raise InputError("MODEL_TASK", f"expected a model that suggests gestures, got {model!r}.")
    return load_scanner(get_model_folder(model, settings.data), device)


def scan_video(
    settings: Settings, scanner: Scanner, scanned: ScanInput, on_progress: Progress | None = None
) -> tuple[ScanFacts, list[SuggestedSpan], TokenTrack]:
    """One pass over a video's poses: what it took, what the model found, and what similar stretches are found by.

    Raises:
        InputError: The poses cannot be read, or are not those of the video.
    """
    started = time.process_time()
    poses = load_npz(settings.files_of(scanned.video_id).poses, n_frames=scanned.n_frames)
    result = scanner.scan(poses, scanned.times_s, scanned.shot_cuts, on_progress, with_track=True)
    assert result.track is not None
    facts = ScanFacts(
        model=scanner.card.name,
        model_hash=scanner.card.weights_sha256,
        trained_on=scanner.card.trained_on,
        device=scanner.device,
        poses_revision=scanned.poses_revision,
        cpu_s=time.process_time() - started,
    )
    return facts, list(result.suggestions), result.track
