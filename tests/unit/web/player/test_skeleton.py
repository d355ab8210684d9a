"""The browser's idea of a skeleton is the same as Python's: points, lines and the chunk format."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from imigue_core.skeleton.chunks import compute_step_px, encode_chunk
from imigue_core.skeleton.layout import EDGES, JOINT_SETS, N_KEYPOINTS, SIDE_COLOURS
from imigue_core.web.player.assets import FOLDER
from tests.harness.node import NODE


def run_node(script: str) -> Any:
    """What a module script prints as JSON; ``PLAYER`` stands for the folder of the player's modules."""
    code = script.replace("PLAYER", FOLDER.as_uri())
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", code], capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def test_the_player_draws_the_points_and_lines_of_the_layout() -> None:
    seen = run_node('import * as joints from "PLAYER/picture/joints.js"; console.log(JSON.stringify(joints));')
    assert seen["SIDE_COLOURS"] == SIDE_COLOURS
    assert {name: list(range(*ends)) for name, ends in seen["JOINT_SETS"].items()} == {
        name: list(points) for name, points in JOINT_SETS.items()
    }
    for name, edges in EDGES.items():
        assert seen["EDGES"][name] == [{"a": e.a, "b": e.b, "part": e.part, "side": e.side} for e in edges]


def test_the_player_reads_what_python_encodes(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    keypoints = np.empty((250, N_KEYPOINTS, 3), np.float32)
    keypoints[:, :, :2] = rng.uniform(-300, 2200, (250, N_KEYPOINTS, 2))
    keypoints[:, :, 2] = rng.uniform(0.01, 1, (250, N_KEYPOINTS))
    keypoints[rng.random((250, N_KEYPOINTS)) < 0.2] = (np.nan, np.nan, 0)
    step_px = compute_step_px((1920, 1080))
    chunk = tmp_path / "chunk.bin"
    chunk.write_bytes(gzip.decompress(encode_chunk(keypoints, 750, step_px)))
    rows = run_node(
        f"""
        import {{ readFileSync }} from "node:fs";
        import {{ decodeChunk, poseAt }} from "PLAYER/picture/chunks.js";
        const bytes = readFileSync({json.dumps(str(chunk))});
        const chunk = decodeChunk(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
        const poses = [0, 1, 128, 249].map(t => poseAt(chunk, 750 + t));
        console.log(JSON.stringify(poses.map(p => [[...p.x], [...p.y], [...p.confidence]])));
        """
    )
    wanted = np.moveaxis(keypoints[[0, 1, 128, 249]], 2, 1)
    found = np.asarray(rows)
    is_missing = np.isnan(wanted[:, 0])
    assert (found[:, 2][is_missing] == 0).all()
    assert (
        np.abs(found[:, :2] - wanted[:, :2])[:, :, :].max(initial=0, where=~is_missing[:, None]) <= step_px / 2 + 1e-3
    )
    assert np.abs(found[:, 2] - wanted[:, 2]).max(initial=0, where=~is_missing) <= 1 / 255
