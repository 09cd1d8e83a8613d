"""Opens a page in a headless Chromium and uses it as a person would, for the tests; standard library only.

usage: browser.py CHROMIUM PAGE SECONDS PATTERN [SCREENSHOT]
Goes to SECONDS by the link's #t=, plays, steps, searches PATTERN; prints one JSON object with what was seen.
usage: browser.py CHROMIUM PAGE SECONDS SCREEN.json
Compares what is painted with what `ssmplay screen --json` says; prints one JSON object with all differences.
usage: browser.py CHROMIUM PAGE
Prints the milliseconds from going to the page until it has painted the first picture and can be used.
"""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

LIMIT = 60


class Browser:
    """The DevTools protocol over a pair of pipes."""

    def __init__(self, program, folder):
        commands, self.out = os.pipe()
        self.results, answers = os.pipe()

        def pipes():
            high = [os.dup(commands), os.dup(answers)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-dev-shm-usage", "--window-size=1200,900", "--user-data-dir=" + folder,
             "--remote-debugging-pipe", "about:blank"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.session = None

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def read(self):
        while b"\0" not in self.buffer:
            more = os.read(self.results, 1 << 20)
            if not more:
                raise RuntimeError("the browser ended")
            self.buffer += more
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def evaluate(self, code):
        result = self.call("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{code}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, code):
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            value = self.evaluate(code)
            if value not in (None, False, "", 0):
                return value
            time.sleep(0.05)
        raise RuntimeError("waited in vain for " + code)

    def key(self, key, text=None):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key,
                      **({"text": text} if text and kind == "keyDown" else {}))


LINES = "[...document.querySelectorAll('#screen > div')].map(row => row.textContent.trimEnd())"


def open_page(browser, page):
    """Milliseconds until it can be used, by the page's own clock, which starts where the browser goes there."""
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Network", "Log"):
        browser.call(domain + ".enable")
    browser.call("Page.navigate", url="file://" + page)
    return int(browser.wait("document.body && document.body.dataset.opened || ''"))


def use(browser, page, seconds, pattern, screenshot):
    seen = {"opened": open_page(browser, page)}
    seen["title"] = browser.evaluate("document.title")
    seen["duration"] = browser.evaluate("ssmcast.player.meta.duration")
    seen["first"] = browser.evaluate(LINES)
    browser.evaluate(f"location.hash = '#t={seconds}'; new Promise(done => setTimeout(done, 50))")
    browser.wait(f"Math.abs(ssmcast.player.time - {float(seconds) * 1000}) < 1")
    seen["lines"] = browser.evaluate(LINES)
    if screenshot:
        picture = browser.call("Page.captureScreenshot", format="png")["data"]
        with open(screenshot, "wb") as file:
            file.write(base64.b64decode(picture))
    browser.evaluate("document.activeElement.blur()")
    browser.key("0", "0")
    browser.key(" ", " ")
    seen["played"] = browser.wait("ssmcast.player.isPlaying && ssmcast.player.time > 200 && ssmcast.player.time")
    browser.key(" ", " ")
    browser.wait("!ssmcast.player.isPlaying")
    browser.key("ArrowUp")
    seen["speed"] = browser.evaluate("ssmcast.player.speed")
    browser.key(".", ".")
    after = browser.evaluate("ssmcast.player.time")
    browser.key(",", ",")
    seen["stepped_back"] = browser.evaluate(f"ssmcast.player.time < {after}")
    browser.evaluate(
        "document.getElementById('find').value = " + json.dumps(pattern)
        + "; document.getElementById('search').requestSubmit()")
    seen["found"] = browser.wait("/ hits?$/.test(document.getElementById('found').textContent)"
                                 " && document.getElementById('found').textContent")
    seen["hits"] = browser.evaluate("finder.hits.map(hit => [hit[0] / 1000, hit[1], hit[2]])")
    if seen["hits"]:
        browser.wait("document.querySelector('#screen .hit')")
        seen["hit_row"] = browser.evaluate("document.querySelector('#screen .hit').textContent.trimEnd()")
        seen["hash"] = browser.evaluate("location.hash")
    seen["chapters"] = browser.evaluate("[...document.querySelectorAll('#chapters li')].map(item => item.textContent)")
    seen["verdict"] = browser.evaluate("document.querySelector('.verdict').textContent")
    seen["hacked"] = browser.evaluate("window.hacked === undefined ? null : window.hacked")
    browser.call("Log.disable")
    seen["complaints"] = [
        event["params"] for event in browser.events
        if event.get("method") == "Runtime.exceptionThrown"
        or event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error"]
    seen["requests"] = [
        event["params"]["request"]["url"][:80] for event in browser.events
        if event.get("method") == "Network.requestWillBeSent"
        and not re.match(r"file://|data:|about:", event["params"]["request"]["url"])]
    return seen


CELLS = """(() => {
  const screen = document.getElementById("screen"), base = getComputedStyle(screen), root = getComputedStyle(document.documentElement);
  const probe = document.createElement("i");
  document.body.append(probe);
  const resolve = color => { probe.style.color = color; return getComputedStyle(probe).color; };
  const rows = [...screen.children].map(row => {
    const left = row.getBoundingClientRect().left, cells = [];
    for (const span of row.children) {
      const look = getComputedStyle(span), isAlone = /\\b[nw]\\b/.test(span.className), start = span.getBoundingClientRect().left - left;
      [...(isAlone ? [span.textContent] : span.textContent)].forEach((text, index) => cells.push({
        text, x: start / CELL + index, width: /\\bw\\b/.test(span.className) ? 2 : 1, isCursor: /cursor|low|bar/.test(span.className),
        color: look.color, background: look.backgroundColor, bold: look.fontWeight > 400, italic: look.fontStyle === "italic",
        lines: look.textDecorationLine, height: row.getBoundingClientRect().height }));
    }
    return cells;
  });
  return { rows, foreground: base.color, background: base.backgroundColor,
    palette: Array.from({ length: 16 }, (_, index) => resolve(root.getPropertyValue("--c" + index))) };
})()"""


def css_color(color, painted, fallback):
    """A color of `screen --json` as Chromium writes it."""
    if color is None:
        return fallback
    if isinstance(color, int) and color < 16:
        return painted["palette"][color]
    if isinstance(color, int):
        levels = [0, 95, 135, 175, 215, 255]
        number = color - 16
        parts = ([8 + 10 * (color - 232)] * 3 if color >= 232
                 else [levels[number // 36], levels[number // 6 % 6], levels[number % 6]])
    else:
        parts = [int(color[start:start + 2], 16) for start in (1, 3, 5)]
    return "rgb({}, {}, {})".format(*parts)


def compare(browser, page, seconds, path):
    with open(path) as file:
        wanted = json.load(file)
    open_page(browser, page)
    browser.evaluate(f"location.hash = '#t={seconds}'; new Promise(done => setTimeout(done, 50))")
    browser.wait(f"Math.abs(ssmcast.player.time - {float(seconds) * 1000}) < 1")
    cell = f"(screen.getBoundingClientRect().width / {wanted['cols']})"
    painted = browser.evaluate(CELLS.replace("CELL", cell))
    differences, count = [], 0
    for number, (cells, row) in enumerate(zip(wanted["cells"], painted["rows"], strict=True)):
        column = 0
        for want, have in zip(cells, row, strict=True):
            count += 1
            fore = css_color(want["fg"], painted, painted["foreground"])
            back = css_color(want["bg"], painted, painted["background"])
            if want["reverse"]:
                fore, back = back, fore
            if have["background"] == "rgba(0, 0, 0, 0)":
                have["background"] = painted["background"]
            pairs = {"text": (want["text"], have["text"]), "width": (want["width"], have["width"]),
                     "bold": (want["bold"], have["bold"]), "italic": (want["italic"], have["italic"]),
                     "underline": (want["underline"], "underline" in have["lines"]),
                     "strike": (want["strike"], "line-through" in have["lines"]),
                     "column": (True, abs(have["x"] - column) < 0.1),
                     "height": (0, have["height"] % 1)}
            if have["isCursor"]:
                pairs["cursor"] = ([number, column], [wanted["cursor"]["row"], wanted["cursor"]["col"]])
            elif not want["faint"] and not want["hidden"]:
                pairs["color"], pairs["background"] = (fore, have["color"]), (back, have["background"])
            differences += [[number, column, what, *pair] for what, pair in pairs.items() if pair[0] != pair[1]]
            column += want["width"]
    return {"cells": count, "differences": differences[:20]}


def main():
    program, page = sys.argv[1:3]
    folder = tempfile.mkdtemp(prefix="browser-")
    browser = Browser(program, folder)
    try:
        if len(sys.argv) == 3:
            print(open_page(browser, os.path.abspath(page)))
        elif sys.argv[4].endswith(".json"):
            print(json.dumps(compare(browser, os.path.abspath(page), sys.argv[3], sys.argv[4])))
        else:
            screenshot = sys.argv[5] if len(sys.argv) > 5 else None
            print(json.dumps(use(browser, os.path.abspath(page), sys.argv[3], sys.argv[4], screenshot)))
    finally:
        browser.process.kill()
        browser.process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
