"""Entry point of ``python -m imigue_core``."""

if __name__ == "__main__":  # child processes of the worker load this file too
    import sys

    from imigue_core.bench.command import register
    from imigue_core.cli import main

    sys.exit(main(more=(register,)))
