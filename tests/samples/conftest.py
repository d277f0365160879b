"""The real samples: read in place where NEWSCRAWL_SAMPLES names their folder; their texts are never copied here."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def samples():
    folder = os.environ.get("NEWSCRAWL_SAMPLES")
    if not folder:
        pytest.skip("NEWSCRAWL_SAMPLES does not name the folder of real samples")
    assert Path(folder, "cls").is_dir(), f"NEWSCRAWL_SAMPLES={folder} holds no samples"
    return Path(folder)
