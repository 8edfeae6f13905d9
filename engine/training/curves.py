"""Loss curves as a picture: the log of a run in, `curves.svg` out. Plain SVG, so that it needs nothing to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.training.progress import Row, rows
from engine.whole_file import write_whole

WIDTH, HEIGHT, LEFT, BELOW, GAP = 520, 200, 48, 34, 18
INKS = ("#1f6feb", "#d9480f", "#2b8a3e", "#862e9c", "#495057", "#c2255c", "#0b7285", "#e67700")
SMOOTH = 0.8
Points = list[tuple[float, float]]


def write_curves(folder: Path) -> None:
    """Loss and shares of right answers of every step of the recipe that the log tells of."""
    found = rows(folder)
    names = list(dict.fromkeys(str(row["stage"]) for row in found))
    panels = [_panel(name, [row for row in found if row["stage"] == name], place) for place, name in enumerate(names)]
    high = max(1, len(names)) * (HEIGHT + BELOW + GAP) + GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * (WIDTH + LEFT) + 150}" height="{high}" '
    style = 'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
    text = head + style + "".join(panels) + "</svg>\n"
    write_whole(folder / "curves.svg", lambda part: part.write_text(text))


def _panel(name: str, found: Sequence[Row], place: int) -> str:
    top = GAP + place * (HEIGHT + BELOW + GAP)
    losses = {"loss": _points(found, "loss", checks=False), "validation": _points(found, "loss", checks=True)}
    known = {"stage", "step", "seconds", "loss", "validation", "rate"}
    shares = [key for key in dict.fromkeys(k for row in found for k in row) if key not in known and "loss" not in key]
    right = {
        key: _points(found, key, checks=any(row.get("validation") and key in row for row in found)) for key in shares
    }
    most = max((value for points in losses.values() for _, value in points), default=1.0)
    return _plot(f"{name}: loss", losses, LEFT, top, most) + _plot(
        f"{name}: share right", right, 2 * LEFT + WIDTH, top, 1.0
    )


def _points(found: Sequence[Row], key: str, *, checks: bool) -> Points:
    return [
        (float(str(r["step"])), float(str(r[key]))) for r in found if key in r and bool(r.get("validation")) == checks
    ]


def _plot(title: str, lines: dict[str, Points], left: float, top: float, most: float) -> str:
    last = max((step for points in lines.values() for step, _ in points), default=1.0)
    parts = [f'<text x="{left}" y="{top - 4}">{title}</text>']
    for share in (0.0, 0.5, 1.0):
        y = top + HEIGHT * (1 - share)
        parts.append(f'<line x1="{left}" x2="{left + WIDTH}" y1="{y}" y2="{y}" stroke="#dee2e6"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{most * share:.2g}</text>')
        x = left + WIDTH * share
        parts.append(f'<text x="{x}" y="{top + HEIGHT + 14}" text-anchor="middle">{last * share:.0f}</text>')
    for number, (name, points) in enumerate(line for line in lines.items() if line[1]):
        ink = INKS[number % len(INKS)]
        path = " ".join(
            f"{left + WIDTH * step / last:.1f},{top + HEIGHT * (1 - min(value / max(most, 1e-9), 1)):.1f}"
            for step, value in _smooth(points)
        )
        parts.append(f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="1.4"/>')
        x, y = left + WIDTH + 6 + 74 * (number // 14), top + 10 + 13 * (number % 14)
        parts.append(f'<text x="{x}" y="{y}" fill="{ink}">{name}</text>')
    return "".join(parts)


def _smooth(points: Points) -> Points:
    smoothed: Points = []
    for step, value in points:
        before = smoothed[-1][1] if smoothed else value
        smoothed.append((step, SMOOTH * before + (1 - SMOOTH) * value))
    return smoothed
