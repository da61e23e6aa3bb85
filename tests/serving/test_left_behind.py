"""What a killed server had begun to load belongs to the keeper then: it neither stays nor tells the keeper to stop."""

import os
import signal
from pathlib import Path

import pytest
from tests.serving.served import Site, until

pytestmark = [pytest.mark.slow, pytest.mark.thorough]


@pytest.mark.parametrize("fails", [False, True])
def test_a_server_killed_while_it_loads_leaves_nobody_behind_and_stops_nothing(fails: bool, site: Site) -> None:
    assert site.keeper is not None
    site.keeper.terminate()
    site.keeper.wait(timeout=60)
    site.start()
    keys = Path(site.environ["OKAT_VAR"]) / "keys"
    old = site.pids("granian")
    if fails:
        keys.rename(keys.with_name("away"))
    try:
        os.kill(old[0], signal.SIGKILL)
        loading = until(lambda: new if len(new := [pid for pid in site.pids("granian") if pid not in old]) == 2 else [])
        os.kill(loading[0], signal.SIGKILL)
        until(lambda: loading[1] not in site.pids("granian"))
    finally:
        if fails:
            keys.with_name("away").rename(keys)
    until(lambda: site.ok() and len(site.pids("granian")) == 2)
    assert site.keeper.poll() is None
