"""Feeds the same terminal output to ssmplay and to other terminals, and compares the screens.

usage: terminals.py SSMPLAY streams SEED COUNT PEER | terminals.py SSMPLAY recordings FOLDER PEER
       PEER: ghostty, kitty, libvterm, pyte, avt, tmux

Prints each difference, made as short as it gets, and exits with 1 if there is one; 77 where the peer is missing.
Where the other terminal is known to do otherwise the streams leave that out: KNOWN says what, and why.
"""
import base64
import ctypes
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time

COLUMNS, ROWS = 12, 6
CSI = "\x1b["

# What each peer does otherwise than docs/terminal.md says, by the kind of sequence that is left out for it.
KNOWN = {
    "ghostty": {
        "margins": "CUB and CBT stop at the left margin only in ours, as in xterm",
        "variations": "flags are four columns there and two here: U+1F1E6 to U+1F1FF are narrow by their code point",
        "origin": "HPA in origin mode goes to another row there",
        "wrapmode": "without autowrap a mark at the last column goes to the one before it there",
    },
    "kitty": {
        "margins": "no side margins", "reverse": "no mode 45",
        "wide": "overwriting half of a wide character leaves the other half",
        "pending": "erasing keeps a pending wrap", "characters": "ICH, DCH and ECH behind the last column spare it",
        "regions": "CUD and CUU stop at a margin only within the region",
        "repeat": "REP repeats the glyph, not the character in the charset of now", "protection": "no DECSCA",
        "wrapmode": "without autowrap the cursor stands behind the last column, which ICH and DCH then spare",
        "screens": "1049 does not clear an alternate screen that shows already",
        "variations": "a flag and a variation selector make two columns of one character, without mode 2027 too",
    },
    "libvterm": {
        "wrapmode": "marks go to another column without autowrap there",
        "regions": "CUU and CUD do not stop at the margins there, and DECSTBM does not home",
        "margins": "0.1.4 knows no wrapping and no CR at side margins",
        "lines": "IL and DL leave the cursor's column alone there; in ours they go to the left margin, as in xterm",
        "pending": "EL, ED, ECH, ICH and DCH keep a pending wrap there; DECSC loses it",
        "repeat": "REP stops at the last column there",
        "charsets": "no such charsets in UTF-8 mode; DECSC does not save them",
        "wide": "overwriting half of a wide character leaves the other half there",
        "variations": "joins nothing by a variation selector",
        "reverse": "mode 45 is unknown there",
        "screens": "the alternate screen is optional there",
        "origin": "DECSC does not save the origin mode there",
        "protection": "other rules for DECSEL",
    },
    "pyte": {
        "margins": "no side margins", "pending": "erasing keeps a pending wrap, and EL spares the last column then",
        "lines": "DL leaves parts of rows", "repeat": "no REP", "charsets": "none in UTF-8 mode",
        "wide": "half a wide character stays", "combining": "marks at the start of a line go to the line above",
        "variations": "no clusters", "reverse": "mode 45 is unknown", "screens": "no alternate screen",
        "scroll": "no SU and SD", "origin": "other rules", "protection": "no DECSCA", "tabs": "no CHT and CBT",
        "saved": "DECRC without DECSC keeps modes", "wrapmode": "the last column is not reached without wrapping",
        "insert": "inserting at the edge differs", "regions": "DECSTBM homes otherwise",
        "index": "NEL does not return", "column": "no HPA",
    },
    "avt": {
        "margins": "no side margins", "pending": "DECSC loses a pending wrap", "lines": "IL and DL keep the column",
        "repeat": "a pending wrap does not repeat", "charsets": "other glyphs for two of the set",
        "wide": "half a wide character stays", "combining": "marks take a column", "variations": "no clusters",
        "reverse": "mode 45 is unknown", "screens": "mode 47 alone is unknown", "protection": "no DECSCA",
        "origin": "other rules", "saved": "DECRC without DECSC", "insert": "no wrap in insert mode",
        "wrapmode": "a wide character is cut there", "tabs": "a pending wrap is lost by a tab",
    },
    "tmux": {
        "margins": "no side margins", "pending": "erasing keeps a pending wrap", "repeat": "counts columns",
        "charsets": "as ACS through the outer terminal", "wide": "half a wide character goes whole",
        "combining": "dropped at the start of a line", "variations": "widths of its own", "reverse": "no mode 45",
        "screens": "mode 1047 is not as xterm's", "origin": "other rules", "protection": "no DECSCA",
        "lines": "IL and DL keep the column", "insert": "other rules at the edge", "tabs": "no CHT; others at the edge",
        "saved": "one slot for both screens", "wrapmode": "the last character differs", "regions": "others at the edge",
        "scroll": "SD is unknown",
    },
}


