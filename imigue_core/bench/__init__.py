"""Figures, one file each: ``python -m imigue_core bench [NAME ...]``.

Timings live here and never in tests. Each figure says its target and whether it
was met; where another program does the same work, its figure stands beside it.
Needs requirements-dev.txt.
"""
