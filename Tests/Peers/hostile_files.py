"""Recordings that nobody wrote in good faith, made from a good one. usage: hostile_files.py SAMPLE FOLDER"""
import gzip
import pathlib
import struct
import sys
import zlib

TEXT = b'{"version":3,"term":{"cols":80,"rows":24}}\n[0.1,"o","hello\\r\\n"]\n'


def member(text, extra):
    """A gzip member (RFC 1952) with an extra field of any bytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflate.compress(text) + deflate.flush()
    head = b"\x1f\x8b\x08\x04" + b"\0" * 5 + b"\xff" + struct.pack("<H", len(extra)) + extra
    return head + data + struct.pack("<II", zlib.crc32(text), len(text) & 0xFFFFFFFF)


def main():
    sample = pathlib.Path(sys.argv[1]).read_bytes()
    folder = pathlib.Path(sys.argv[2])
    end = sample.rindex(b"\x1f\x8b\x08")
    lying = bytearray(sample)
    for offset in range(end + 16, end + 60, 7):
        lying[offset] ^= 0xFF
    files = {
        "extra": member(TEXT, b"\xff" * 65535),
        "own-extra": member(TEXT, b"SC" + struct.pack("<H", 65531) + b"\1" * 65531),
        "foreign": sample[:end] + gzip.compress(b'[0.1,"o","forged"]\n') + sample[end:],
        "empty": sample[:end] + gzip.compress(b"") + sample[end:],
        "trailing": sample + b"garbage",
        "lying": bytes(lying),
        "bomb": gzip.compress(TEXT + b" " * 40_000_000),
        "twice": sample + sample,
    }
    for name, contents in files.items():
        (folder / f"{name}.cast.gz").write_bytes(contents)


main()
