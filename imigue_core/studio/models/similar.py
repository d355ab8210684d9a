"""Finding stretches like a given one in a video and in the rest of the project, as one person may see them.

Every scan leaves a file of tokens beside the poses (suggest/token_tracks.py). Only files of the
same model, and of the poses that stand now, are compared; the others count as not scanned.
Left out are the stretches in which this person is shown no suggestions (studio/people/holdback.py); others'
labels of what was found are told only where studio/people/seeing_others.py allows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from db.derived import save_derived
from db.engine import Connection, Database
from db.labels import list_annotations
from db.people import list_annotators
from db.videos import Video, get_video, list_videos
from imigue_core.annotation import Annotation, Span, compute_overlap_frames, validate_span
from imigue_core.errors import ConflictError
from imigue_core.settings import LABEL_FPS, Settings
from imigue_core.studio.access import Action, Resource, require
from imigue_core.studio.models.scanning import ScanFacts, ScanInput
from imigue_core.studio.people.holdback import list_held_back
from imigue_core.studio.people.seeing_others import has_seen_others, remember_seen, sees_others
from imigue_core.studio.videos.derived import seal_files
from imigue_core.suggest.similar import Match, Query, find_similar, make_query, merge_matches
from imigue_core.suggest.token_tracks import (
    REVISION,
    TokenTrack,
    TrackOrigin,
    find_origin,
    find_track,
    save_track,
)


def store_tokens(conn: Connection, settings: Settings, scanned: ScanInput, facts: ScanFacts, track: TokenTrack) -> None:
    """Puts a scan's tokens beside the poses, in the place of an earlier scan's."""
    origin = TrackOrigin(facts.model, facts.model_hash, scanned.poses_revision)
    files = settings.files_of(scanned.video_id)
    save_track(files.tokens, track, origin)
    save_derived(conn, scanned.video_id, seal_files(files, [files.tokens]))


def find_model_hash(settings: Settings, video: Video) -> str | None:
    """The model whose tokens of a video can be searched; None when there are none, or older poses'."""
    origin = find_origin(_get_path(settings, video))
    if origin is None or origin.revision != REVISION or not video.poses_complete or video.n_frames is None:
        return None
    return origin.model_hash if origin.poses_revision == video.poses_revision else None


def load_similar(db: Database, video_id: int, annotator_id: int, start: object, end: object) -> dict[str, Any]:
    """What is like a span of a video.

    Args:
        start: First frame of the span.
        end: Last frame, inclusive.

    Returns:
        ``this_video`` and ``project`` (the other videos), ten stretches each at most, best first;
        ``n_videos`` of the project and ``n_not_scanned``, which could not be searched.

    Raises:
        InputError: ``FRAME_NOT_INTEGER``, ``NUMBER_TOO_LARGE``, ``SPAN_REVERSED`` or ``SPAN_OUT_OF_RANGE``.
        ConflictError: ``NOT_SCANNED`` when this video has no tokens yet.
        NotAvailableError: No such video.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.SEE_SUGGESTIONS, Resource(video_id))
    settings = db.settings
    with db.read() as conn:
        video = get_video(conn, video_id)
        span = validate_span(start, end, video.n_frames)
        videos: dict[int, Video] = {one.video_id: one for one in list_videos(conn)}
        held_back = {one: list_held_back(conn, video, annotator_id) for one, video in videos.items()}
    model_hash = find_model_hash(settings, video)
    track = _find_track(settings, video) if model_hash else None
    if track is None:
        hint = "Scan it first: that is what leaves behind what is searched."
        raise ConflictError("NOT_SCANNED", "expected a video that was scanned, got one that was not.", hint=hint)
    query = make_query(track, span)
    here = find_similar(track, query, [span, *held_back[video_id]])
    others = [one for one in videos.values() if one.video_id != video_id]
    elsewhere, n_searched = _search(settings, others, query, model_hash, held_back)
    found = [(video_id, match) for match in here], merge_matches(elsewhere)
    with db.read() as conn:
        teller = _Teller(conn, annotator_id)
        this_video, project = ([teller.describe(videos[i], match) for i, match in part] for part in found)
    for other_id in teller.told:
        remember_seen(db, other_id, annotator_id)
    n_videos = len(videos)
    return {
        "this_video": this_video,
        "project": project,
        "n_videos": n_videos,
        "n_not_scanned": n_videos - 1 - n_searched,
    }


def _get_path(settings: Settings, video: Video) -> Path:
    return settings.files_of(video.video_id).tokens


def _find_track(settings: Settings, video: Video) -> TokenTrack | None:
    return find_track(_get_path(settings, video), video.n_frames or 0)


def _search(
    settings: Settings, videos: Iterable[Video], query: Query, model_hash: str | None, held_back: dict[int, list[Span]]
) -> tuple[dict[int, list[Match]], int]:
    """Matches by video, and how many videos could be searched; one track is in memory at a time."""
    found: dict[int, list[Match]] = {}
    n_searched = 0
    for video in videos:
        if find_model_hash(settings, video) != model_hash:
            continue
        track = _find_track(settings, video)
        if track is None or track.tokens.shape[1] != len(query.embedding):
            continue
        n_searched += 1
        found[video.video_id] = find_similar(track, query, held_back[video.video_id])
    return found, n_searched


class _Teller:
    """Describes matches to one person, and remembers of which videos others' labels were told."""

    def __init__(self, conn: Connection, annotator_id: int) -> None:
        self._conn = conn
        self._annotator_id = annotator_id
        self._names = {person.annotator_id: person.name for person in list_annotators(conn)}
        self._labels: dict[int, list[Annotation]] = {}
        self.told: set[int] = set()

    def describe(self, video: Video, match: Match) -> dict[str, Any]:
        """A match, the person's own label there, and others' where the person may know them."""
        labels = [one for one in self._list_labels(video.video_id) if _is_there(one.span, match.span)]
        labels.sort(key=lambda one: -compute_overlap_frames(one.span, match.span))
        own = next((one for one in labels if one.annotator_id == self._annotator_id), None)
        others = [one for one in labels if one.annotator_id != self._annotator_id]
        if others and not has_seen_others(self._conn, video.video_id, self._annotator_id):
            self.told.add(video.video_id)
        return {
            "video_id": video.video_id,
            "name": video.name,
            **asdict(match.span),
            "score": round(match.score, 4),
            "fps": float(video.fps or LABEL_FPS),
            "n_frames": video.n_frames,
            "width": video.width,
            "height": video.height,
            "poses_revision": video.poses_revision,
            "own": own and {"annotation_id": own.annotation_id, "class_id": own.class_id, "version": own.version},
            "others": [
                {"class_id": one.class_id, "annotator": self._names.get(one.annotator_id, "")} for one in others
            ],
        }

    def _list_labels(self, video_id: int) -> list[Annotation]:
        if video_id not in self._labels:
            is_open = sees_others(self._conn, video_id, self._annotator_id)
            only = None if is_open else self._annotator_id
            self._labels[video_id] = list_annotations(self._conn, video_id, only)
        return self._labels[video_id]


def _is_there(label: Span, found: Span) -> bool:
    """Whether a label says what a stretch shows: half of the shorter lies in the other."""
    return 2 * compute_overlap_frames(label, found) >= min(label.n_frames, found.n_frames)