def pieces(rng, count, excluded):
    """Random output, from the kinds of sequences that are not excluded."""
    def number(low, high):
        return str(rng.randint(low, high))

    kinds = {
        "text": lambda: "".join(rng.choice("abcdefghij ") for _ in range(rng.randint(1, 16))),
        "text2": lambda: "".join(rng.choice("klmnopqrst ") for _ in range(rng.randint(1, 9))),
        "controls": lambda: rng.choice(["\r", "\n", "\r\n", "\b", "\x0b"]),
        "position": lambda: f"{CSI}{number(1, ROWS)};{number(1, COLUMNS)}H",
        "moves": lambda: f"{CSI}{number(1, 4)}{rng.choice('ABCDEFGd')}",
        "column": lambda: f"{CSI}{number(1, 9)}`",
        "erasing": lambda: f"{CSI}{number(0, 2)}{rng.choice('KJ')}",
        "characters": lambda: f"{CSI}{number(1, 3)}{rng.choice('P@X')}",
        "lines": lambda: f"{CSI}{number(1, 3)}{rng.choice('LM')}",
        "scroll": lambda: f"{CSI}{number(1, 3)}{rng.choice('ST')}",
        "regions": lambda: rng.choice([f"{CSI}{number(1, 3)};{number(4, ROWS)}r", f"{CSI}r"]),
        "index": lambda: "\x1b" + rng.choice("DEM"),
        "saved": lambda: "\x1b" + rng.choice("78"),
        "wide": lambda: rng.choice(["中", "文字", "한", "😀"]),
        "combining": lambda: rng.choice(["é", "e\u0301", "a\u0302\u0308"]),
        "variations": lambda: rng.choice(["🇩🇪", "❤\ufe0f"]),
        "style": lambda: f"{CSI}{rng.choice(['', '1', '2', '3', '4', '7', '9', '22', '27', '31', '42', '38;5;99', '48;2;1;2;3', '39', '49'])}m",
        "tabs": lambda: rng.choice(["\t", f"{CSI}{number(1, 2)}I", f"{CSI}{number(1, 2)}Z", f"{CSI}3g"]),
        "wrapmode": lambda: CSI + rng.choice(["?7l", "?7h"]),
        "insert": lambda: CSI + rng.choice(["4h", "4l"]),
        "origin": lambda: CSI + rng.choice(["?6h", "?6l"]),
        "reverse": lambda: CSI + rng.choice(["?45h", "?45l"]),
        "screens": lambda: CSI + rng.choice(["?1049h", "?1049l", "?1047h", "?1047l"]),
        "repeat": lambda: f"{CSI}{number(1, 3)}b",
        "charsets": lambda: rng.choice(["\x1b(0qxj\x1b(B", "\x1b)0\x0ekk\x0f"]),
        "protection": lambda: CSI + rng.choice(['1"q', '0"q', "?K", "?J", "?1K", "?2J"]),
        "margins": lambda: rng.choice([f"{CSI}?69h{CSI}{number(1, 4)};{number(6, COLUMNS)}s", f"{CSI}?69l"]),
    }
    if "pending" in excluded:
        # Text that never reaches the last column.
        for kind in ("text", "text2"):
            kinds[kind] = lambda: (f"{CSI}{number(1, ROWS)};{number(1, 3)}H"
                                   + "".join(rng.choice("abcdefghij ") for _ in range(rng.randint(1, 8))))
    chosen = [kinds[kind] for kind in kinds if kind not in excluded]
    out = [rng.choice(chosen)() for _ in range(count)]
    return out


# Each gives the rows of text, without the blanks at their ends, and the cursor.

def ssmplay(data, columns, rows):
    done = subprocess.run([PROGRAM, "screen", "--json", "--cols", str(columns), "--rows", str(rows), "-"], input=data,
                          stdout=subprocess.PIPE, check=True)
    screen = json.loads(done.stdout)
    return screen["lines"], (screen["cursor"]["row"], screen["cursor"]["col"])


