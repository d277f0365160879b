"""newscrawl.toml: what it may say, and what becomes of what it may not."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl import settings as defaults
from newscrawl.config import Config, SourceConfig, load_config, told_now
from newscrawl.errors import UsageError
from newscrawl.settings import configured

WHOLE = """
database = "db/news.db"
contact = "ops@example.org"
proxy = "http://127.0.0.1:3128"
delay = 2
concurrency = 3

[archive]
folder = "/var/warc"
max_file_mb = 10
max_total_mb = 20

[sources.cls_depth]
enabled = false
base_url = "http://127.0.0.1:8000/"
sv = "9.0.0"
hosts = ["depth.example.org"]
channels = ["1000"]
delay = 0.5
ping = "https://hc.example/depth"

[ping]
url = "https://hc.example/{source}?create=1"
"""


@pytest.fixture
def toml(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSCRAWL_CONFIG", raising=False)
    monkeypatch.delenv("NEWSCRAWL_DB", raising=False)

    def write(text, name="newscrawl.toml"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


@pytest.mark.usefixtures("toml")
def test_without_a_file_there_are_defaults():
    assert load_config() == Config()
    assert load_config().database == Path("data/newscrawl.db")


def test_every_key_is_read(toml):
    toml(WHOLE)
    config = load_config()
    assert config.source("cls_depth") == SourceConfig(
        enabled=False,
        base_url="http://127.0.0.1:8000",
        sv="9.0.0",
        hosts=("depth.example.org",),
        channels=("1000",),
        delay=0.5,
        ping="https://hc.example/depth",
    )
    assert config.ping.url == "https://hc.example/{source}?create=1"
    assert config.source("eastmoney") == SourceConfig()
    assert (config.delay, config.concurrency, config.archive.max_file_mb) == (2.0, 3, 10)


def test_paths_are_relative_to_the_file_that_names_them(toml):
    config = load_config(toml(WHOLE, "etc/nc.toml"))
    assert config.database.resolve() == Path("etc/db/news.db").resolve()
    assert config.archive.folder == Path("/var/warc")


def test_environment_names_the_file_and_goes_before_its_database(toml, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_CONFIG", str(toml(WHOLE, "other.toml")))
    assert load_config().delay == 2.0
    monkeypatch.setenv("NEWSCRAWL_DB", "/tmp/x.db")
    assert load_config().database == Path("/tmp/x.db")


def test_environment_may_name_what_the_clock_shows(monkeypatch):
    assert told_now() is None
    monkeypatch.setenv("NEWSCRAWL_NOW", "2026-11-20T21:46:00+08:00")
    assert told_now() == datetime(2026, 11, 20, 13, 46, tzinfo=UTC)
    for wrong, says in (("yesterday", "is no moment"), ("2026-11-20T21:46", "tells no zone")):
        monkeypatch.setenv("NEWSCRAWL_NOW", wrong)
        with pytest.raises(UsageError, match=says):
            told_now()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("databse = 'x'", "unknown key databse"),
        ("database = 1", "database must be a text"),
        ("delay = '1'", "delay must be a number of seconds"),
        ("delay = -1", "delay must be a number of seconds"),
        ("delay = nan", "delay must be a number of seconds"),
        ("concurrency = 0", "concurrency must be a whole number"),
        ("concurrency = true", "concurrency must be a whole number"),
        ("contact = 'a\\u001b[31m'\ncontact2 = 1", "contact2"),
        ('contact = "a\\u001b[31m"', "contact must be a text of one line"),
        ("archive = 1", "archive must be a table"),
        ("[archive]\ndatabase = 'x'", "unknown key archive.database"),
        ("[sources]\ncls_depth = 1", "sources.cls_depth must be a table"),
        ("[sources.cls_depth]\nenabled = 1", "sources.cls_depth.enabled must be true or false"),
        ("proxy = 'foo'", "proxy must be an address"),
        ("[sources.cls_depth]\nchannels = ['x/../y']", "sources.cls_depth.channels must be made of letters"),
        ("[sources.cls_depth]\nchannels = []", "sources.cls_depth.channels must be a list of one or more"),
        ("[sources.cls_telegraph]\nsv = '8&x=1'", "sources.cls_telegraph.sv must be made of letters"),
        ("[sources.cls_depth]\nhosts = 'a'", "sources.cls_depth.hosts must be a list of one or more texts"),
        ("[sources.cls_depth]\nbase_url = 'ftp://a'", "sources.cls_depth.base_url must be an http or https address"),
        ("[sources.cls_depth]\nbase_url = 'http://a/b'", "sources.cls_depth.base_url must be scheme, host and port"),
        ("ping = 'http://a'", "ping must be a table"),
        ("[ping]\nadress = 'http://a'", "unknown key ping.adress"),
        ("[ping]\nurl = 'file:///etc/passwd'", "ping.url must be an http or https address"),
        ("[ping]\nurl = 'http://name:word@a/'", "ping.url must be an http or https address"),
        ("[sources.cls_depth]\nping = 'a.example'", "sources.cls_depth.ping must be an http or https address"),
        ("not toml", "not valid TOML"),
        (b"contact = '\xff'", "not valid TOML"),
    ],
)
def test_what_cannot_be_read_is_a_usage_error_that_names_file_and_key(toml, text, says):
    file = toml(text)
    with pytest.raises(UsageError) as refused:
        load_config()
    assert says in str(refused.value)
    assert file.name in str(refused.value)


def test_named_file_that_is_missing_is_a_usage_error(toml, tmp_path):
    with pytest.raises(UsageError, match=r"none\.toml: cannot be read"):
        load_config(tmp_path / "none.toml")


def test_settings_carry_what_the_file_says(toml):
    settings = configured(load_config(toml(WHOLE)))
    assert settings["USER_AGENT"].endswith(" (+ops@example.org)")
    assert settings["DOWNLOAD_DELAY"] == 2.0
    assert settings["CONCURRENT_REQUESTS"] == settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 3
    assert settings["NEWSCRAWL_ARCHIVE"] == "/var/warc"
    assert settings["NEWSCRAWL_PROXY"] == "http://127.0.0.1:3128"


def test_operators_word_on_a_shipped_site_goes_before_what_is_shipped(toml):
    toml(
        '[sites.nbd]\nenabled = true\ndelay = 5\n[sites.a]\nstart = "HTTPS://a.example:443/x?utm_source=y"\npages = 3\n'
    )
    config = load_config()
    assert config.source("nbd") == replace(Config().source("nbd"), enabled=True, delay=5.0)
    assert config.source("a") == SourceConfig(start=("https://a.example/x",), pages=3)
    assert not config.source("stcn").enabled


def test_no_answer_is_waited_for_for_ever():
    assert 0 < defaults.DOWNLOAD_TIMEOUT <= 60
    assert 0 < defaults.CLOSESPIDER_TIMEOUT <= 24 * 3600


def test_a_site_is_asked_one_thing_at_a_time_a_second_apart_unless_the_operator_says_else():
    settings = configured(load_config())
    assert settings["CONCURRENT_REQUESTS"] == settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1
    assert settings["DOWNLOAD_DELAY"] == 1.0
