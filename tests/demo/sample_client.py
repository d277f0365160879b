"""A client of the sample site that keeps its connection, and signs as the web page does."""

import http.client
import json
from urllib.parse import urlencode, urlsplit

from newscrawl.demo.sign_check import expected_sign


class Client:
    """GET over one kept connection; `opened` counts connections."""

    def __init__(self, site):
        self.address = urlsplit(site.base_url).netloc
        self.connection = http.client.HTTPConnection(self.address, timeout=20)

    def get(self, path):
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def body(self, path):
        answer, body = self.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return body

    def json(self, path):
        return json.loads(self.body(path))

    def roll(self, **query):
        return self.json(signed("/v1/roll/get_roll_list", **({"rn": 20} | query)))

    def roll_rows(self, **query):
        return self.roll(**query)["data"]["roll_data"]

    def depth(self, channel, last_time=0):
        return self.json(signed(f"/v3/depth/list/{channel}", id=channel, rn=20, last_time=last_time))["data"]

    def close(self):
        self.connection.close()


def signed(path, **query):
    """A path with the web client's parameters and its sign."""
    pairs = {"app": "CailianpressWeb", "os": "web", "sv": "8.7.9"} | {key: str(value) for key, value in query.items()}
    return f"{path}?{urlencode(pairs | {'sign': expected_sign(pairs.items())})}"
