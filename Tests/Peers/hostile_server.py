"""A server that misbehaves in one way, for the tests; standard library only.

usage: hostile_server.py MODE [ADDRESS [FORWARD_PORT]]
Prints the port it listens on, then serves until it is ended.
"""
import base64
import hashlib
import re
import socket
import sys
import threading
import time

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def request_head(connection):
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(4096)
        if not more:
            return head
        head += more
    return head


def accept_upgrade(connection):
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", request_head(connection)).group(1)
    answer = base64.b64encode(hashlib.sha1(key + GUID).digest())
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + answer + b"\r\n\r\n")


def wait_for_peer(connection):
    """Reads until the other side has gone."""
    try:
        while connection.recv(4096):
            pass
    except OSError:
        pass


def http(connection, status, body):
    request_head(connection)
    connection.sendall(
        b"HTTP/1.1 %s\r\nContent-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: request-4711\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (status, len(body), body))


def endless(connection, begin, piece):
    request_head(connection)
    connection.sendall(begin)
    try:
        while True:
            connection.sendall(piece)
    except OSError:
        pass


def after_upgrade(connection, data, stay=False):
    accept_upgrade(connection)
    connection.sendall(data)
    if stay:
        wait_for_peer(connection)


def forward(connection, port):
    other = socket.create_connection(("127.0.0.1", port))

    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    threading.Thread(target=copy, args=(other, connection), daemon=True).start()
    copy(connection, other)


MODES = {
    "silent": wait_for_peer,
    "hangup": lambda c: None,
    "hangup-after-request": request_head,
    "garbage": lambda c: (c.sendall(bytes(range(256)) * 64), wait_for_peer(c)),
    "refusal": lambda c: http(c, b"403 Forbidden", b'{"__type":"AccessDeniedException","message":"not you"}'),
    "unavailable": lambda c: http(c, b"503 Service Unavailable", b"<html>maintenance</html>"),
    "not-json": lambda c: http(c, b"200 OK", b"<html>sign in to the airport's network</html>"),
    "endless-head": lambda c: endless(c, b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 4000 + b"\r\n"),
    "endless-body": lambda c: endless(
        c, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"y" * 4096 + b"\r\n"),
    "quiet-agent": lambda c: after_upgrade(c, b"", stay=True),
    "half-frame": lambda c: after_upgrade(c, b"\x82\x7e\x04\x00only a part"),
    "reserved-bits": lambda c: after_upgrade(c, b"\xf2\x01x", stay=True),
    "huge-frame": lambda c: after_upgrade(c, b"\x82\x7f\x3f\xff\xff\xff\xff\xff\xff\xff", stay=True),
    "masked-frame": lambda c: after_upgrade(c, b"\x82\x81\x01\x02\x03\x04x", stay=True),
    "short-message": lambda c: after_upgrade(c, b"\x82\x03abc", stay=True),
    "close-frame": lambda c: after_upgrade(c, b"\x88\x05\x03\xe8Bye"),
    "no-token-frame": lambda c: after_upgrade(c, b"\x88\x0a\x03\xebno token"),
}


def main():
    mode = sys.argv[1]
    address = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
    if mode == "forward":
        port = int(sys.argv[3])
        behave = lambda connection: forward(connection, port)
    else:
        behave = MODES[mode]
    listener = socket.create_server((address, 0))
    print(listener.getsockname()[1], flush=True)

    def serve(connection):
        try:
            behave(connection)
        except (OSError, AttributeError):
            pass  # the client left first, which is its right
        finally:
            time.sleep(0.05)
            connection.close()

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


main()
