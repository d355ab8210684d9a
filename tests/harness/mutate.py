"""Small valid files of poses, mutated: their readers answer or refuse, whatever was changed.

``python -m tests.harness.mutate --rounds 100000 --seed 1`` tries many and ends with 1 when a reader fell over.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from imigue_core.errors import InputError
from imigue_core.formats.poses import load_poses
from tests.harness.bombs import SHEET, make_sheet, write_book
from tests.harness.poses import make_keypoints, write_openpose

KINDS = ("xlsx", "npz", "npy", "csv", "json")


def write_valid(folder: Path, kind: str) -> Path:
    """Two frames of poses, as a file of this kind; its reader takes them."""
    points = np.nan_to_num(make_keypoints(2)).reshape(2, 411)
    path = folder / f"a.{kind}"
    if kind == "json":
        return write_openpose(folder / "a", {0: [points[0].reshape(137, 3)]})
    if kind == "xlsx":
        rows = "".join(f"<row>{''.join(f'<c><v>{v:g}</v></c>' for v in row)}</row>" for row in points)
        return write_book(path, {SHEET: make_sheet(rows)}, method=zipfile.ZIP_STORED)
    if kind == "npz":
        np.savez(path, points)
    elif kind == "npy":
        np.save(path, points)
    else:
        np.savetxt(path, points, fmt="%g", delimiter=",")
    return path


def mutate(data: bytes, rng: random.Random) -> bytes:
    """One to four bits, runs or numbers changed, cut out or doubled; the beginning and the end more often."""
    changed = bytearray(data)
    for _ in range(rng.randrange(1, 5)):
        size = max(len(changed), 1)
        at = rng.choice((rng.randrange(size), rng.randrange(min(size, 200)), max(0, size - rng.randrange(1, 400))))
        n = rng.choice((1, 2, 4, 8, rng.randrange(1, 400)))
        piece = rng.choice((rng.randbytes(n), b"\xff" * n, bytes(n), bytes(changed[at : at + n]) * 2, b""))
        changed[at : at + n] = piece
    return bytes(changed)


def try_rounds(kind: str, rounds: int, seed: int) -> tuple[int, list[str]]:
    """How many mutations were refused, and what fell over: the round and the error."""
    rng, refused, found = random.Random(seed), 0, []
    with tempfile.TemporaryDirectory(prefix="imigue-mutate-") as name:
        path = write_valid(Path(name), kind)
        target = next(path.iterdir()) if path.is_dir() else path
        load_poses(path)
        data = target.read_bytes()
        for k in range(rounds):
            target.write_bytes(mutate(data, rng))
            try:
                load_poses(path)
            except InputError:
                refused += 1
            except Exception as error:  # what falls over is what is looked for
                found.append(f"{kind}, round {k} of seed {seed}: {type(error).__name__}: {error!s:.200}")
    return refused, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    n_found = 0
    for kind in KINDS:
        refused, found = try_rounds(kind, args.rounds, args.seed)
        n_found += len(found)
        print(
            f"{kind}: {args.rounds:,} mutations, {refused:,} refused, {len(found)} fell over", *found[:20], sep="\n  "
        )
    return 1 if n_found else 0


if __name__ == "__main__":
    raise SystemExit(main())
