"""Bytes for the benchmark of forwarded ports.

port_load.py serve MB        a server: says its port; each connection is told `d` (it sends MB) or `u` (it reads MB)
port_load.py down PORT MB    reads MB through a port, prints the speed
port_load.py up PORT MB      sends MB through a port, prints the speed
"""
import os
import socket
import sys
import threading
import time

BLOCK = os.urandom(1 << 20)


def send(connection: socket.socket, count: int) -> None:
    while count > 0:
        piece = BLOCK[: min(count, len(BLOCK))]
        connection.sendall(piece)
        count -= len(piece)


def receive(connection: socket.socket, count: int) -> int:
    got = 0
    while got < count and (piece := connection.recv(1 << 18)):
        got += len(piece)
    return got


def serve(count: int) -> None:
    def answer(connection: socket.socket) -> None:
        with connection:
            if connection.recv(1) == b"d":
                send(connection, count)
            else:
                connection.sendall(b"%d\n" % receive(connection, count))

    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def measure(port: int, mode: str, count: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        start = time.monotonic()
        connection.sendall(mode[:1].encode())
        if mode == "down":
            got = receive(connection, count)
        else:
            send(connection, count)
            got = int(connection.makefile().readline())
        seconds = time.monotonic() - start
    print(f"{got / seconds / 1e6:.1f} MB/s" if got == count else f"lost: {got} of {count} bytes")


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]) * 1_000_000)
else:
    measure(int(sys.argv[2]), sys.argv[1], int(sys.argv[3]) * 1_000_000)
