"""The engine: everything a query needs. It knows no folder walking and no HTTP."""

from __future__ import annotations

import os

# Nothing leaves the machine: ONNX Runtime reports its use unless this is set before its import,
# and other packages (faster-whisper) import it too.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
