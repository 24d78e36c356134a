"""Any open_clip model: how it is found, fetched, loaded and run, and which are worth choosing."""
