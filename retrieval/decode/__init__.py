"""Decoding of pictures and sound, for indexed files and uploaded queries alike."""
