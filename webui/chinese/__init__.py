"""Our messages in Chinese, by their English; what is in braces is put into both.

It stays as it is, but where ``translation.SAYING`` has its name: that is a message again.
A test holds that no message which a page may show is missing here, and that nothing is left over.
"""

from __future__ import annotations

from collections.abc import Mapping

from webui.chinese.borrowed import BORROWED
from webui.chinese.files import FILES
from webui.chinese.library import LIBRARY
from webui.chinese.requests import REQUESTS

CHINESE: Mapping[str, str] = {**FILES, **REQUESTS, **LIBRARY, **BORROWED}
