"""The table of docs/formats.md, made from the registry.

``python -m tests.harness.format_table`` writes it anew; a test holds the page to it.
"""

from __future__ import annotations

from imigue_core.formats.label_file import FIELDS
from imigue_core.formats.registry import OWN_FORMATS, Format
from tests.harness.places import ROOT

PAGE = ROOT / "docs" / "formats.md"
START, END = "<!-- from formats/registry.py -->\n", "<!-- end -->\n"


def make_tables() -> str:
    """What each format is, and what it holds."""
    rows = [
        ("`--format`", "what it is", "files", "in and out", "beside it"),
        *(_describe(fmt) for fmt in OWN_FORMATS),
    ]
    held = [
        ("", *(f"`{fmt.name}`" for fmt in OWN_FORMATS)),
        *(
            (words, *("–" if name in fmt.cannot_hold else "yes" for fmt in OWN_FORMATS))
            for name, words in FIELDS.items()
        ),
    ]
    return f"{_join(rows)}\n{_join(held)}"


def _describe(fmt: Format) -> tuple[str, ...]:
    ways = [word for word, way in (("in", fmt.load), ("out", fmt.save)) if way is not None]
    return (
        f"`{fmt.name}`",
        fmt.words,
        ", ".join(f"`{suffix}`" for suffix in fmt.suffixes),
        " and ".join(ways),
        "nothing" if fmt.is_self_explaining else "`.meta.json`",
    )


def _join(rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]]) + "\n"


def main() -> None:
    """Writes the tables into the page."""
    text = PAGE.read_text()
    front, rest = text.split(START)
    PAGE.write_text(front + START + make_tables() + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
