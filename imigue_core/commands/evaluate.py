"""``evaluate`` on the command line: how good a model is, beside what a good model must beat."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from imigue_core.commands.parts import Subparsers, add_command
from imigue_core.errors import InputError
from imigue_core.models.cards import CARD_FILE, DEFAULT_MODELS, get_model_folder
from imigue_core.models.tasks import Task
from imigue_core.settings import load_settings
from imigue_core.training.measures import PARTS, Measure


def register(subparsers: Subparsers) -> None:
    """Adds ``evaluate scanner`` and ``evaluate emotion``; each parsed namespace carries ``run``."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure a model on acted interviews",
        description="Measure a model on acted interviews that training never saw. Says nothing about real footage.",
    )
    kinds = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    scanner = add_command(kinds, "scanner", "how well gestures are found", run_scanner)
    scanner.add_argument(
        "--model", default=DEFAULT_MODELS[Task.SCAN], metavar="NAME|FOLDER", help="default: %(default)s"
    )
    scanner.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    scanner.add_argument("--interviews", type=int, default=20, metavar="N", help="at published frequencies; default 20")
    scanner.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="leave the other parts out")
    scanner.add_argument(
        "--controls", action="store_true", help="train small models on spoilt data instead, and compare them"
    )
    scanner.add_argument(
        "--control-minutes", type=float, default=6.0, metavar="CPU_MIN", help="for each of them; default %(default)g"
    )
    emotion = add_command(kinds, "emotion", "how well the emotion score tells outcomes apart", run_emotion)
    emotion.add_argument(
        "--model", default=DEFAULT_MODELS[Task.EMOTION], metavar="NAME|FOLDER", help="default: %(default)s"
    )
    emotion.add_argument(
        "--scanner", default=DEFAULT_MODELS[Task.SCAN], metavar="NAME|FOLDER", help="default: %(default)s"
    )
    emotion.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    emotion.add_argument("--interviews", type=int, default=60, metavar="N", help="default %(default)s")


def run_scanner(args: argparse.Namespace) -> int:
    """Prints each measure as soon as it is there; exit code 1 when a target is missed."""
    if args.interviews < 1:
        raise InputError("EVALUATE_INTERVIEWS", f"expected at least 1 interview, got {args.interviews}.")
    if args.controls:
        if not args.control_minutes > 0:
            raise InputError("EVALUATE_MINUTES", f"expected more than 0 CPU minutes, got {args.control_minutes:g}.")
        from imigue_core.training.controls import evaluate_controls

        return _print_all(
            evaluate_controls(args.control_minutes, n_interviews=args.interviews, on_progress=print_progress), args.json
        )
    folder = find_folder(args, args.model)
    from imigue_core.suggest.scanner import load_scanner
    from imigue_core.training.evaluate import evaluate_scanner

    scanner = load_scanner(folder, args.device)
    return _print_all(
        evaluate_scanner(scanner, n_interviews=args.interviews, parts=args.only, on_progress=print_progress), args.json
    )


def run_emotion(args: argparse.Namespace) -> int:
    """The same for the emotion model, from labels and from a scanner's suggestions."""
    if args.interviews < 2:
        raise InputError("EVALUATE_INTERVIEWS", f"expected at least 2 interviews, got {args.interviews}.")
    model_folder, scanner_folder = find_folder(args, args.model), find_folder(args, args.scanner)
    from imigue_core.suggest.emotion import load_emotion_model
    from imigue_core.suggest.scanner import load_scanner
    from imigue_core.training.evaluate_emotion import evaluate_emotion

    model, _ = load_emotion_model(model_folder)
    scanner = load_scanner(scanner_folder, args.device)
    return _print_all(
        evaluate_emotion(model, scanner, n_interviews=args.interviews, on_progress=print_progress), args.json
    )


def find_folder(args: argparse.Namespace, name: str) -> Path:
    """A model by its folder, or by its name in the project or the studio.

    Raises:
        InputError: ``MODEL_UNKNOWN``.
    """
    if (Path(name) / CARD_FILE).is_file():
        return Path(name)
    return get_model_folder(name, load_settings(args.data).data)


def print_progress(what: str, done: int, total: int) -> None:
    """One line on stderr that is written over; nothing where stderr is a file."""
    if sys.stderr.isatty():
        count = f"{done} of {total}" if total else str(done)
        print(f"\r\033[K{what}: {count}", end="", file=sys.stderr, flush=True)


def _print_all(measures: Iterable[Measure], as_json: bool) -> int:
    missed = 0
    for measure in measures:
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        print(json.dumps(measure.to_dict(), allow_nan=False) if as_json else measure, flush=True)
        missed += measure.met is False
    return 1 if missed else 0
