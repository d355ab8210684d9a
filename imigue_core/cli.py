"""``python -m imigue_core``: one parser, and what a refusal looks like on the command line.

The commands themselves live in ``commands/``; ``__main__`` adds the bench, which this file does not know.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from imigue_core.commands import add, demo, evaluate, exchange, safety, scan, train, videos
from imigue_core.commands.parts import Subparsers
from imigue_core.errors import StudioError
from imigue_core.files import keep_private

Register = Callable[[Subparsers], None]


def build_parser(more: Sequence[Register] = ()) -> argparse.ArgumentParser:
    """The parser of all commands and of ``more``."""
    parser = argparse.ArgumentParser(
        prog="python -m imigue_core",
        description="iMiGUE Studio: label micro-gestures and emotion in video. Each command has its own --help.",
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for register in (
        add.register,
        videos.register,
        scan.register,
        train.register,
        evaluate.register,
        exchange.register,
        safety.register,
        demo.register,
        *more,
    ):
        register(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None, more: Sequence[Register] = ()) -> int:
    """Runs one command; 0 when it worked, 1 when it was refused, 2 for wrong arguments."""
    args = build_parser(more).parse_args(arguments)
    keep_private()
    try:
        return int(args.run(args))
    except StudioError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("STOPPED: stopped by the keyboard; what was done so far stays.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has left
        sys.stderr.close()
        return 1
