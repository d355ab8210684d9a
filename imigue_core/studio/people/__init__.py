"""What holds for one person or for everybody: blind mode, held-back time, coverage, preferences, project settings."""
