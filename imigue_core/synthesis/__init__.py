"""Acted people: bodies that move as the 32 classes say, seen by cameras and found by detectors. Pure numpy."""
