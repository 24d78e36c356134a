"""A map of the library: every item at a place, those that are alike near each other."""
