"""The API's description of itself, for programs (OpenAPI) and for people (a page)."""
