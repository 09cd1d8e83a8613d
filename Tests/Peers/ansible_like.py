#!/usr/bin/env python3
"""Runs commands through session-manager-plugin as Ansible's connection plugin community.aws.aws_ssm does: the plugin is
spawned with the answer of StartSession as an argument, a pipe as standard input and a terminal as standard output; the
output is parsed by marks.

usage: ansible_like.py SSM_ENDPOINT TARGET COMMAND...

Prints one JSON object a command: {"status": N, "output": TEXT}.
"""
import json, os, pty, random, re, select, string, subprocess, sys, time

import boto3

ENDPOINT, TARGET, COMMANDS = sys.argv[1], sys.argv[2], sys.argv[3:]
ssm = boto3.client("ssm", endpoint_url=ENDPOINT)
response = ssm.start_session(Target=TARGET)
master, slave = pty.openpty()
plugin = subprocess.Popen(
    ["session-manager-plugin", json.dumps(response), "us-east-1", "StartSession", "", json.dumps({"Target": TARGET}),
     ENDPOINT],
    stdin=subprocess.PIPE, stdout=slave, stderr=subprocess.PIPE, close_fds=True, bufsize=0)
os.close(slave)
pending = b""


def lines(until, seconds=60):
    """Lines of the output up to the one that `until` accepts."""
    global pending
    deadline = time.monotonic() + seconds
    found = []
    while True:
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            found.append(line.rstrip(b"\r").decode())
            if until(found[-1]):
                return found
        if until(pending.decode(errors="replace")):
            return found + [pending.decode()]
        left = deadline - time.monotonic()
        if left <= 0:
            raise SystemExit("nothing came in time; so far: %r and %r" % (found, pending))
        if select.select([master], [], [], left)[0]:
            try:
                bytes_ = os.read(master, 65536)
            except OSError:
                bytes_ = b""
            if not bytes_:
                raise SystemExit("the plugin ended; so far: %r and %r" % (found, pending))
            pending += bytes_


lines(lambda line: line.startswith("Starting session with SessionId: "))
start = "".join(random.choices(string.ascii_letters, k=26))
plugin.stdin.write(("stty -echo\nPS1='' ; bind 'set enable-bracketed-paste off' 2> /dev/null\necho %s''ready\n" % start).encode())
lines(lambda line: line == start + "ready")
for command in COMMANDS:
    begin = "".join(random.choices(string.ascii_letters, k=26))
    end = "".join(random.choices(string.ascii_letters, k=26))
    plugin.stdin.write(("echo %s\n%s\necho $'\\n'$?\necho %s\n" % (begin, command, end)).encode())
    lines(lambda line: line == begin)
    found = lines(lambda line: line == end)[:-1]
    status = next(line for line in reversed(found) if re.fullmatch(r"\d+", line))
    output = found[: len(found) - 1 - found[::-1].index(status)]
    print(json.dumps({"status": int(status), "output": "\n".join(output).strip("\n")}), flush=True)
plugin.stdin.write(b"\nexit\n")
lines(lambda line: line.startswith("Exiting session with sessionId: "))
print(json.dumps({"exit": plugin.wait(30)}))
