"""Public sample data that some tests read; absent, they say so and are skipped."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("OKAT_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def sample(name: str) -> Path:
    """The path of a sample file, or a loud skip."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"SAMPLE DATA ABSENT: {name} (set OKAT_SHARED_DATA)")
    return path
