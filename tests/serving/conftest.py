import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.migrated import city_in
from tests.serving.served import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("kept") / "var"
    city_in(folder)
    made = Site(folder)
    try:
        made.start()
        yield made
    finally:
        if made.keeper is not None and made.keeper.poll() is None:
            made.keeper.terminate()
            made.keeper.wait(timeout=60)
        subprocess.run(
            [sys.executable, "-c", "from okat.config import database; database.stop()"], env=made.environ, check=True
        )
