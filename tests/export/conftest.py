"""A database of its own and a folder for each test."""

import pytest

from tests.export.support import Exports


@pytest.fixture
def exports(tmp_path):
    return Exports(tmp_path / "news.db", tmp_path / "site")
