"""A client of a forwarded port or socket for the tests: port_client.py PLACE MODE [COUNT].

PLACE is a port of 127.0.0.1 or the path of a socket. Modes: `many` asks for COUNT blobs of different lengths at the
same time and compares each; `echo` sends COUNT bytes, ends its side, and expects them and their count back;
`refused` expects the connection to end without a byte. Prints `good`, or what was wrong.
"""
import hashlib
import socket
import sys
import threading


def connect(place: str) -> socket.socket:
    if place.isdigit():
        return socket.create_connection(("127.0.0.1", int(place)), 120)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(120)
    connection.connect(place)
    return connection


def read_all(connection: socket.socket) -> bytes:
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def blob(count: int) -> bytes:
    seed = hashlib.sha256(str(count).encode()).digest()
    return (seed * (count // len(seed) + 1))[:count]


def ask(place: str, count: int, wrong: list) -> None:
    try:
        with connect(place) as connection:
            connection.sendall(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % count)
            answer = read_all(connection).split(b"\r\n\r\n", 1)
            if len(answer) != 2 or answer[1] != blob(count):
                wrong.append(f"{count}: {len(answer[-1])} bytes")
    except OSError as error:
        wrong.append(f"{count}: {error}")


def many(place: str, count: int) -> list:
    wrong: list = []
    threads = [threading.Thread(target=ask, args=(place, 1000 + 7919 * n, wrong)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def echo(place: str, count: int) -> list:
    # A lone LF, and LF at the end of a piece, must come back as they are.
    sent = b"\n" if count == 1 else (bytes(range(256)) * (count // 256 + 1))[: count - 1] + b"\n"
    with connect(place) as connection:
        sender = threading.Thread(target=lambda: (connection.sendall(sent), connection.shutdown(socket.SHUT_WR)))
        sender.start()
        got = read_all(connection)
        sender.join()
    wanted = sent + b"\ncount %d\n" % len(sent)
    return [] if got == wanted else [f"sent {len(sent)}, got {len(got)}: {got[-60:]!r}"]


def refused(place: str) -> list:
    with connect(place) as connection:
        try:
            got = read_all(connection)
        except ConnectionResetError:
            got = b""
    return [f"got {got[:60]!r}"] if got else []


place, mode, count = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0
wrong = many(place, count) if mode == "many" else echo(place, count) if mode == "echo" else refused(place)
print("good" if not wrong else "\n".join(wrong))
