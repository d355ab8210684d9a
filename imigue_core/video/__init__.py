"""Video files: what is in them, their frames, and the browser's copy.

Nothing here knows the database. ``paths``, ``timing`` and ``probe_facts`` need no video library;
the other modules load PyAV, so only the worker, the command line and the bench import them.
"""
