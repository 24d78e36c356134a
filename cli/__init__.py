"""The ``triptych`` command: one short module a command, imported when it is called."""
