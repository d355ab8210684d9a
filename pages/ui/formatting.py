"""How numbers, counts and strangers' texts are written on the screen.

Whatever a person or a file named (videos, subjects, people, notes) passes through
``escape_html`` before ``st.html``, or goes to a component or a table, which show plain
text; it never goes to Markdown, where ``$x$``, ``:red[..]`` and links would come alive.
"""

from __future__ import annotations

import html
from fractions import Fraction

MUTED = "#8b949e"


def escape_html(text: object) -> str:
    """``text`` as HTML that shows exactly its characters."""
    return html.escape(str(text), quote=True)


def format_count(n: int, noun: str, plural: str | None = None) -> str:
    """``1 label``, ``2,146 labels``."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def format_seconds(seconds: float) -> str:
    """``0:04.2`` below a minute, ``14:52`` above, ``1:02:03`` above an hour."""
    if seconds < 59.95:
        return f"0:{seconds:04.1f}"
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def format_rate(fps: Fraction) -> str:
    """``25 fps``; an uneven rate with two decimals."""
    return f"{fps.numerator} fps" if fps.denominator == 1 else f"{float(fps):.2f} fps"


def format_bytes(n: int) -> str:
    """``4 GB``, ``12.5 MB``."""
    value, unit = float(n), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:.1f}".removesuffix(".0") + f" {unit}"
