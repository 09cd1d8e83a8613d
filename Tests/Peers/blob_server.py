"""A web server for the tests of forwarded ports: GET /N gives N bytes that depend on N alone, at once or in pieces.

Prints its port. Connections are served in parallel; a raw connection (anything but GET) is echoed until its end,
which is answered with the count of bytes, so that a half-closed connection can be told from a closed one.
"""
import hashlib
import socket
import threading


def blob(count: int) -> bytes:
    seed = hashlib.sha256(str(count).encode()).digest()
    return (seed * (count // len(seed) + 1))[:count]


def serve(connection: socket.socket) -> None:
    with connection:
        request = connection.recv(65536)
        if request.startswith(b"GET /"):
            while b"\r\n\r\n" not in request:
                request += connection.recv(65536)
            body = blob(int(request.split()[1][1:]))
            head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
            connection.sendall(head + body)
            return
        count = 0
        while request:
            count += len(request)
            connection.sendall(request)
            request = connection.recv(65536)
        connection.sendall(b"\ncount %d\n" % count)


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


main()