def ghostty(data, columns, rows):
    from pyghostty.core import Terminal
    terminal = Terminal(columns, rows)
    terminal.feed(data)
    column, row = terminal.cursor
    return terminal.text().split("\n"), (row, column)


KITTY = []


def kitty(data, columns, rows):
    # One process for all: it takes long to start.
    if not KITTY:
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kitty_screens.py")
        KITTY.append(subprocess.Popen(["kitty", "+launch", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL))  # it complains of what it does not know
    request = {"columns": columns, "rows": rows, "data": base64.b64encode(data).decode()}
    KITTY[0].stdin.write(json.dumps(request).encode() + b"\n")
    KITTY[0].stdin.flush()
    answer = KITTY[0].stdout.readline()
    if not answer:
        raise OSError("kitty ended: another version than Debian's 0.26.5?")
    screen = json.loads(answer)
    row, column = screen["cursor"]
    return screen["lines"], (row, min(column, columns - 1))


def pyte(data, columns, rows):
    import pyte as library
    screen = library.Screen(columns, rows)
    library.ByteStream(screen).feed(data)
    return list(screen.display), (screen.cursor.y, min(screen.cursor.x, columns - 1))


def avt(data, columns, rows):
    from avt import Vt
    terminal = Vt(columns, rows)
    terminal.feed_str(data.decode("utf-8", "replace"))
    # Soft-wrapped rows come joined in text(): cells are asked for one by one.
    lines = ["".join(cell.char for cell in line.cells if cell.width) for line in terminal.view()]
    cursor = terminal.cursor
    return lines, (cursor.row, min(cursor.col, columns - 1))


class Rectangle(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("start_row", "end_row", "start_col", "end_col")]


class Position(ctypes.Structure):
    _fields_ = [("row", ctypes.c_int), ("column", ctypes.c_int)]


def libvterm(data, columns, rows):
    library = ctypes.CDLL("libvterm.so.0")
    for name in ("vterm_new", "vterm_obtain_screen", "vterm_obtain_state"):
        getattr(library, name).restype = ctypes.c_void_p
    library.vterm_screen_get_text.restype = ctypes.c_size_t
    library.vterm_screen_get_text.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, Rectangle]
    terminal = ctypes.c_void_p(library.vterm_new(rows, columns))
    library.vterm_set_utf8(terminal, 1)
    screen = ctypes.c_void_p(library.vterm_obtain_screen(terminal))
    library.vterm_screen_enable_altscreen(screen, 1)
    library.vterm_screen_reset(screen, 1)
    library.vterm_input_write(terminal, ctypes.c_char_p(data), ctypes.c_size_t(len(data)))
    lines = []
    for row in range(rows):
        buffer = ctypes.create_string_buffer(64 * columns)
        length = library.vterm_screen_get_text(screen, buffer, len(buffer), Rectangle(row, row + 1, 0, columns))
        lines.append(buffer.raw[:length].decode("utf-8", "replace"))
    position = Position()
    library.vterm_state_get_cursorpos(ctypes.c_void_p(library.vterm_obtain_state(terminal)), ctypes.byref(position))
    library.vterm_free(terminal)
    return lines, (position.row, position.column)


