"""Files of text that programs read too: tables, records and source code, known by their names."""

from __future__ import annotations

RECORDS = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
}
SOURCES = {
    *(".py", ".pyi", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte"),
    *(".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp", ".m", ".mm", ".cs", ".vb", ".swift"),
    *(".java", ".kt", ".kts", ".scala", ".groovy", ".gradle", ".go", ".rs", ".zig", ".dart"),
    *(".rb", ".php", ".pl", ".pm", ".lua", ".r", ".jl", ".hs", ".ml", ".ex", ".exs", ".erl"),
    *(".clj", ".el", ".lisp", ".scm", ".asm", ".sh", ".bash", ".zsh", ".fish", ".ps1", ".bat"),
    *(".sql", ".graphql", ".proto", ".cmake", ".css", ".scss", ".less", ".xml", ".xsd", ".xsl"),
    *(".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".properties"),
    *(".rst", ".adoc", ".org", ".tex", ".bib", ".log", ".diff", ".patch"),
}


def source_type(suffix: str) -> str | None:
    """Name the type of text in a file so named; None for another name."""
    return RECORDS.get(suffix) or ("text/plain" if suffix in SOURCES else None)
