"""The page that ``triptych evaluate --report`` writes: one file that asks nothing of a network."""
