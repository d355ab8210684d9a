"""What the probe found enters the project here, or the file is refused and leaves it.

Media that came for a label-only video must fit its labels; when it does not, the
labels stay as they are and the media goes.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from db.clock import now_utc
from db.derived import forget_derived
from db.engine import Connection, Database
from db.labels import list_annotations
from db.people import add_audit, get_annotator
from db.videos import Video, get_video, load_times, save_times, update_video
from imigue_core.errors import InputError
from imigue_core.settings import LABEL_FPS, Settings
from imigue_core.studio.videos.incoming import remove_folder
from imigue_core.video.probe_facts import FILE_FIELDS, ProbeFacts

_SHOWN_SPANS = 100


def record_probe(conn: Connection, video_id: int, facts: ProbeFacts) -> None:
    """Stores what is in a video's file; a label-only video becomes one with media.

    Raises:
        InputError: ``ATTACH_REFUSED`` when labels that were there before do not fit; nothing is stored.
    """
    video = get_video(conn, video_id, include_hidden=True)
    if video.is_label_only:
        validate_fit(conn, video, facts.n_frames, facts.fps, is_variable=facts.is_variable)
    update_video(
        conn,
        video_id,
        kind="video",
        n_frames=facts.n_frames,
        fps_num=facts.fps.numerator,
        fps_den=facts.fps.denominator,
        width=facts.width,
        height=facts.height,
        probe=facts.describe_file(),
    )
    save_times(conn, video_id, facts.pts, facts.time_base)


def load_facts(conn: Connection, video: Video) -> ProbeFacts | None:
    """What was recorded of a video's file; None when it was not read yet."""
    times = load_times(conn, video.video_id)
    if video.probe is None or times is None or video.fps is None or video.n_frames is None:
        return None
    if not video.width or not video.height:
        return None
    pts, time_base = times
    return ProbeFacts(
        width=video.width,
        height=video.height,
        n_frames=video.n_frames,
        fps=video.fps,
        pts=pts.astype(np.int64),
        time_base=time_base,
        **{name: video.probe[name] for name in FILE_FIELDS},
    )


def validate_fit(conn: Connection, video: Video, n_frames: int, fps: Fraction, *, is_variable: bool = False) -> None:
    """Refuses media for a label-only video when its labels could not be shown on it.

    Raises:
        InputError: ``ATTACH_REFUSED``, with the spans that end too late.
    """
    labels_fps = video.fps or Fraction(LABEL_FPS)
    if is_variable or fps != labels_fps:
        got = "a variable rate" if is_variable else f"{fps}"
        raise _refusal(video, f"expected {labels_fps} frames a second, as its labels have, got {got}.")
    if video.n_frames is not None and video.n_frames != n_frames:
        raise _refusal(video, f"expected {video.n_frames} frames, as its labels say, got {n_frames}.")
    late = [label for label in list_annotations(conn, video.video_id) if label.end_frame >= n_frames]
    if late:
        names = {a: get_annotator(conn, a).name for a in {label.annotator_id for label in late}}
        shown = ", ".join(
            f"label {label.label_id} of {names[label.annotator_id]} ({label.start_frame}..{label.end_frame})"
            for label in late[:_SHOWN_SPANS]
        )
        more = f" and {len(late) - _SHOWN_SPANS} more" if len(late) > _SHOWN_SPANS else ""
        raise _refusal(video, f"expected labels within frames 0..{n_frames - 1}, got {shown}{more}.")


def _refusal(video: Video, message: str) -> InputError:
    hint = "The labels stay as they are, without media."
    return InputError("ATTACH_REFUSED", message, hint=hint, where=video.name)


def refuse_media(conn: Connection, settings: Settings, video_id: int, code: str) -> None:
    """Takes a file that cannot be used out of the project; labels that were there before stay.

    The video stays in the list with its failed step, until somebody removes it or adds it again.
    """
    video = get_video(conn, video_id, include_hidden=True)
    gone = dict.fromkeys(("sha256", "source_file", "n_bytes", "poses", "width", "height"))
    update_video(conn, video_id, **gone)
    forget_derived(conn, video_id)
    add_audit(conn, None, "video.refuse", f"video:{video.video_id}", {"code": code})
    remove_folder(settings.video_folder(video_id))


def is_refused(video: Video) -> bool:
    """Whether all that is left of a video is the reason why its file was refused."""
    has_nothing = video.sha256 is None and video.n_frames is None
    return has_nothing and not video.is_label_only and video.hidden_utc is None


def dismiss_refused(db: Database, video_id: int) -> None:
    """Takes a refused video off the list; one with labels stays."""
    with db.write() as conn:
        if is_refused(get_video(conn, video_id, include_hidden=True)):
            hide_refused(conn, video_id)


def hide_refused(conn: Connection, video_id: int) -> None:
    """Hides a refused video for good and frees its number."""
    update_video(conn, video_id, number=None, hidden_utc=now_utc(), erased_utc=now_utc())


def get_source(settings: Settings, video: Video) -> str:
    """Path of a video's source file.

    Raises:
        InputError: ``MEDIA_GONE`` when it is not in the project, ``NAME_INVALID`` for a name that is none of ours.
    """
    if video.source_file is None:
        raise InputError("MEDIA_GONE", "the file is not in the project.", hint="Add it again.")
    return str(settings.files_of(video.video_id).get_source(video.source_file))
