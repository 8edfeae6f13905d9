"""A conversation in, one HTML file out that needs nothing else: no script, picture or address. Pure."""

from __future__ import annotations

from html import escape

from app.chat.answer.markup import LINE, Block, Kind, Look, Run, Runs
from app.clock import clock, span
from app.conversation import Conversation
from app.export.report import Report, Section, kind_of, report_of

_STYLE = """
:root { color-scheme: light dark; --soft: #DCEAF6; --accent: #0A62A6; --line: #D9DDE2; --quiet: #434B54; }
@media (prefers-color-scheme: dark) {
  :root { --soft: #1A3244; --accent: #5CB8F2; --line: #2A2F35; --quiet: #B1B8C1; } }
body { font: 15px/1.55 Inter, system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; } .quiet, .ended { color: var(--quiet); font-size: 13px; }
p, td { overflow-wrap: anywhere; }
.time { background: var(--soft); color: var(--accent); border-radius: 4px; padding: 1px 5px; }
.weak { border: 1px dashed var(--quiet); border-radius: 4px; padding: 0 5px; color: var(--quiet); }
table { border-collapse: collapse; width: 100%; } td, th { border: 1px solid var(--line); padding: 4px 8px; }
pre, blockquote { border-left: 3px solid var(--line); margin-left: 0; padding-left: 12px; white-space: pre-wrap; }
""".strip()
_TAGS = ((Look.CODE, "code"), (Look.STRUCK, "s"), (Look.ITALIC, "em"), (Look.BOLD, "strong"))


def write_html(conversation: Conversation) -> str:
    """A page to read, print or send."""
    report = report_of(conversation)
    title = escape(report.title)
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{title}</title><style>{_STYLE}</style></head><body>",
            f'<h1>{title}</h1><p class="quiet">{escape(report.facts)}</p>',
            *_sections(report),
            "</body></html>\n",
        )
    )


def _sections(report: Report) -> list[str]:
    parts = []
    for section in report.sections:
        parts.append(f"<h2>{section.number}. {_lines(section.question)}</h2>{_section(section)}")
        for take, earlier in enumerate(section.earlier, start=1):
            parts.append(f"<details><summary>Take {take}: {_lines(earlier.question)}</summary>")
            parts.append(f"{_section(earlier)}</details>")
    return parts


def _section(section: Section) -> str:
    parts = [_block(block, section) for block in section.blocks]
    if section.ended:
        parts.append(f'<p class="ended">{escape(section.ended)}</p>')
    if section.pins:
        rows = "".join(
            f"<tr><td>{pin.number}</td><td>{span(pin.seconds, pin.end_seconds)}</td><td>{pin.tokens}</td>"
            f"<td>{pin.relevance:.2f}</td><td>{kind_of(pin)}</td></tr>"
            for pin in section.pins
        )
        head = "<tr><th>#</th><th>Time</th><th>Tokens</th><th>Relevance</th><th></th></tr>"
        parts.append(f"<table>{head}{rows}</table>")
    parts += [f'<p class="quiet">{escape(words)}</p>' for words in (section.facts, *section.notes) if words]
    return "\n".join(parts)


def _block(block: Block, section: Section) -> str:
    """Lists keep the markers they came with, so that no number is counted anew."""
    words = _runs(block.runs, section)
    match block.kind:
        case Kind.RULE:
            made = "<hr>"
        case Kind.CODE:
            made = f"<pre><code>{words}</code></pre>"
        case Kind.TABLE:
            made = _table(block, section)
        case Kind.HEADING:
            level = min(block.level + 2, 6)
            made = f"<h{level}>{words}</h{level}>"
        case _:
            marker = f"{escape(block.marker)} " if block.marker else ""
            made = f'<p style="margin-left: {1.5 * block.depth:g}em">{marker}{words}</p>'
    return "<blockquote>" * block.quotes + made + "</blockquote>" * block.quotes


def _table(block: Block, section: Section) -> str:
    rows = []
    for place, row in enumerate(block.rows):
        tag = "td" if place else "th"
        cells = (
            f'<{tag} style="text-align: {escape(side, quote=True)}">{_runs(cell, section)}</{tag}>'
            for cell, side in zip(row, (*block.sides, *["left"] * len(row)), strict=False)
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _runs(runs: Runs, section: Section) -> str:
    return "".join(_run(run, section) for run in runs)


def _run(run: Run, section: Section) -> str:
    words = _lines(run.text)
    for look, tag in _TAGS:
        words = f"<{tag}>{words}</{tag}>" if look in run.look and run.text else words
    if run.cited is None:
        return words
    time = section.times[run.cited]
    kind, place = ("time", clock(time.start_seconds)) if time.supported else ("weak", "unsupported")
    return f'<span class="{kind}" title="{escape(time.tip, quote=True)}">{words} <small>{place}</small></span>'


def _lines(text: str) -> str:
    return escape(text).replace(LINE, "<br>").replace("\n", "<br>")
