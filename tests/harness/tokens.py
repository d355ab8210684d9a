"""What a scan leaves behind for finding similar stretches, without a scan: one movement that comes twice."""

from __future__ import annotations

import numpy as np

from db.engine import Database
from imigue_core.annotation import Span
from imigue_core.studio.models.scanning import ScanFacts, load_scan_input
from imigue_core.studio.models.similar import store_tokens
from imigue_core.suggest.token_tracks import make_track

SPAN, AGAIN = Span(40, 79), Span(200, 239)
"""Where the movement is, in every video."""
FACTS = ScanFacts("scanner-dense", "a" * 64, "synthetic", "cpu", poses_revision=1, cpu_s=1.0)


def leave_tokens(db: Database, video_id: int, facts: ScanFacts = FACTS, *, seed: int = 0) -> None:
    """Tokens of four frames each: idle but for the two movements of ten tokens, the same in every video."""
    with db.read() as conn:
        scanned = load_scan_input(conn, video_id)
    n_tokens = -(-scanned.n_frames // 4)
    tokens = 0.05 * np.random.default_rng(seed).standard_normal((n_tokens, 8))
    tokens[:, 0] += 1
    for span in (SPAN, AGAIN):
        tokens[span.start_frame // 4 : span.end_frame // 4 + 1, :2] += (-1, 1)
    starts = np.arange(n_tokens, dtype=np.int32) * 4
    track = make_track([(Span(0, scanned.n_frames - 1), tokens.astype(np.float16), starts)])
    with db.write() as conn:
        store_tokens(conn, db.settings, scanned, facts, track)
