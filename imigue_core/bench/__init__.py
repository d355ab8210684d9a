"""Figures, one file each: ``python -m imigue_core bench [NAME ...]``.

Timings live here and never in tests. Each figure says its target and whether it
was met; where another program does the same work in the same call, its figure stands beside it.
Needs requirements-dev.txt and a checkout: people, videos and servers come from ``tests/harness``.
"""
