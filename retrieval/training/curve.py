"""The learning curve as a picture: recall on the photos held out, over the epochs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from retrieval.durable import replacing
from retrieval.training.validation import Curve, Row, best

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 48, 470, 20, 320
LINES: Sequence[tuple[str, str, str, Callable[[Row], float | None]]] = (
    ("text→image R@1", "#9ecae1", "", lambda row: row.text_to_image.recall_at_1),
    ("text→image R@5", "#4292c6", "", lambda row: row.text_to_image.recall_at_5),
    ("text→image R@10", "#084594", "", lambda row: row.text_to_image.recall_at_10),
    ("image→text R@1", "#fdae6b", "6 3", lambda row: row.image_to_text.recall_at_1),
    ("image→text R@5", "#f16913", "6 3", lambda row: row.image_to_text.recall_at_5),
    ("image→text R@10", "#a63603", "6 3", lambda row: row.image_to_text.recall_at_10),
    ("text→text R@10", "#636363", "2 3",
     lambda row: row.text_to_text.recall_at_10 if row.text_to_text else None),
)  # fmt: skip


def write_curve(file: Path, curve: Curve) -> None:
    """Write the picture of a curve in the place of the one before."""
    with replacing(file) as temporary:
        temporary.write_text(draw(curve), "utf-8")


def draw(curve: Curve) -> str:
    """Draw a curve as SVG."""
    chosen = best(curve).epoch
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
        f"<title>Recall on held-out photos; the best is epoch {chosen}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_grid(curve),
        _line(_x(curve, chosen), TOP, _x(curve, chosen), BOTTOM, "#31a354"),
        _label(_x(curve, chosen), TOP - 6, f"best: epoch {chosen}", "middle"),
        *(part for i in range(len(LINES)) for part in _series(curve, i)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _grid(curve: Curve) -> list[str]:
    shares = [_line(LEFT, _y(s / 5), RIGHT, _y(s / 5), "#ddd") for s in range(6)]
    percents = [_label(LEFT - 6, _y(s / 5) + 4, f"{20 * s} %", "end") for s in range(6)]
    last = curve[-1].epoch
    step = max(1, -(-last // 8))
    epochs = [_label(_x(curve, e), BOTTOM + 18, str(e), "middle") for e in range(0, last + 1, step)]
    return [*shares, *percents, *epochs, _label(RIGHT, BOTTOM + 34, "epoch", "end")]


def _series(curve: Curve, index: int) -> list[str]:
    name, colour, dash, value = LINES[index]
    points = [(_x(curve, row.epoch), _y(v)) for row in curve if (v := value(row)) is not None]
    if not points:
        return []
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    style = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
    y = TOP + 20 * index + 8
    key = f'<polyline points="{RIGHT + 16},{y} {RIGHT + 44},{y}" {style}/>'
    return [f'<polyline points="{path}" {style}/>', key, _label(RIGHT + 50, y + 4, name, "start")]


def _x(curve: Curve, epoch: int) -> float:
    return LEFT + (RIGHT - LEFT) * epoch / max(curve[-1].epoch, 1)


def _y(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share


def _line(x: float, y: float, to_x: float, to_y: float, colour: str) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"/>'


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#333">{text}</text>'
