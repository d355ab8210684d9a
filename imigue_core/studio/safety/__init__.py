"""Keeping a project safe: checking, backups, restoring."""
