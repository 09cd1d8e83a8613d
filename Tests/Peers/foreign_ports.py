#!/usr/bin/env python3
"""Our client's port sessions against a foreign service and agent, with faults on the way; and two long minutes.

usage: foreign_ports.py --gateway GATEWAY.PY --programs DIR [--quick] [--only TEXT] [--jobs N]
       foreign_ports.py --gateway GATEWAY.PY --programs DIR --long SECONDS

Connections send random bytes to an echo server behind the agent and compare what comes back; the recording must hold
each connection with the same counts and digests. --long: 30 % of all frames lost and 30 % out of order each way, and
the connection cut every five seconds, for that time, through a port and in a shell.
"""
import argparse, hashlib, json, os, queue, random, re, shutil, signal, socket, socketserver, subprocess, sys
import tempfile, threading, time

from foreign_matrix import FAULTS, Gateway, Recording, excerpt, fault_fired, truth

OLD = ["a2c:version:pt=5,v=3.0.100.0", "c2a:version:pt=6,v=1.1.0.0"]

# name: document, parameters besides the ports, connections side by side, bytes each, rules of its own
KINDS = {
    "mux": ("AWS-StartPortForwardingSession", {"localPortNumber": ["0"]}, 6, 20000, []),
    "remote": ("AWS-StartPortForwardingSessionToRemoteHost", {"host": ["127.0.0.1"], "localPortNumber": ["0"]},
               3, 20000, []),
    "basic": ("AWS-StartPortForwardingSession", {"localPortNumber": ["0"]}, 1, 40000, OLD),
    "stdio": ("AWS-StartSSHSession", {}, 1, 40000, []),
}
# A version that both sides read differently makes them disagree, as it would with the real ones.
SKIPPED = {"version-old", "version-odd", "slow"}
QUICK = {("mux", "storm"), ("basic", "none"), ("stdio", "cut-both"), ("mux", "none")}


class Echo(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            while True:
                data = self.request.recv(65536)
                if not data:
                    return
                self.request.sendall(data)

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]


def exchange(read, write, count, seed, problems, pieces=16384):
    """Sends random bytes and reads them back; returns their number and digest."""
    rng = random.Random(seed)
    sent = rng.randbytes(count)
    thread = threading.Thread(target=lambda: [write(sent[i:i + pieces]) for i in range(0, count, pieces)])
    thread.start()
    got = b""
    while len(got) < count:
        data = read(65536)
        if not data:
            break
        got += data
    thread.join()
    if got != sent:
        problems.append("of %d bytes %d came back%s" % (count, len(got), "" if sent.startswith(got) else ", changed"))
    return count, hashlib.sha256(sent).hexdigest()


