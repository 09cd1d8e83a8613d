#!/usr/bin/env python3
"""Our client against a foreign service and agent: every kind of session, every fault on the way.

usage: foreign_matrix.py --gateway GATEWAY.PY --programs DIR [--quick] [--only TEXT] [--jobs N] [--long SECONDS]

The gateway writes down every frame that it delivered to the client. Put together, each sequence number once and in
order, that is the truth: standard output and the recording must hold exactly it. One line is printed a case; exits
with 1 where one failed.
"""
import argparse, base64, gzip, json, os, queue, shlex, shutil, subprocess, sys, tempfile, threading, time
import urllib.request

LINES = 400
SHELL = "for n in $(seq 1 %d); do echo line-$n-\u00e4\u20ac\U0001f642-end; done\nexit\n"
PIPED = "sh -c 'for n in $(seq 1 %d); do echo out-$n-\u00e4\u20ac; echo err-$n >&2; done; exit 7'"
INTERACTIVE = "for n in $(seq 1 %d); do echo line-$n-\u00e4\u20ac; done"

# name: document, parameters, what is typed, exit status with --return
KINDS = {
    "shell": ("SSM-SessionManagerRunShell", {}, SHELL, 0),
    "interactive": ("AWS-StartInteractiveCommand", {"command": [INTERACTIVE]}, "", 0),
    "command": ("AWS-StartNonInteractiveCommand", {"command": [PIPED], "separateOutputStream": ["True"]}, "", 7),
    "merged": ("AWS-StartNonInteractiveCommand", {"command": [PIPED]}, "", 0),
    "kms-shell": ("Harness-KmsShell", {}, SHELL, 0),
    "kms-interactive": ("Harness-KmsInteractiveCommand", {"command": [INTERACTIVE]}, "", 0),
    "kms-command": ("Harness-KmsNonInteractiveCommand",
                    {"command": [PIPED], "separateOutputStream": ["True"]}, "", 7),
}

LINE_KINDS = {
    "shell": "line-%d-", "interactive": "line-%d-", "command": "err-%d\n", "merged": "err-%d\n",
    "kms-shell": "line-%d-", "kms-interactive": "line-%d-", "kms-command": "err-%d\n",
}

LATE = {"latency_ms": 4}  # without any, an acknowledgement can be faster than the agent's own bookkeeping


def rules(*texts, **more):
    return dict(rules=list(texts), **{**LATE, **more})


# name: settings of the session, states the recording must hold
FAULTS = {
    "none": (dict(LATE), []),
    "drop": (rules("a2c:drop:p=0.15,seed=1", "c2a:drop:p=0.15,seed=2"), []),
    "dup": (rules("a2c:dup:p=0.3,times=3,seed=1", "c2a:dup:p=0.3,times=2,seed=2"), []),
    "delay": (rules("a2c:delay:ms=300,p=0.1,seed=1", "c2a:delay:ms=300,p=0.1,seed=2"), []),
    "reorder": (rules("a2c:reorder:by=3,p=0.2,seed=1", "c2a:reorder:by=2,p=0.2,seed=2"), []),
    "corrupt": (rules("a2c:corrupt:p=0.15,seed=1", "c2a:corrupt:mt=acknowledge,p=0.15,seed=2"), ["ignored"]),
    "digest": (rules("a2c:digest:p=0.15,seed=1", "c2a:digest:p=0.15,seed=2"), ["ignored"]),
    "truncate": (rules("a2c:truncate:p=0.15,seed=1", "c2a:truncate:mt=acknowledge,p=0.1,seed=2"), ["ignored"]),
    "stub": (rules("a2c:truncate:to=60,n=4", "a2c:truncate:to=119,n=5"), ["ignored"]),
    "badlen": (rules("a2c:badlen:p=0.3,seed=1"), []),
    "garbage": (rules("a2c:garbage:len=300,n=3", "a2c:garbage:len=7,n=5"), ["ignored"]),
    "text": (rules("a2c:text:body=not a frame,n=3"), ["ignored"]),
    "pause": (rules("c2a:pause:n=6", "a2c:pause:n=7"), []),
    "start": (rules("c2a:start:n=4", "a2c:start:n=5"), []),
    "cut": (rules("a2c:cut:who=client,n=9,max=3"), ["disconnected", "resumed"]),
    "cut-close": (rules("a2c:cut:who=client,how=close,n=9,max=2"), ["disconnected", "resumed"]),
    "bye": (rules("a2c:cut:who=client,how=1006,n=9,max=2"), ["disconnected", "resumed"]),
    "cut-agent": (rules("a2c:cut:who=agent,n=9,max=2"), []),
    "cut-both": (rules("a2c:cut:who=both,n=9,max=2"), ["disconnected", "resumed"]),
    "cut-input": (rules("c2a:cut:who=client,n=5,max=3"), ["disconnected", "resumed"]),
    "version-old": (rules("a2c:version:pt=5,v=2.3.50.0"), []),
    "version-odd": (rules("a2c:version:pt=5,v=not.a.version"), []),
    "slow": (dict(rate=20000, jitter_ms=20, **LATE), []),
    "storm": (rules("a2c:drop:p=0.3,seed=3", "c2a:drop:p=0.3,seed=4", "a2c:reorder:by=3,p=0.3,seed=5",
                    "c2a:reorder:by=2,p=0.3,seed=6", "a2c:cut:who=client,n=12,max=3"), ["disconnected", "resumed"]),
}

