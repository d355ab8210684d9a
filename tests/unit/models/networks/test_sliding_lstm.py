"""The yardstick for speed looks at the windows it says it looks at."""

from __future__ import annotations

import numpy as np
import torch

from imigue_core.models.networks.sliding_lstm import SlidingLstm, SlidingLstmConfig, scan_windows

WINDOW, STRIDE = SlidingLstm.window, SlidingLstm.hop


def make_lstm() -> SlidingLstm:
    torch.manual_seed(0)
    return SlidingLstm(SlidingLstmConfig(6, n_hidden=8)).eval()


def test_every_window_is_looked_at_on_its_own() -> None:
    features = np.random.default_rng(0).normal(size=(WINDOW + 5 * STRIDE + 3, 6)).astype(np.float32)
    model = make_lstm()
    scores = scan_windows(model, features)
    assert scores.shape == (6, 33)
    with torch.inference_mode():
        third = model(torch.from_numpy(features[2 * STRIDE : 2 * STRIDE + WINDOW])[None])[0].numpy()
    np.testing.assert_allclose(scores[2], third, atol=1e-6)


def test_missing_features_and_short_shots_are_no_trouble() -> None:
    features = np.full((10, 6), np.nan, np.float32)
    scores = scan_windows(make_lstm(), features)
    assert scores.shape == (1, 33)
    assert np.isfinite(scores).all()
