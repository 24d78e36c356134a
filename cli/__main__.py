"""``python -m cli``: the ``triptych`` command without its script."""

from __future__ import annotations

from cli.main import run

run(prog_name="triptych")
