"""How each class is acted, one file a group; `base` says what an actor is, `stage` what it may touch."""
