"""Terminal output of the kinds that docs/terminal.md measures, for a screen of 120 columns and 40 rows."""
import gzip
import json
import os
import random

COLUMNS, ROWS = 120, 40
WORDS = ("connection accepted from client request queue worker retry timeout backend session token user "
         "GET POST /api/v1/items /health 200 404 error warning info debug started stopped in 12ms 384 bytes").split()


def words(rng, width):
    line = ""
    while len(line) < width:
        line += rng.choice(WORDS) + " "
    return line[:width].rstrip()


def plain(rng):
    return "".join(f"2026-11-21T08:{n // 60 % 60:02}:{n % 60:02}.{n % 1000:03}Z {words(rng, rng.randint(40, 110))}\r\n"
                   for n in range(4000))


def scroll(rng):
    return "y\n" * 100000


def light(rng):
    return "".join("\x1b[H" + chr(65 + n % 26) * (COLUMNS * ROWS) for n in range(60))


def build(rng):
    lines = []
    for n in range(4000):
        lines.append(f"\x1b[1;32m   Compiling\x1b[0m {rng.choice(WORDS)} v{n % 9}.{n % 13}.0 "
                     f"\x1b[2m(/usr/src/{words(rng, 30)})\x1b[0m\r\n")
        if n % 7 == 0:
            lines.append(f"\x1b[0m\x1b[1m\x1b[38;5;11mwarning\x1b[0m\x1b[0m\x1b[1m: {words(rng, 50)}\x1b[0m\r\n"
                         f"\x1b[0m  \x1b[0m\x1b[0m\x1b[1m\x1b[38;5;12m--> \x1b[0m\x1b[0msrc/{n}.rs:{n}:5\x1b[0m\r\n")
    return "".join(lines)


def editor(rng):
    out = ["\x1b[?1049h\x1b[1;40r"]
    for n in range(400):
        out.append("\x1b[?25l\x1b[H")
        for row in range(1, 39):
            out.append(f"\x1b[{row};1H\x1b[38;5;242m{n + row:4} \x1b[0m\x1b[38;5;{rng.choice((148, 81, 197))}m"
                       f"{rng.choice(WORDS)}\x1b[m {words(rng, rng.randint(10, 60))} \x1b[38;5;186m\"{rng.choice(WORDS)}\""
                       f"\x1b[m\x1b[K")
        out.append(f"\x1b[39;1H\x1b[7m NORMAL  main.c {n}% \x1b[m\x1b[K\x1b[{rng.randint(1, 38)};{rng.randint(6, 90)}H\x1b[?25h")
    return "".join(out)


def top(rng):
    out = []
    for n in range(400):
        out.append("\x1b[H\x1b[m\x1b[39;49m")
        for row in range(5):
            out.append(f"\x1b[m{words(rng, 20)}: \x1b[m\x1b[1m{n % 100:5}.{row}\x1b[m id, \x1b[1m{row:4}\x1b[m wa\x1b[m\x1b[K\r\n")
        out.append("\x1b[m\x1b[7m    PID USER      PR  NI    VIRT    RES  %CPU  %MEM     TIME+ COMMAND" + " " * 40 + "\x1b[m\x1b[K\r\n")
        for row in range(33):
            bold = "\x1b[1m" if row % 5 == 0 else ""
            out.append(f"\x1b[m{bold}{rng.randint(1, 99999):7} root      20   0 {rng.randint(1, 999999):7} "
                       f"{rng.randint(1, 99999):6} {rng.random() * 99:5.1f} {rng.random() * 9:5.1f}   0:0{row % 9}.{n % 100:02} "
                       f"{rng.choice(WORDS)}\x1b[m\x1b[K\r\n")
    return "".join(out)


def dense(rng):
    out = []
    for n in range(24):
        out.append("\x1b[H")
        for cell in range(COLUMNS * ROWS):
            out.append(f"\x1b[38;5;{(n + cell) % 156 + 100};48;5;{(n * 3 + cell) % 156 + 100};1;3;4m{chr(65 + n)}")
    return "".join(out)


def motion(rng):
    out = []
    for n in range(20):
        for cell in range(COLUMNS * ROWS):
            out.append(f"\x1b[{cell % ROWS + 1};{cell // ROWS + 1}H{chr(65 + n)}")
    return "".join(out)


def cjk(rng):
    letters = "日本語中文字幕終端録画再生検索한국어터미널녹화"
    return "".join("".join(rng.choice(letters) for _ in range(rng.randint(20, 58))) + "\r\n" for _ in range(4000))


def emoji(rng):
    letters = ["😀", "👍🏽", "👨‍👩‍👧‍👦", "❤️", "🇩🇪", "🏳️‍🌈", "e\u0301", "🎉", "⚠️", "✔", "a", " "]
    return "".join("".join(rng.choice(letters) for _ in range(rng.randint(10, 40))) + "\r\n" for _ in range(4000))


def recordings(folder):
    """The output of all asciicasts in a folder, joined."""
    out = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        data = gzip.open(path).read() if name.endswith(".gz") else open(path, "rb").read()
        for line in data.decode("utf-8", "surrogateescape").split("\n")[1:]:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, list) and len(event) == 3 and event[1] == "o" and isinstance(event[2], str):
                out.append(event[2])
    return "".join(out)


LOADS = {"plain log text": plain, "full screens of light text": light, "coloured build log": build, "editor": editor,
         "top-like": top, "dense SGR": dense, "cursor motion": motion, "CJK": cjk, "emoji, clusters": emoji,
         "scrolling": scroll}


def make(name, size, corpus=None):
    """About `size` bytes of one load; "recordings" takes them from the folder `corpus`."""
    unit = recordings(corpus) if name == "recordings" else LOADS[name](random.Random(name))
    unit = unit.encode("utf-8", "surrogateescape")
    return unit * max(1, size // len(unit))
