"""``train scanner`` and ``train emotion``: models made from acted interviews or from a project's own labels."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from db.engine import open_database
from imigue_core.commands.parts import Subparsers
from imigue_core.errors import InputError
from imigue_core.models.cards import BUNDLED, CARD_FILE, DEFAULT_MODELS, ModelCard, get_model_folder
from imigue_core.models.tasks import Task
from imigue_core.settings import Settings, load_settings
from imigue_core.training.recipes import DEFAULT_MINUTES, make_recipe

if TYPE_CHECKING:
    from imigue_core.training.trainer import TrainingProgress

SYNTHETIC, PROJECT = "synthetic", "project"
PROJECT_MINUTES = 10.0
LONGEST_MINUTES = 100_000.0
_LINE_EVERY_S = 20.0


def register(subparsers: Subparsers) -> None:
    """Adds ``train scanner`` and ``train emotion``; each parsed namespace carries ``run``."""
    parser = subparsers.add_parser("train", help="make a model", description="Make a model from acted or own labels.")
    kinds = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    for name, text, run in (
        ("scanner", "what suggests gestures; goes on where a killed run stopped", run_scanner),
        ("emotion", "what scores a video's emotion from its gestures", run_emotion),
    ):
        command = kinds.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        command.add_argument(
            "--data",
            default=SYNTHETIC,
            metavar="WHAT",
            help="synthetic (acted interviews), project (its labels) or a project folder; default %(default)s",
        )
        command.add_argument(
            "--out", type=Path, metavar="DIR", help=f"the model's folder (default: models/{name}-own in the project)"
        )
        command.add_argument("--seed", type=int, default=1, help="default %(default)s")
        command.add_argument("--json", action="store_true", help="print the card as JSON")
        command.set_defaults(run=run)
        if name == "scanner":
            command.add_argument(
                "--minutes",
                type=float,
                metavar="CPU_MIN",
                help=f"of all processes together; default {DEFAULT_MINUTES:g}, with a project {PROJECT_MINUTES:g}",
            )
            command.add_argument(
                "--device", choices=["auto", "cpu", "cuda"], default="auto", help="default %(default)s"
            )
            command.add_argument(
                "--start",
                metavar="NAME|FOLDER",
                default=DEFAULT_MODELS[Task.SCAN],
                help="weights that training with a project's labels begins with; none for fresh ones",
            )


def run_scanner(args: argparse.Namespace) -> int:
    """Trains a scanner, shows how far it is, and prints where the model lies.

    Raises:
        InputError: ``TRAINING_MINUTES``, ``TRAINING_STATE`` or ``TRAINING_TOO_FEW``.
    """
    from imigue_core.training.scanner import train_acted_scanner, train_project_scanner

    is_acted = args.data == SYNTHETIC
    minutes = args.minutes or (DEFAULT_MINUTES if is_acted else PROJECT_MINUTES)
    if not 0 < minutes <= LONGEST_MINUTES:
        raise InputError("TRAINING_MINUTES", f"expected more than 0 CPU minutes, got {args.minutes:g}.")
    settings = _load_settings(args)
    folder = _choose_folder(args, settings, "scanner")
    recipe = make_recipe(minutes, seed=args.seed)
    tell = _Teller()
    if is_acted:
        card = train_acted_scanner(folder, recipe, device=args.device, on_progress=tell)
    else:
        from imigue_core.training.project import load_project_recordings

        db = open_database(settings, create=False)
        try:
            recordings = load_project_recordings(db)
        finally:
            db.close()
        start = None if args.start == "none" else _find_model(args.start, settings)
        card = train_project_scanner(folder, recordings, recipe, start=start, device=args.device, on_progress=tell)
    return _print_card(args, folder, card)


def run_emotion(args: argparse.Namespace) -> int:
    """Fits the emotion model; seconds."""
    from imigue_core.training.emotion import train_emotion

    settings = _load_settings(args)
    folder = _choose_folder(args, settings, "emotion")
    db = None if args.data == SYNTHETIC else open_database(settings, create=False)
    try:
        card, _ = train_emotion(folder, db, seed=args.seed)
    finally:
        if db is not None:
            db.close()
    return _print_card(args, folder, card)


def _load_settings(args: argparse.Namespace) -> Settings:
    return load_settings(None if args.data in (SYNTHETIC, PROJECT) else args.data)


def _choose_folder(args: argparse.Namespace, settings: Settings, kind: str) -> Path:
    folder: Path = args.out or settings.models / f"{kind}-own"
    return folder.resolve()


def _find_model(name: str, settings: Settings) -> Path:
    return Path(name) if (Path(name) / CARD_FILE).is_file() else get_model_folder(name, settings.data)


def _print_card(args: argparse.Namespace, folder: Path, card: ModelCard) -> int:
    if args.json:
        print(json.dumps({"folder": str(folder), "name": card.name, "recipe": card.recipe, "metrics": card.metrics}))
    else:
        where = "bundled with the studio" if folder.parent == BUNDLED else str(folder)
        print(f"{card.name}: {card.n_parameters:,} parameters, trained on {card.trained_on} data, {where}")
    return 0


class _Teller:
    """Progress on the error stream: one line written over on a terminal, else a line now and then."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, what: str, share: float, progress: TrainingProgress | None) -> None:
        is_terminal = sys.stderr.isatty()
        now = time.monotonic()
        if now - self._last < (0.5 if is_terminal else _LINE_EVERY_S) and share < 1:
            return
        self._last = now
        line = f"{what}: {share:.0%}{_describe(progress)}"
        print(f"\r\033[K{line}" if is_terminal else line, end="" if is_terminal else "\n", file=sys.stderr, flush=True)


def _describe(progress: TrainingProgress | None) -> str:
    if progress is None:
        return ""
    return f", step {progress.step:,}, {progress.words}, {progress.cpu_s / 60:.1f} CPU min"
