"""newscrawl sample-site."""

import re
import signal
import subprocess
import sys
import urllib.request

import pytest
from click.testing import CliRunner

from newscrawl.cli.sample_site import sample_site
from newscrawl.demo import FAULTS, SampleSite
from newscrawl.errors import UsageError

COMMAND = [sys.executable, "-c", "from newscrawl.cli import main; main()", "sample-site"]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_stopped(stop):
    process = subprocess.Popen([*COMMAND, "--port", "0", "--stories", "40"], stdout=subprocess.PIPE, text=True)
    with process:
        lines = list(iter(process.stdout.readline, "Press Ctrl-C to stop.\n"))
        url = re.search(r"http://127\.0\.0\.1:\d+", lines[0])[0]
        assert f"newscrawl crawl cls_telegraph --base-url {url} --delay 0" in "".join(lines)
        with urllib.request.urlopen(f"{url}/robots.txt") as answer:
            assert answer.status == 200
        process.send_signal(stop)
        rest = process.stdout.read()
    assert process.returncode == 0
    assert rest.strip() == "Stopped."


def test_names_all_faults():
    result = CliRunner().invoke(sample_site, ["--list-faults"])
    assert result.exit_code == 0
    assert {line.split()[0] for line in result.output.splitlines()} == set(FAULTS)


@pytest.mark.parametrize("fault", ["nope", "nope=3", "s500=0", "s500=x", "s500=-1"])
def test_a_fault_that_is_none_is_told(fault):
    result = CliRunner().invoke(sample_site, ["--port", "0", "--fault", fault])
    assert isinstance(result.exception, UsageError)
    assert fault.partition("=")[0] in str(result.exception)


def test_a_port_in_use_is_told():
    with SampleSite(stories=20) as site:
        port = site.base_url.rsplit(":", 1)[1]
        result = CliRunner().invoke(sample_site, ["--port", port])
    assert isinstance(result.exception, UsageError)
    assert port in str(result.exception)
