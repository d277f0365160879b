"""Addresses that lead astray: `{trap}` is the port of a server that must not be asked, `{host}` a host that may be."""

import struct

_NUMBER = struct.unpack(">I", bytes([127, 0, 0, 1]))[0]
LOOPBACK = (
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "0.0.0.0", "0", str(_NUMBER), hex(_NUMBER),
    "0177.0.0.1", "0x7f.0.0.1", "0x7f.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "127.0.0.1.",
    "127.0.0.2", "１２７.0.0.1", "127。0。0。1", "ⓛocalhost", "localtest.me",
)  # fmt: skip
ASTRAY = (
    *(f"http://{host}:{{trap}}/inside" for host in LOOPBACK),
    *(f"http://{host}/inside" for host in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "[fd00::1]", "192.168.1.1")),
    "//127.0.0.1:{trap}/inside",
    "///127.0.0.1:{trap}/inside",
    "\\\\127.0.0.1:{trap}\\inside",
    "/\\127.0.0.1:{trap}/inside",
    "http:\\\\127.0.0.1:{trap}/inside",
    "http:/\\127.0.0.1:{trap}/inside",
    "HTTP://127.0.0.1:{trap}/inside",
    "ht\ttp://127.0.0.1:{trap}/inside",
    "http://{host}@127.0.0.1:{trap}/inside",
    "http://{host}:x@127.0.0.1:{trap}/inside",
    "http://127.0.0.1:{trap}\\@{host}/inside",
    "http://{host}\\@127.0.0.1:{trap}/inside",
    "http://{host}:{trap}/inside",
    "https://{host}:{trap}/inside",
    "http://{host}.127.0.0.1.nip.io:{trap}/inside",
    "http://{host}.:{trap}/inside",
    "http://{host}%00.evil.example/inside",
    "http://{host}%2eevil.example/inside",
    "http://127.0.0.1:{trap}#@{host}/",
    "http://127.0.0.1:{trap}?@{host}/",
    "http://127.0.0.1:0{trap}/inside",
    "http://evil.example/inside",
    "http://{host}.evil.example/inside",
    "http://evileastmoney.com/inside",
    "https://finance.eastm\u03bfney.com/inside",
    "https://xn--finance-eastmney-9fc.com/inside",
    "file:///etc/passwd",
    "file://{host}/etc/passwd",
    "data:text/html,<h1>inside</h1>",
    "ftp://127.0.0.1:{trap}/inside",
    "gopher://127.0.0.1:{trap}/_inside",
    "javascript:alert(1)",
    "s3://{host}/inside",
    "http://[::1",
    "http://127.0.0.1:99999/inside",
    "http://127.0.0.1:x/inside",
    "http://",
    "http:",
)


def astray(trap, host):
    """All of them, for the trap's port and an allowed host."""
    return [address.format(trap=trap, host=host) for address in ASTRAY]
