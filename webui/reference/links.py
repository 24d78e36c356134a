"""Which operation takes what another one found: the numbers of items and passages."""

from __future__ import annotations

from typing import Any

FROM_AN_ANSWER = {
    "item": "get_item",
    "similar": "get_items_similar",
    "thumbnail": "get_items_thumbnail",
    "preview": "get_items_preview",
    "media": "get_items_media",
}
ITEM_FOUND = "$response.body#/hits/0/item"
ITEM, PASSAGE = "$response.body#/item", "$response.body#/passages/0/passage"


def links_from(endpoint: str) -> dict[str, Any]:
    """Give the links of what an endpoint answers, by name."""
    if endpoint in ("api.search", "api.similar"):
        return {
            name: {"operationId": operation, "parameters": {"item_id": ITEM_FOUND}}
            for name, operation in FROM_AN_ANSWER.items()
        }
    if endpoint == "api.item":
        both = {"item_id": ITEM, "passage_id": PASSAGE}
        return {"explain": {"operationId": "get_items_passages_explain", "parameters": both}}
    return {}
