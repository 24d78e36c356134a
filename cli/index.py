"""``triptych index``: makes folders searchable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import category

import click

from cli.options import encoder_option, library_option
from cli.progress import ProgressBar
from retrieval.settings import settings

if TYPE_CHECKING:
    from indexer.report import Report
    from retrieval.library import Library
    from retrieval.speech.transcriber import Transcriber

ACTING = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Categories of Unicode: what controls, what turns the direction of writing, what ends lines."""

speech_model_option = click.option(
    "--speech-model",
    metavar="NAME|DIR",
    default=lambda: settings().speech_model,
    show_default="base, which is bundled",
    help="The Whisper model that transcribes.",
)


@click.command("index")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH…]")
@encoder_option
@speech_model_option
@click.option("--wait", is_flag=True, help="Wait while another process writes to the library.")
@library_option
def command(
    paths: tuple[Path, ...], encoder: str | None, speech_model: str, wait: bool, library: Path
) -> None:
    """Make folders of pictures, documents and recordings searchable.

    Run it again whenever files have changed: only what is new is read. Without PATH, all folders
    that were indexed before are brought up to date. It can be stopped with Ctrl-C and goes on from
    there. Files that cannot be read are listed at the end.
    """
    from retrieval.speech.whisper import WhisperTranscriber

    transcriber = WhisperTranscriber(speech_model)
    with (
        open_library(library, encoder, transcriber, bool(paths)) as opened,
        ProgressBar("Indexing") as progress,
    ):
        if opened.vectors.notice:
            progress.note(opened.vectors.notice)
        report = _index(opened, paths, progress, float("inf") if wait else 0.0)
    if report.interrupted:
        raise KeyboardInterrupt
    tell(report)


def open_library(
    directory: Path, encoder: str | None, transcriber: Transcriber, may_be_new: bool
) -> Library:
    """Open a library to write to it; without folders to index, it must be one already."""
    from retrieval.encoders.registry import load_encoder
    from retrieval.library import Library

    model = load_encoder(encoder) if encoder else None
    if not may_be_new:
        Library.open_existing(directory).close()
    return Library.open(directory, model, transcriber)


def _index(
    library: Library, paths: tuple[Path, ...], progress: ProgressBar, patience: float
) -> Report:
    from indexer.run import index, update

    if paths:
        return index(library, paths, progress=progress, patience=patience)
    return update(library, progress=progress, patience=patience)


def tell(report: Report) -> None:
    """Say on standard error what became of the files."""
    for failure in report.failures:
        click.echo(printable(f"Not indexed: {failure.path}: {failure.reason}"), err=True)
    for root in report.offline:
        click.echo(f"offline: {root.path} ({root.items:,} items kept)", err=True)
    click.echo(
        f"{report.added} added, {report.reused} recognised, {report.unchanged} unchanged, "
        f"{report.removed} gone, {len(report.failures)} not readable.",
        err=True,
    )


def printable(line: str) -> str:
    """Escape what a terminal would act upon: a file's name may be any text, a newline included."""
    return "".join(
        c.encode("unicode_escape").decode() if category(c) in ACTING else c for c in line
    )
