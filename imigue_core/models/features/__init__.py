"""What a network sees, as numbers: of keypoints (table.py) or of the gestures in a video (events.py). No torch."""
