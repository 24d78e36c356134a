"""The indexer: a folder of media becomes a library."""
