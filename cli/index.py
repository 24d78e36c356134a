"""``triptych index``: makes folders searchable."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import encoder_option, library_option
from cli.progress import ProgressBar
from retrieval.settings import settings


@click.command("index")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
@encoder_option
@click.option(
    "--speech-model",
    metavar="NAME|DIR",
    default=lambda: settings().speech_model,
    show_default="base, which is bundled",
    help="The Whisper model that transcribes.",
)
@library_option
def command(paths: tuple[Path, ...], encoder: str | None, speech_model: str, library: Path) -> None:
    """Make folders of pictures, documents and recordings searchable.

    Run it again whenever files have changed: only what is new is read. It can be stopped with
    Ctrl-C and goes on from there. Files that cannot be read are listed at the end.
    """
    from indexer.run import index
    from retrieval.encoders.registry import load_encoder
    from retrieval.library import Library
    from retrieval.speech.whisper import WhisperTranscriber

    model = load_encoder(encoder) if encoder else None
    transcriber = WhisperTranscriber(speech_model)
    with Library.open(library, model, transcriber) as opened, ProgressBar("Indexing") as progress:
        if opened.vectors.notice:
            progress.note(opened.vectors.notice)
        report = index(opened, paths, progress=progress)
    if report.interrupted:
        raise KeyboardInterrupt
    for failure in report.failures:
        click.echo(f"Not indexed: {failure.path}: {failure.reason}", err=True)
    click.echo(
        f"{report.added} added, {report.reused} recognised, {report.unchanged} unchanged, "
        f"{report.removed} gone, {len(report.failures)} not readable.",
        err=True,
    )
