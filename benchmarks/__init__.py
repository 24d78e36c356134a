"""Measurements side by side: ratios of one run, never wall times asserted."""
