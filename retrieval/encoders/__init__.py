"""Dual encoders: the one in the package, and any of open_clip."""