def tmux(data, columns, rows):
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/data", "wb") as file:
            file.write(data)
        command = ["tmux", "-S", folder + "/socket", "-f", "/dev/null"]
        script = f"stty raw -echo; cat {folder}/data; touch {folder}/done; sleep 30"
        subprocess.run(command + ["new-session", "-d", "-x", str(columns), "-y", str(rows), script], check=True,
                       env=dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm"))
        subprocess.run(command + ["set", "-g", "status", "off"], check=True)
        try:
            deadline = time.monotonic() + 20
            while not os.path.exists(folder + "/done") and time.monotonic() < deadline:
                time.sleep(0.01)
            # What cat wrote may still be in the pty: wait until it stands still.
            last = None
            while time.monotonic() < deadline:
                shown = subprocess.run(command + ["display", "-p", "#{cursor_y} #{cursor_x}", ";", "capture-pane", "-p"],
                                       stdout=subprocess.PIPE, check=True).stdout
                if shown == last:
                    break
                last = shown
                time.sleep(0.05)
        finally:
            subprocess.run(command + ["kill-server"], check=False)
    lines = shown.decode("utf-8", "replace").split("\n")
    row, column = lines[0].split()
    return lines[1:], (int(row), min(int(column), columns - 1))


def difference(peer, data, columns, rows):
    """The first difference in words; None: there is none."""
    def tidy(lines):
        return ([line.rstrip() for line in lines] + [""] * rows)[:rows]

    mine, my_cursor = ssmplay(data, columns, rows)
    theirs, their_cursor = PEERS[peer](data, columns, rows)
    for row, (left, right) in enumerate(zip(tidy(mine), tidy(theirs))):
        if left != right:
            return f"row {row}: ours {left!r}, {peer} {right!r}"
    return None if my_cursor == their_cursor else f"cursor: ours {my_cursor}, {peer} {their_cursor}"


def shortened(peer, parts):
    index = 0
    while index < len(parts):
        rest = parts[:index] + parts[index + 1:]
        if difference(peer, "".join(rest).encode(), COLUMNS, ROWS):
            parts = rest
        else:
            index += 1
    return parts


def streams(peer, seed, count):
    failures = 0
    for number in range(seed, seed + count):
        parts = pieces(random.Random(number), 25, KNOWN[peer])
        if difference(peer, "".join(parts).encode(), COLUMNS, ROWS):
            parts = shortened(peer, parts)
            words = difference(peer, "".join(parts).encode(), COLUMNS, ROWS)
            print(f"stream {number}: {''.join(parts)!r}\n  {words}")
            failures += 1
    print(f"{peer}: {count} streams, {failures} differ")
    return failures


def output(path):
    """Size and output of an asciicast without changes of size; None for all else."""
    text = (gzip.open(path) if path.endswith(".gz") else open(path, "rb")).read().decode("utf-8", "replace")
    lines = text.split("\n")
    try:
        header = json.loads(lines[0])
        events = [json.loads(line) for line in lines[1:] if line.startswith("[")]
        size = header["term"] if "term" in header else header
        columns, rows = size.get("cols") or size["width"], size.get("rows") or size["height"]
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    if any(event[1] == "r" for event in events):
        return None
    return columns, rows, "".join(event[2] for event in events if event[1] == "o").encode()


# Recordings whose last screens differ for a reason.
KNOWN_RECORDINGS = {
    "ghostty": {"zolotyh__holy2021spring__casts__commit2": "U+2630 is wide since Unicode 16; our tables are Debian's, 15.0"},
    "kitty": {
        "mwdavisii__nyx__claude": "an update that is not ended (mode 2026) is held back there",
        "sysid__rs-env__doc__demo": "1049 reset on the primary screen restores no cursor there; ours goes home, as xterm",
    },
}


def recordings(peer, folder):
    compared = failures = 0
    for name in sorted(os.listdir(folder)):
        if "cast" not in name:
            continue
        found = output(os.path.join(folder, name))
        if not found:
            continue
        columns, rows, data = found
        for part in range(1, 5):
            # Not inside of a sequence or a character: at the end of a line.
            cut = data.rfind(b"\n", 0, len(data) * part // 4) + 1 if part < 4 else len(data)
            words = difference(peer, data[:cut], columns, rows)
            compared += 1
            if words and not any(name.startswith(known) for known in KNOWN_RECORDINGS.get(peer, {})):
                print(f"{name}, {cut} bytes: {words}")
                failures += 1
    print(f"{peer}: {compared} screens of recordings, {failures} differ")
    return failures


PEERS = {"ghostty": ghostty, "kitty": kitty, "libvterm": libvterm, "pyte": pyte, "avt": avt, "tmux": tmux}
PROGRAM = sys.argv[1]

if __name__ == "__main__":
    name = sys.argv[-1]
    try:
        PEERS[name](b"x", 4, 2)
    except (ImportError, OSError) as error:
        print(f"{name} is not installed: {error}", file=sys.stderr)
        sys.exit(77)
    if sys.argv[2] == "streams":
        sys.exit(1 if streams(name, int(sys.argv[3]), int(sys.argv[4])) else 0)
    sys.exit(1 if recordings(name, sys.argv[3]) else 0)
