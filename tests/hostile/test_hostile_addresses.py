"""No address leads out of a source's hosts: not by its spelling, and not by where its host's name leads."""

import subprocess
import sys
from pathlib import Path
from typing import ClassVar
from urllib.parse import urljoin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy import Request
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.web.client import URI

from newscrawl.middlewares.addresses import why_refused
from newscrawl.middlewares.names import addresses_of, check_public, is_public
from newscrawl.middlewares.refusals import Refusal
from newscrawl.urls import absolute, canonical, hosts_of, is_on
from tests.hostile.addresses import astray
from tests.hostile.chance import TEXTS, fuzz

ROOT = Path(__file__).parents[2]
HOST = "finance.eastmoney.com"
OF_A_SOURCE = (HOST, "stock.eastmoney.com")
OF_A_SITE = hosts_of((f"https://{HOST}/list/",))


@pytest.mark.parametrize("hosts", [OF_A_SOURCE, OF_A_SITE], ids=["source", "site"])
@pytest.mark.parametrize("address", astray(9, HOST))
def test_what_leads_astray_is_refused_in_every_spelling(address, hosts):
    assert why_refused(address, hosts)
    try:
        led = urljoin(f"https://{HOST}/a/1.html", address)
    except ValueError:
        return
    # What lxml, urljoin and Request make of it is either refused too, or the source's own host.
    assert why_refused(led, hosts) or connected_to(led) == (HOST, 443)


def connected_to(url):
    """Host and port of the connection that is made for an address."""
    uri = URI.fromBytes(Request(url).url.encode("ascii"))
    return uri.host.decode("ascii").lower(), uri.port


_HOSTILE = st.lists(
    st.sampled_from(["http", "https", ":", "//", "/", "\\", "@", "#", "?", HOST, "127.0.0.1", ".", "80", "443", "9", "%", "2e", "[", "]", "::1",
                     "\t", "\n", "\0", " ", "。", "evil.example", "x", ";", "&", "\u200d", "ａ"]), max_size=9,
).map("".join)  # fmt: skip


@fuzz
@given(_HOSTILE | TEXTS | _HOSTILE.map(lambda rest: f"https://{HOST}{rest}"))
@example(f"https://{HOST}:443\\@127.0.0.1/")
@example(f"https://{HOST}#@127.0.0.1/")
def test_what_is_let_through_is_asked_of_the_source_and_nobody_else(address):
    for each in (address, canonical(address), absolute(address, f"https://{HOST}/") or ""):
        if why_refused(each, OF_A_SOURCE) is None:
            assert connected_to(each) in {(host, port) for host in OF_A_SOURCE for port in (80, 443)}
            assert is_on(each, OF_A_SOURCE)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "198.18.0.1",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1", "2001:db8::1"],
)  # fmt: skip
def test_private_addresses_are_known(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "101.200.1.1", "2400:3200::1", "::ffff:1.1.1.1"])
def test_public_addresses_are_known(address):
    assert is_public(address)


class Resolver:
    """What names lead to, by hand."""

    NAMES: ClassVar = {
        "a.example": ["1.1.1.1"],
        "b.example": ["1.1.1.1", "::1"],
        "c.example": ["169.254.169.254"],
        "none.example": [],
    }

    def resolveHostName(self, receiver, name, *_):  # noqa: N802
        receiver.resolutionBegan(self)
        for address in self.NAMES[name]:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, 0))
        receiver.resolutionComplete()
        return receiver


@pytest.mark.parametrize(("name", "refused"), [("a", False), ("b", True), ("c", True), ("none", False)])
def test_a_name_is_let_through_only_if_all_it_leads_to_is_public(name, refused):
    found = []
    addresses_of(f"{name}.example", Resolver()).addCallback(found.extend)
    assert found == Resolver.NAMES[f"{name}.example"]
    if refused:
        with pytest.raises(Refusal, match="no public address") as raised:
            check_public(f"{name}.example", found)
        assert raised.value.kind == "refused"
    else:
        check_public(f"{name}.example", found)


def scrapy_crawl(folder, *arguments):
    settings = {
        "TWISTED_DNS_RESOLVER": "tests.hostile.names.Inward",
        "NEWSCRAWL_DB": folder / "news.db",
        "DOWNLOAD_DELAY": 0,
        "RETRY_TIMES": 0,
        "LOG_ENABLED": False,
    }
    pairs = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "eastmoney", *pairs, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)


def test_a_public_name_that_leads_into_this_machine_is_not_asked(tmp_path):
    ended = scrapy_crawl(tmp_path)
    assert "leads to 127.0.0.1" in ended.stderr
    assert ended.returncode == 4


def test_a_name_that_the_operator_typed_may_lead_there(tmp_path):
    ended = scrapy_crawl(tmp_path, "-a", f"url=https://{HOST}/a/202611203900022126.html")
    assert "leads to" not in ended.stderr
    assert ended.returncode == 7, ended.stderr  # nobody listens there
