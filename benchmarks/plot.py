"""The picture of a comparison: one row a workload, one mark a server, on a scale of ratios.

Written by hand, as SVG is text: no plotting library, no fonts, the same bytes for the same figures.
"""

from __future__ import annotations

import math
import statistics
from html import escape

from benchmarks.figures import Figures
from benchmarks.workloads import WORKLOADS

WIDTH, LEFT, RIGHT, ROW, TOP = 860, 280, 30, 26, 62
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""Told apart by people who do not see all colours (Okabe and Ito)."""

Row = tuple[str, dict[str, list[float]]]


def draw(figures: Figures) -> str:
    """The picture as SVG."""
    rows = [row for data in figures.datasets for row in _rows(figures, data)]
    ratios = [ratio for _, found in rows for values in found.values() for ratio in values]
    low = math.floor(math.log10(min([*ratios, 1])))
    high = math.ceil(math.log10(max([*ratios, 10])))
    height = TOP + ROW * len(rows) + 36
    body = [_text(14, 22, "Answers a second of Partnergraph by those of", "title")]
    body += [_legend(place, title) for place, title in enumerate(figures.others)]
    for power in range(low, high + 1):
        x = _x(10**power, low, high)
        body.append(f'<line x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{height - 30}" class="grid"/>')
        body.append(_text(x, height - 14, f"{10.0**power:g} ×", "tick"))
    one = _x(1, low, high)
    body.append(f'<line x1="{one}" x2="{one}" y1="{TOP - 8}" y2="{height - 30}" class="one"/>')
    for place, row in enumerate(rows):
        body += _draw_row(figures, row, TOP + ROW * place + ROW / 2, (low, high))
    return _frame(height, body)


def _rows(figures: Figures, data: str) -> list[Row]:
    rows = []
    for workload in WORKLOADS:
        found = {other: figures.ratios(data, workload.key, other) for other in figures.others}
        if any(found.values()):
            rows.append((f"{workload.key}, {data}", found))
    return rows


def _draw_row(figures: Figures, row: Row, y: float, scale: tuple[int, int]) -> list[str]:
    label, found = row
    parts = [_text(LEFT - 12, y + 4, label, "label")]
    for place, title in enumerate(figures.others):
        values, colour = found[title], COLOURS[place % len(COLOURS)]
        if not values:
            continue
        level = y + 5 * (place - (len(figures.others) - 1) / 2)
        ends = (_x(min(values), *scale), _x(max(values), *scale))
        middle = _x(statistics.median(values), *scale)
        line = f'<line x1="{ends[0]}" x2="{ends[1]}" y1="{level}" y2="{level}" stroke="{colour}"'
        parts.append(f'{line} stroke-width="2"/>')
        parts.append(f'<circle cx="{middle}" cy="{level}" r="4" fill="{colour}"/>')
    return parts


def _legend(place: int, title: str) -> str:
    x, colour = LEFT + 60 + 150 * place, COLOURS[place % len(COLOURS)]
    return f'<circle cx="{x}" cy="18" r="5" fill="{colour}"/>{_text(x + 10, 22, title, "title")}'


def _x(ratio: float, low: int, high: int) -> float:
    share = (math.log10(ratio) - low) / (high - low)
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text x="{x}" y="{y}" class="{kind}">{escape(words)}</text>'


def _frame(height: float, body: list[str]) -> str:
    style = (
        "text{font:13px sans-serif;fill:#222}.label{text-anchor:end}.tick{text-anchor:middle}"
        ".grid{stroke:#ddd}.one{stroke:#555;stroke-dasharray:4 3}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">\n'
        "<title>Ratios of answers a second; to the right of 1 Partnergraph is faster</title>\n"
        f'<style>{style}</style>\n<rect width="100%" height="100%" fill="#fff"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )
