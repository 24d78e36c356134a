"""The entry point: finds the command, and turns Triptych's errors into a line and an exit status.

Results go to standard output, everything else to standard error. Exit 0: done; 1: failed;
2: misused.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import sys
from typing import Any, NoReturn

import click

from retrieval.errors import InvalidQuery, TriptychError

COMMANDS = (
    *("index", "watch", "search", "serve", "info", "duplicates", "export", "forget"),
    *("models", "evaluate", "train"),
)
RESUMED = ("index", "watch", "train")
BRIEF = ("search", "info")
"""Commands that end before there is garbage worth collecting."""
KEPT = " What was done is kept; run the same command to go on."
INTERRUPTED = 130
"""What shells expect of a command that Ctrl-C ended."""


class Commands(click.Group):
    """Imports a command's module only when it is asked for, so that ``--help`` is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in BRIEF:
            _collect_nothing()
        command: click.Command = importlib.import_module(f"cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing what they need."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES[name]) for name in COMMANDS])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, translating errors at this one edge."""
        try:
            return super().invoke(ctx)
        except TriptychError as error:
            _fail(str(error), 2 if isinstance(error, InvalidQuery) else 1)
        except KeyboardInterrupt:
            kept = KEPT if ctx.invoked_subcommand in RESUMED else ""
            _fail(f"Interrupted.{kept}", INTERRUPTED)


SUMMARIES = {
    "index": "Make folders of pictures, documents and recordings searchable.",
    "watch": "Keep a library up to date as files change.",
    "search": "Find items by words, pictures or speech.",
    "serve": "Open the search page and the JSON API.",
    "info": "Say what a library holds.",
    "duplicates": "List files that are the same or nearly so.",
    "export": "Write a library to a file that other programs read.",
    "forget": "Remove what is known of files from a library.",
    "models": "List the encoders to choose from.",
    "evaluate": "Measure an encoder's recall on captioned pictures.",
    "train": "Train an encoder on your own captioned pictures.",
}


def _collect_nothing() -> None:
    """Look for no garbage: at the end alone that takes a fifth of a second."""
    gc.disable()
    atexit.register(gc.freeze)


def _fail(message: str, status: int) -> NoReturn:
    click.echo(f"Error: {message}", err=True)
    sys.exit(status)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="triptych")
def run() -> None:
    """Search your own pictures, documents and recordings by meaning.

    Start with `triptych index FOLDER`, then `triptych search "a dog on the beach"` or
    `triptych serve`. Everything stays on this machine.
    """
