"""Faults of the connection, of compression and of the character encoding."""

import gzip
import http.client
import zlib
from threading import Event, Thread

import pytest
from sample_client import Client

from newscrawl.demo import SampleSite
from newscrawl.demo.faults.wire import BOMB_BYTES

CUT = {
    "close_before_headers": http.client.RemoteDisconnected,
    "reset": ConnectionResetError,
    "truncated_cl": http.client.IncompleteRead,
    "truncated_chunked": http.client.IncompleteRead,
    "bad_chunk": http.client.IncompleteRead,
    "garbage_status": http.client.BadStatusLine,
}


@pytest.mark.parametrize(("name", "error"), CUT.items())
def test_connection_that_ends_early(faulty, name, error):
    client, _, path = faulty(name)
    with pytest.raises(error):
        client.get(path)


@pytest.mark.parametrize("name", ["short_cl", "no_cl_close"])
def test_half_a_page_that_looks_whole(faulty, name):
    client, _, path = faulty(name)
    answer, body = client.get(path)
    assert answer.status == 200
    assert b"</html>" not in body


def test_compression_faults(faulty):
    client, _, path = faulty("gzip")
    whole = gzip.decompress(client.body(path))
    assert whole.endswith(b"</html>")
    for name, error in (("truncated_gzip", EOFError), ("bad_gzip", zlib.error), ("not_gzip", gzip.BadGzipFile)):
        client, _, path = faulty(name)
        answer, body = client.get(path)
        assert answer.getheader("Content-Encoding") == "gzip"
        with pytest.raises(error):
            gzip.decompress(body)


@pytest.mark.parametrize(("name", "encoding", "wrapping"), [("gzip_bomb", "gzip", 31), ("deflate_bomb", "deflate", 15)])
def test_bombs_are_small_until_opened(faulty, name, encoding, wrapping):
    client, _, path = faulty(name)
    answer, body = client.get(path)
    assert answer.getheader("Content-Encoding") == encoding
    assert len(body) < 100_000
    opened = zlib.decompressobj(wrapping)
    size = sum(len(opened.decompress(body[at : at + 4096])) for at in range(0, len(body), 4096))
    assert size == BOMB_BYTES


@pytest.mark.parametrize("name", ["hang", "robots_hang", "stall", "slow_body"])
def test_waiting_ends_when_the_site_closes(name):
    ended = Event()
    with SampleSite(stories=60, faults={name: "all"}) as site:
        client = Client(site)
        path = "/robots.txt" if name == "robots_hang" else f"/detail/{next(site.truth.stories('article')).id}"
        client.connection.request("GET", path)
        reader = Thread(target=read_to_the_end, args=(client, ended))
        reader.start()
        while not site.requests:
            ended.wait(0.01)
        assert not ended.is_set()
    reader.join(20)
    assert ended.is_set()
    client.close()


def read_to_the_end(client, ended):
    try:
        client.connection.getresponse().read()
    except (http.client.HTTPException, OSError):
        pass
    finally:
        ended.set()


def test_endless_body_stops_when_the_client_leaves(faulty):
    client, _, path = faulty("endless_body")
    client.connection.request("GET", path)
    answer = client.connection.getresponse()
    assert len(answer.read(2_000_000)) == 2_000_000
    answer.close()
    client.close()


@pytest.mark.parametrize(
    ("name", "charset", "really"),
    [
        ("gbk_declared", "gbk", "gb18030"),
        ("gbk_meta_only", None, "gb18030"),
        ("no_charset", None, "utf-8"),
        ("utf16", None, "utf-16"),
        ("gbk_as_utf8", "utf-8", "gb18030"),
        ("utf8_as_gbk", "gbk", "utf-8"),
        ("utf8_as_latin1", "iso-8859-1", "utf-8"),
    ],
)
@pytest.mark.parametrize("family", ["article", "gbk"])
def test_charsets(faulty, name, charset, really, family):
    client, story, path = faulty(name, family=family)
    answer, body = client.get(path)
    assert answer.msg.get_content_charset() == charset
    assert story.title in body.decode(really).replace("&lt;", "<")


def test_one_bad_byte(faulty):
    client, story, path = faulty("utf8_one_bad_byte")
    body = client.body(path)
    assert body.decode("utf-8", "replace").count("\ufffd") == 1
    assert story.title in body.decode("utf-8", "ignore")
