"""The use cases, a verb phrase each: what an annotator or a researcher does. No torch, no video decoding."""
