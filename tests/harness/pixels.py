"""Reading frame numbers back from the page's own canvas: scripts for ``Seat.run``.

``MARKER`` reads the number that media.py burnt into the picture, ``DOT`` the one
that a test pose encodes in the place of a single keypoint.
"""

from __future__ import annotations

from tests.harness.media import (
    MARKER_BITS,
    MARKER_COLUMNS,
    MARKER_CONTRAST,
    MARKER_FIRST_COLUMN,
    MARKER_ROWS,
)

DOT_COLUMNS, DOT_ROWS = 20, 10
DOT_CODES = DOT_COLUMNS * DOT_ROWS
"""A dot tells frames apart modulo this."""
DOT_LEFT, DOT_TOP, DOT_STEP = 0.1, 0.3, 0.04
"""Share of width and height where the grid of places starts, and its step."""

MARKER = f"""
    const readMarker = () => {{
        const {{x, y, scale}} = player.viewport();
        const context = player.canvas.getContext("2d", {{willReadFrequently: true}});
        const width = player.width * scale, height = player.height * scale;
        const brightness = (row, place) => {{
            const left = Math.round(x + ({MARKER_FIRST_COLUMN} + place + 0.4) * width / {MARKER_COLUMNS});
            const top = Math.round(y + (row + 0.4) * height / {MARKER_ROWS});
            const data = context.getImageData(left, top, 3, 3).data;
            let sum = 0;
            for (let i = 0; i < data.length; i += 4) sum += data[i + 1];
            return sum / (data.length / 4);
        }};
        let value = 0;
        for (let place = 0; place < {MARKER_BITS}; place += 1) {{
            const difference = brightness(0, place) - brightness(1, place);
            if (Math.abs(difference) < {MARKER_CONTRAST}) return -1;
            value = value * 2 + (difference > 0 ? 1 : 0);
        }}
        return value;
    }};
"""

DOT = f"""
    const readDot = () => {{
        const {{x, y, scale}} = player.viewport();
        const context = player.canvas.getContext("2d", {{willReadFrequently: true}});
        const width = player.width * scale, height = player.height * scale;
        const left = Math.round(x + ({DOT_LEFT} - {DOT_STEP} / 2) * width);
        const top = Math.round(y + ({DOT_TOP} - {DOT_STEP} / 2) * height);
        const across = Math.round({DOT_COLUMNS} * {DOT_STEP} * width);
        const down = Math.round({DOT_ROWS} * {DOT_STEP} * height);
        const data = context.getImageData(left, top, across, down).data;
        let n = 0, sumX = 0, sumY = 0;
        for (let i = 0; i < data.length; i += 4) {{
            if (data[i] < 210 || data[i + 1] < 210 || data[i + 2] < 210) continue;
            n += 1;
            sumX += (i / 4) % across;
            sumY += Math.floor(i / 4 / across);
        }}
        if (!n) return -1;
        const column = Math.round(sumX / n / width / {DOT_STEP} - 0.5);
        const row = Math.round(sumY / n / height / {DOT_STEP} - 0.5);
        return row * {DOT_COLUMNS} + column;
    }};
"""


def place_dot(frame: int, width: int, height: int) -> tuple[float, float]:
    """Where the test pose's keypoint stands in a frame, in pixels of the source picture."""
    code = frame % DOT_CODES
    column, row = code % DOT_COLUMNS, code // DOT_COLUMNS
    return (DOT_LEFT + column * DOT_STEP) * width, (DOT_TOP + row * DOT_STEP) * height
