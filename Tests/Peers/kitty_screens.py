"""Screens as kitty sees them, without a window. usage: kitty +launch kitty_screens.py

Reads a JSON object a line, {"columns", "rows", "data"} (base64), and answers each with {"lines", "cursor"}.
"""
import base64
import json
import sys

from kitty.fast_data_types import Screen, parse_bytes, set_options
from kitty.options.types import defaults


class Window:
    """What a screen tells its window, of which nothing is wanted."""

    def __getattr__(self, name):
        return lambda *arguments, **named: None


def text(line, columns):
    """A row cell by cell: a tab is in the cell where it began, with its width in disguise."""
    cells = []
    for column in range(columns):
        if column == 0 or line.width(column - 1) < 2:
            cell = line[column].replace("\0", "")
            cells.append(" " if cell.startswith("\t") else cell or " ")
    return "".join(cells)


set_options(defaults)
for line in sys.stdin:
    request = json.loads(line)
    screen = Screen(Window(), request["rows"], request["columns"], 0, 10, 20, 0)
    parse_bytes(screen, base64.b64decode(request["data"]))
    lines = [text(screen.line(row), request["columns"]) for row in range(request["rows"])]
    print(json.dumps({"lines": lines, "cursor": [screen.cursor.y, screen.cursor.x]}), flush=True)