QUICK = {("shell", "none"), ("command", "storm"), ("interactive", "corrupt"), ("kms-command", "bye"),
         ("shell", "garbage"), ("merged", "drop")}


# The service says 1000 "Bye" about once an hour; the gateway's own cuts say 1001, or 1006, which nobody may say.
BYE = """
import runpy, sys
from aiohttp import web
close = web.WebSocketResponse.close
async def say_bye(self, *, code=1000, message=b"", **more):
    if code == 1006:
        code, message = 1000, b"Bye"
    return await close(self, code=code, message=message, **more)
web.WebSocketResponse.close = say_bye
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Gateway:
    """One foreign service with its agent, in a folder of its own."""

    def __init__(self, script, folder):
        self.folder = folder
        self.log = open(os.path.join(folder, "log"), "w")
        self.child = subprocess.Popen(
            [sys.executable, "-c", BYE, script, "--run-dir", folder, "--agent", "builtin", "--pace-ms", "0"],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        ready = os.path.join(folder, "ready.json")
        for _ in range(600):
            if os.path.exists(ready):
                break
            if self.child.poll() is not None:
                raise SystemExit("the gateway ended: " + open(os.path.join(folder, "log")).read())
            time.sleep(0.1)
        self.ready = json.load(open(ready))

    def ctl(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(self.ready["http"] + "/_ctl/" + path, data, timeout=120) as answer:
            return answer.read()

    def transcript(self, session):
        lines = self.ctl("transcript?session=" + session).decode().splitlines()
        return [json.loads(line) for line in lines]

    def close(self):
        self.child.terminate()
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
        self.log.close()


def truth(transcript):
    """What the client was given, as (payload type, bytes), in order, and whether some never came: an agent that ends
    sends for two more seconds what got lost, and then no more."""
    received = {line["n"]: line for line in transcript if line["ev"] == "recv"}
    frames = {}
    for line in transcript:
        if line["ev"] != "send" or line.get("peer") != "client" or "ref" not in line:
            continue
        frame = received.get(line["ref"])
        if not frame or frame.get("mt") != "output_stream_data":
            continue
        tag = line.get("tag", "")
        if any(word in tag for word in ("corrupt", "digest", "truncate")):
            continue  # not a frame that may be taken
        payload = base64.b64decode(frame.get("plain_b64") or frame.get("b64") or "")
        if frame.get("plain_b64") is None and any_encrypted(transcript) and frame["pt"] in (1, 11, 12):
            raise AssertionError("the gateway could not decrypt frame %d" % frame["seq"])
        frames.setdefault(frame["seq"], (frame["pt"], payload))
    highest = max(frames, default=-1)
    return [frames[number] for number in sorted(frames)], len(frames) <= highest


def any_encrypted(transcript):
    return any(line["ev"] == "datakey" for line in transcript)


class Recording:
    def __init__(self, path):
        text = gzip.open(path).read().decode()
        lines = [json.loads(line) for line in text.splitlines() if line.strip()]
        self.header, self.events = lines[0], lines[1:]

    def text(self, code):
        return "".join(event[2] for event in self.events if event[1] == code)

    @property
    def states(self):
        found = []
        for event in self.events:
            if event[1] == "s":
                value = event[2] if isinstance(event[2], dict) else json.loads(event[2])
                found.append(value.get("state"))
        return found


def delayed(kind, fault, text):
    """An agent that ends has two seconds for what it still has to send; after a cut it needs more."""
    if "cut" not in fault and fault not in ("bye", "storm"):
        return text
    if kind.endswith("shell"):
        return text.replace("\nexit", "\nsleep 8\nexit")
    return text.replace("; exit 7'", "; sleep 8; exit 7'") if "exit 7" in text else text + "; sleep 8"


def run_case(gateway, options, kind, fault, folder):
    document, parameters, typed, status = KINDS[kind]
    settings, states = FAULTS[fault]
    count = LINES
    parameters = {name: [delayed(kind, fault, value.replace("%d", str(count))) if name == "command" else value
                         for value in values] for name, values in parameters.items()}
    gateway.ctl("next", settings)
    path = os.path.join(folder, "session.cast.gz")
    environment = dict(os.environ, **gateway.ready["env"])
    environment.update(HOME=folder, SSMCAST_DIR=os.path.join(folder, "recordings"), SSMCAST_KMS_CHALLENGE="omit")
    words = [os.path.join(options.programs, "ssmrec"), "start", "-q", "--return", "--target",
             gateway.ready["target"], "--endpoint-url", gateway.ready["http"], "--document-name", document,
             "-o", path]
    if parameters:
        words += ["--parameters", json.dumps(parameters)]
    run = subprocess.run(words, input=delayed(kind, fault, typed.replace("%d", str(count))).encode() if typed else b"", env=environment,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=240)
    recording = Recording(path)
    session = recording.header["ssm"]["session_id"]
    transcript = gateway.transcript(session)
    problems = []
    if options.keep:
        with open(os.path.join(options.keep, "%s-%s.jsonl" % (kind, fault)), "w") as file:
            file.writelines(json.dumps(line) + "\n" for line in transcript)
    frames, has_gap = truth(transcript)

    def expect(what, found, wanted):
        if found != wanted:
            problems.append("%s: %s, not %s" % (what, excerpt(found), excerpt(wanted)))

    # A session that ends while its client is away has no more tokens to give.
    ended_meanwhile = recording.states[-1] == "timed out" and "disconnected" in recording.states
    numbers = [line["seq"] for line in transcript
               if line["ev"] == "recv" and line["peer"] == "agent" and line.get("mt") == "output_stream_data"]
    is_cut_short = has_gap or len(frames) <= max(numbers, default=-1)
    if any(type_ == 12 for type_, payload in frames) or not status:
        expect("exit status", run.returncode, status)
    message = next((json.loads(payload).get("CustomerMessage") or "" for kind_, payload in frames if kind_ == 7), "")
    shown = b"".join(payload for type_, payload in frames if type_ in (1, 11, 12))
    output = run.stdout
    if message:
        expect("message", output[: len(message) + 1].decode(errors="replace").strip(), message.strip())
        output = output[output.index(b"\n") + 1:]
    expect("standard output", output, shown)
    expect("recorded output", recorded(recording, "o", message), b"".join(p for t, p in frames if t == 1))
    expect("recorded errors", recording.text("e").encode(), b"".join(p for t, p in frames if t == 11))
    code = b"".join(p for t, p in frames if t == 12).decode()
    expect("recorded status", recording.text("x"), code.replace("EXIT_CODE: ", ""))
    cuts = any(line["ev"] == "cut" and line["peer"] == "client" and line["up"] for line in transcript)
    for state in states if fault_fired(transcript) else []:
        if state == "ignored" or cuts and not ended_meanwhile:
            expect("state %s" % state, state in recording.states, True)
    expect("a gap is recorded", "gap" in recording.states, has_gap)
    expect("last state", recording.states[-1], "timed out" if ended_meanwhile else "closed")
    if LINE_KINDS.get(kind) and not is_cut_short:
        expect("whole", LINE_KINDS[kind] % count in shown.decode(), True)
    if problems:
        problems.append("stderr: " + run.stderr.decode(errors="replace")[-400:])
    return problems, "the agent gave up" if is_cut_short else "ended while away" if ended_meanwhile else ""


def recorded(recording, code, message):
    text = recording.text(code)
    if message and text.startswith(message.strip()):
        text = text[text.index("\n") + 1:]
    return text.encode()


def fault_fired(transcript):
    return any(line["ev"] == "fault" for line in transcript)


def excerpt(value):
    text = repr(value)
    return text if len(text) < 160 else text[:70] + "..." + text[-70:]


def worker(options, cases, results, number):
    folder = tempfile.mkdtemp(prefix="matrix-")
    gateway = Gateway(options.gateway, folder)
    try:
        while True:
            try:
                kind, fault = cases.get_nowait()
            except queue.Empty:
                return
            place = tempfile.mkdtemp(dir=folder)
            start = time.monotonic()
            try:
                problems, note = run_case(gateway, options, kind, fault, place)
            except Exception as error:
                note, problems = "", ["%s: %s" % (type(error).__name__, str(error)[-600:])]
            results.append((kind, fault, problems))
            verdict = "ok  " if not problems else "FAIL"
            print("%s %-16s %-12s %5.1f s %s" % (
                verdict, kind, fault, time.monotonic() - start, "; ".join(problems) or note), flush=True)
    finally:
        gateway.close()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--quick", action="store_true", help="a few cases that touch every part")
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("--keep", help="a folder for the transcripts")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    cases = queue.Queue()
    for kind in KINDS:
        for fault in FAULTS:
            if options.quick and (kind, fault) not in QUICK:
                continue
            if options.only in "%s %s" % (kind, fault):
                cases.put((kind, fault))
    results = []
    threads = [threading.Thread(target=worker, args=(options, cases, results, n)) for n in range(options.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = [result for result in results if result[2]]
    print("%d cases, %d failed" % (len(results), len(failed)))
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
