"""``triptych watch``: keeps a library up to date as files change."""

from __future__ import annotations

from pathlib import Path

import click

from cli.index import open_library, speech_model_option, tell
from cli.options import encoder_option, library_option
from retrieval.progress import Unwatched


class Notes(Unwatched):
    """Prints what is worth a line; a bar would stand there for hours."""

    def note(self, text: str) -> None:
        """Print it."""
        click.echo(text, err=True)


@click.command("watch")
@click.argument(
    "paths",
    nargs=-1,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="[FOLDER…]",
)
@encoder_option
@speech_model_option
@library_option
def command(paths: tuple[Path, ...], encoder: str | None, speech_model: str, library: Path) -> None:
    """Keep a library up to date as files change, until Ctrl-C.

    Begins with what `triptych index` does. Without FOLDER, all folders that were indexed before
    are watched. A folder whose disk is unplugged is watched again once it is back.
    """
    from indexer.report import Report
    from indexer.watch import watch
    from retrieval.speech.whisper import WhisperTranscriber

    transcriber = WhisperTranscriber(speech_model)
    with open_library(library, encoder, transcriber, bool(paths)) as opened:
        folders = paths or [root.path for root in opened.catalog.roots()]
        if not folders:
            raise click.UsageError(f"Nothing was indexed into {library} yet. Name a FOLDER.")
        reports = watch(opened, folders, progress=Notes())
        tell(next(reports))
        click.echo("Watching. Press Ctrl-C to end.", err=True)
        for report in reports:
            if report != Report(unchanged=report.unchanged):
                tell(report)
