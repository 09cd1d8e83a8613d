#!/usr/bin/env python3
"""As much of Amazon ECS as `aws ecs execute-command` needs, in front of a Session Manager service on this machine.

usage: ecs_service.py SSM_ENDPOINT TARGET

Prints its port. ExecuteCommand starts a session with the given service and answers as ECS does, with names in lower
camel case; every other operation than DescribeTasks is refused as ECS would, and counted.
"""
import http.server, json, os, sys

import boto3

ENDPOINT, TARGET = sys.argv[1:]
RUNTIME = TARGET.rpartition("_")[2]
ARN = "arn:aws:ecs:us-east-1:000000000000:"


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        print(operation, file=sys.stderr, flush=True)
        if operation == "ExecuteCommand":
            ssm = boto3.client("ssm", endpoint_url=ENDPOINT)
            session = ssm.start_session(
                Target=TARGET, DocumentName="AWS-StartInteractiveCommand", Parameters={"command": [body["command"]]})
            answer = {
                "clusterArn": ARN + "cluster/" + body["cluster"], "containerArn": ARN + "container/x",
                "containerName": body["container"], "interactive": body["interactive"],
                "session": {"sessionId": session["SessionId"], "streamUrl": session["StreamUrl"],
                            "tokenValue": session["TokenValue"]},
                "taskArn": ARN + "task/%s/%s" % (body["cluster"], body["task"])}
            return self.say(200, answer)
        if operation == "DescribeTasks":
            return self.say(200, {"tasks": [{"containers": [{"name": "web", "runtimeId": RUNTIME}]}], "failures": []})
        self.say(400, {"__type": "UnknownOperationException", "message": "ECS has no sessions."})

    def say(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
print(server.server_address[1], flush=True)
server.serve_forever()
