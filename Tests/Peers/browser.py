"""Opens a page in a headless Chromium and uses it as a person would, for the tests; standard library only.

usage: browser.py CHROMIUM PAGE SECONDS PATTERN [SCREENSHOT]
Goes to SECONDS by the link's #t=, plays, steps, searches PATTERN; prints one JSON object with what was seen.
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


def main():
    program, page = sys.argv[1:3]
    folder = tempfile.mkdtemp(prefix="browser-")
    browser = Browser(program, folder)
    try:
        if len(sys.argv) == 3:
            print(open_page(browser, os.path.abspath(page)))
        else:
            screenshot = sys.argv[5] if len(sys.argv) > 5 else None
            print(json.dumps(use(browser, os.path.abspath(page), sys.argv[3], sys.argv[4], screenshot)))
    finally:
        browser.process.kill()
        browser.process.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()