def start(gateway, options, kind, folder, echo):
    document, more, _, _, _ = KINDS[kind]
    path = os.path.join(folder, "session.cast.gz")
    environment = dict(os.environ, **gateway.ready["env"])
    environment.update(HOME=folder, SSMCAST_DIR=os.path.join(folder, "recordings"))
    parameters = dict(more, portNumber=[str(echo.port)])
    run = subprocess.Popen(
        [os.path.join(options.programs, "ssmrec"), "start", "--target", gateway.ready["target"], "--endpoint-url",
         gateway.ready["http"], "--document-name", document, "-o", path, "--parameters", json.dumps(parameters)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(path + ".err", "wb"), bufsize=0)
    return run, path


def opened_port(run, path):
    """The port that the client says it listens at; its words come on standard output or error."""
    text = b""
    deadline = time.monotonic() + 60
    os.set_blocking(run.stdout.fileno(), False)
    while time.monotonic() < deadline:
        text += run.stdout.read() or b""
        found = re.search(rb"Port (\d+) opened for sessionId", text + open(path + ".err", "rb").read())
        if found:
            return int(found.group(1))
        if run.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError("no port was opened: %r %r" % (text, open(path + ".err", "rb").read()[-500:]))


def drain(run):
    os.set_blocking(run.stdout.fileno(), True)
    thread = threading.Thread(target=run.stdout.read, daemon=True)
    thread.start()


def end(run, path, problems):
    run.send_signal(signal.SIGINT)
    try:
        run.wait(60)
    except subprocess.TimeoutExpired:
        run.kill()
        problems.append("it did not end when interrupted")


def streams(recording):
    """What the recording says of each connection: (sent, digest, received, digest)."""
    found = []
    for event in recording.events:
        if event[1] != "p":
            continue
        value = event[2] if isinstance(event[2], dict) else json.loads(event[2])
        if value["event"] == "close":
            found.append((value["sent"]["bytes"], value["sent"]["sha256"],
                          value["received"]["bytes"], value["received"]["sha256"]))
    return found


def connect(port, count, seed, problems):
    with socket.create_connection(("127.0.0.1", port), 60) as link:
        link.settimeout(120)
        return exchange(link.recv, link.sendall, count, seed, problems)


def run_case(gateway, options, kind, fault, folder, echo):
    _, _, links, count, own = KINDS[kind]
    settings, states = FAULTS[fault]
    settings = dict(settings, rules=own + settings.get("rules", []))
    gateway.ctl("next", settings)
    run, path = start(gateway, options, kind, folder, echo)
    problems, expected = [], []
    if kind == "stdio":
        # What comes before the stream is for people and must not be on standard output.
        digest = exchange(lambda n: os.read(run.stdout.fileno(), n), run.stdin.write, count, 1, problems)
        expected.append(digest + digest)
        run.stdin.close()
        drain(run)
        time.sleep(0.5)
        end(run, path, problems)
    else:
        port = opened_port(run, path)
        drain(run)
        results = []
        threads = [threading.Thread(target=lambda seed=seed: results.append(connect(port, count, seed, problems)))
                   for seed in range(links)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expected += [result + result for result in results]
        time.sleep(0.5)  # the closing of connections is on its way
        end(run, path, problems)
    recording = Recording(path)
    found = streams(recording)
    if sorted(found) != sorted(expected):
        problems.append("recorded %s, not %s" % (excerpt(sorted(found)), excerpt(sorted(expected))))
    transcript = gateway.transcript(recording.header["ssm"]["session_id"])
    cuts = any(line["ev"] == "cut" and line["peer"] == "client" and line["up"] for line in transcript)
    for state in states if fault_fired(transcript) else []:
        if (state == "ignored" or cuts) and state not in recording.states:
            problems.append("no state %s in %s" % (state, recording.states))
    if problems:
        problems.append("stderr: " + open(path + ".err", errors="replace").read()[-300:])
    return problems


def worker(options, cases, results):
    folder = tempfile.mkdtemp(prefix="ports-")
    gateway, echo = Gateway(options.gateway, folder), Echo()
    try:
        while True:
            try:
                kind, fault = cases.get_nowait()
            except queue.Empty:
                return
            begun = time.monotonic()
            try:
                problems = run_case(gateway, options, kind, fault, tempfile.mkdtemp(dir=folder), echo)
            except Exception as error:
                problems = ["%s: %s" % (type(error).__name__, str(error)[-600:])]
            results.append(problems)
            print("%s %-8s %-12s %5.1f s %s" % ("FAIL" if problems else "ok  ", kind, fault,
                                              time.monotonic() - begun, "; ".join(problems)), flush=True)
    finally:
        gateway.close()
        echo.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


STORM = {"rules": ["a2c:drop:p=0.3,seed=11", "c2a:drop:p=0.3,seed=12", "a2c:reorder:by=3,p=0.3,seed=13",
                   "c2a:reorder:by=3,p=0.3,seed=14"], "latency_ms": 4}


def cut_every(gateway, seconds, until):
    count = 0
    while not until.wait(seconds):
        gateway.ctl("sessions/last/cut", {"peer": "client"})
        count += 1
    return count


def long_run(options):
    """The two minutes: first through a port, then in a shell."""
    failed = []
    for what in ("port", "shell"):
        folder = tempfile.mkdtemp(prefix="long-")
        gateway, echo, done, problems = Gateway(options.gateway, folder), Echo(), threading.Event(), []
        gateway.ctl("next", STORM)
        cutter = threading.Thread(target=cut_every, args=(gateway, 5, done))
        begun = time.monotonic()
        try:
            if what == "port":
                run, path = start(gateway, options, "mux", folder, echo)
                port = opened_port(run, path)
                drain(run)
                cutter.start()
                expected = []
                while time.monotonic() - begun < options.long and not problems:
                    digest = connect(port, 20000, len(expected), problems)
                    expected.append(digest + digest)
                done.set()
                time.sleep(2)
                end(run, path, problems)
                found = streams(Recording(path))
                if sorted(found) != sorted(expected):
                    problems.append("recorded %s, not %s" % (excerpt(sorted(found)), excerpt(sorted(expected))))
                said = "%d connections, %d bytes each way" % (len(expected), 20000 * len(expected))
            else:
                path = os.path.join(folder, "session.cast.gz")
                environment = dict(os.environ, **gateway.ready["env"])
                environment.update(HOME=folder, SSMCAST_DIR=folder + "/recordings")
                lines = int(options.long / 0.4)
                cutter.start()
                run = subprocess.run(
                    [os.path.join(options.programs, "ssmrec"), "start", "-q", "--target", gateway.ready["target"],
                     "--endpoint-url", gateway.ready["http"], "-o", path],
                    input=b"for n in $(seq 1 %d); do echo line-$n-end; sleep 0.4; done; sleep 20\nexit\n" % lines,
                    env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=options.long + 300)
                done.set()
                recording = Recording(path)
                frames, has_gap = truth(gateway.transcript(recording.header["ssm"]["session_id"]))
                shown = b"".join(payload for type_, payload in frames if type_ in (1, 11, 12))
                if run.returncode or run.stdout != shown or recording.text("o").encode() != shown or has_gap:
                    problems.append("exit %d, shown %d of %d bytes, recorded %d, gap %s, %s" % (
                        run.returncode, len(run.stdout), len(shown), len(recording.text("o").encode()), has_gap,
                        run.stderr[-300:]))
                if b"line-%d-end" % lines not in shown:
                    problems.append("the last line did not come")
                said = "%d bytes, %d frames" % (len(shown), len(frames))
            cuts = json.loads(gateway.ctl("sessions/last"))["resumes"]
            print("%s %-6s %4.0f s, resumed %d times, %s %s" % (
                "FAIL" if problems else "ok  ", what, time.monotonic() - begun, cuts, said, "; ".join(problems)), flush=True)
        finally:
            done.set()
            gateway.close()
            echo.shutdown()
            shutil.rmtree(folder, ignore_errors=True)
        failed += problems
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--quick", action="store_true", help="a few cases that touch every part")
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--long", type=float, help="seconds of loss, disorder and cuts")
    options = parser.parse_args()
    if options.long:
        return long_run(options)
    cases, results = queue.Queue(), []
    for kind in KINDS:
        for fault in FAULTS:
            if fault in SKIPPED or options.quick and (kind, fault) not in QUICK:
                continue
            if options.only in "%s %s" % (kind, fault):
                cases.put((kind, fault))
    threads = [threading.Thread(target=worker, args=(options, cases, results)) for _ in range(options.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = [problems for problems in results if problems]
    print("%d cases, %d failed" % (len(results), len(failed)))
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
