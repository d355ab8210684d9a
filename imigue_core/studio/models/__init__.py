"""Models at work in a project: which are active, scans, the emotion score, similar stretches."""
