"""The catalog in SQLite: the truth about a library."""
