"""Whether two contents look, read or sound the same, though their bytes differ."""
