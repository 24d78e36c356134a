"""The reference in Chinese: what is said of operations, models and fields, by the English text.

A test holds that nothing is missing here, and that nothing is left over.
"""

from __future__ import annotations

from collections.abc import Mapping

from webui.reference.chinese.items import ITEMS
from webui.reference.chinese.library import LIBRARY
from webui.reference.chinese.operations import OPERATIONS
from webui.reference.chinese.search import SEARCH

CHINESE: Mapping[str, str] = {**OPERATIONS, **SEARCH, **ITEMS, **LIBRARY}
