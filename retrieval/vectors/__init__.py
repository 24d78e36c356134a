"""The vectors in FAISS: a cache that the catalog can make again."""
