"""What a session adds to the echo of a key: echo_latency.py PROGRAM…

Types one key after the other, some milliseconds apart, into `cat` on a pty of its own, and into the same `cat` behind
PROGRAM, in turns, so that whatever else the machine does is in both. Prints rows of a Markdown table.
"""
import os
import pty
import select
import sys
import termios
import time
import tty

KEYS = 2000
PAUSE = 0.004


def spawn(words: list) -> int:
    pid, master = pty.fork()
    if pid == 0:
        os.execvp(words[0], words)
    return master


def ready(master: int) -> None:
    """Waits until a key comes back: the far end runs, and echoes only once."""
    tty.setraw(master, termios.TCSANOW)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        os.write(master, b"?")
        if select.select([master], [], [], 0.3)[0] and b"?" in os.read(master, 4096):
            break
    time.sleep(0.5)
    while select.select([master], [], [], 0.2)[0]:
        os.read(master, 4096)


def echo(master: int, key: bytes) -> float:
    start = time.perf_counter()
    os.write(master, key)
    while not select.select([master], [], [], 5)[0]:
        raise SystemExit("no echo within 5 s")
    os.read(master, 4096)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    direct = spawn(["sh", "-c", "stty raw -echo; exec cat"])
    session = spawn(sys.argv[1:])
    times: dict = {direct: [], session: []}
    for master in times:
        ready(master)
    for number in range(KEYS):
        for master, found in times.items():
            found.append(echo(master, b"abcdefghij"[number % 10 : number % 10 + 1]))
        time.sleep(PAUSE)
    plain, through = (sorted(found) for found in times.values())

    def at(found: list, part: float) -> float:
        return found[min(len(found) - 1, int(len(found) * part))]

    for name, part, bar in (("median", 0.5, "under 0.5 ms"), ("99th of 100", 0.99, "under 2 ms")):
        added = at(through, part) - at(plain, part)
        print(f"| echo of a key, {name}: added to a pty's {at(plain, part):.2f} ms | {added:.2f} ms | {bar} |")
    print(f"# largest: {plain[-1]:.2f} ms without, {through[-1]:.2f} ms with", file=sys.stderr)


main()
