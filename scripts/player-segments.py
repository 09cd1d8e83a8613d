"""Segments of `ssmplay export` in asciinema-player 3.17 in headless Chromium, from a server of files: at each time the
player shows what `ssmplay screen` shows, and it has read only some of the segments.

usage: player-segments.py SSMPLAY CHROMIUM ASSETS   ASSETS: the folder of asciinema-player.min.js
"""
import functools
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests" / "Peers"))
from browser import Browser  # noqa: E402

LINES = "[...document.querySelectorAll('.ap-line')].map(line => line.textContent.trimEnd())"
PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="asciinema-player.css">
<div id="p"></div><script src="asciinema-player.min.js"></script><script>
const player = AsciinemaPlayer.create({ url: "segments/index.json", format: "segmented" }, document.getElementById("p"));
</script>"""


class Files(http.server.SimpleHTTPRequestHandler):
    asked = []

    def log_message(self, *_):
        self.asked.append(self.path)


def record(path):
    """Twenty minutes of lines, more than one segment holds."""
    with open(path, "w") as file:
        file.write('{"version":2,"width":80,"height":24,"timestamp":1700000000}\n')
        for second in range(1200):
            text = "".join(f"\x1b[3{line % 8}mline {second}.{line}\x1b[0m {'.' * 30} 日本\r\n" for line in range(30))
            file.write(json.dumps([second, "o", text]) + "\n")
            if second == 700:
                file.write(json.dumps([second + 0.5, "m", "a marker"]) + "\n")


def main():
    ssmplay, chromium, assets = sys.argv[1:4]
    with tempfile.TemporaryDirectory(prefix="ssmcast-segments-") as name:
        folder = pathlib.Path(name)
        record(folder / "long.cast")
        subprocess.run([ssmplay, "export", "--to", "asciinema-segments", folder / "long.cast", "-o", folder / "segments"],
                       check=True)
        for file in ("asciinema-player.min.js", "asciinema-player.css"):
            (folder / file).write_bytes((pathlib.Path(assets) / file).read_bytes())
        (folder / "page.html").write_text(PAGE)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=name))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = Browser(chromium, str(folder / "profile"))
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            browser.call("Page.enable")
            browser.call("Page.navigate", url=f"http://127.0.0.1:{server.server_port}/page.html")
            browser.wait("typeof player === 'object' && document.querySelector('.ap-player')")
            failures = 0
            for moment in (1000.5, 3.5, 700.2):
                browser.evaluate(f"player.seek({moment})")
                wanted = subprocess.run([ssmplay, "screen", f"{folder / 'long.cast'}@{moment}"], capture_output=True,
                                        check=True, text=True).stdout.rstrip("\n")
                first = json.dumps(wanted.split("\n")[0])
                try:
                    browser.wait(f"{LINES}[0] === {first}")
                except RuntimeError:
                    pass
                shown = "\n".join(browser.evaluate(LINES)).rstrip("\n")
                failures += shown != wanted
                print(f"asciinema-player shows segments at {moment} s:", "as we do" if shown == wanted else repr(shown[:200]))
        finally:
            browser.process.kill()
            browser.process.wait()
            server.shutdown()
        asked = {path for path in Files.asked if path.endswith(".json") and "index" not in path}
        count = len(list((folder / "segments").glob("*.json"))) - 1
        print(f"it read {len(asked)} of {count} segments")
        sys.exit(failures > 0 or not 0 < len(asked) < count)


main()
