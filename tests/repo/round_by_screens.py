"""The round of the tutorial, pressed through the site's own pages: `python tests/repo/round_by_screens.py FILE` plans
it, enters everybody, decides and publishes on days to come, and writes the public bundle that anybody may take."""

import datetime as dt
import re
import sys
from pathlib import Path
from typing import Any

from okat.config.boot import boot

UUID = r"[0-9a-f-]{36}"


def main(target: Path) -> None:
    boot()
    from django.utils import timezone

    from okat.city.core import clock

    now = timezone.now()
    days = [now + dt.timedelta(days=n) for n in range(4)]
    team, worker = _client("coordinator"), _client("worker")
    pk = _planned(team, *(day.strftime("%Y-%m-%d") for day in days[1:]))
    with clock.at(days[1]):
        _step(team, pk, "open")
        _entered(worker, pk)
    with clock.at(days[3]):
        _step(team, pk, "close")
        for hand in (team, _client("deputy")):
            _post(hand, f"/rounds/manage/{pk}/draw/", result="730209")
        _step(team, pk, "run")
        _step(team, pk, "publish")
        target.write_bytes(_get(_client(""), f"/rounds/{pk}/bundle.zip").content)


def _client(login: str) -> Any:
    from django.test import Client

    from okat.city.accounts.actions import set_password
    from okat.city.accounts.queries import system_user, user_called

    client = Client()
    if login:
        user = user_called(login)
        assert user is not None
        set_password(user=user, password="ทุเรียน-river-สามล้อ", by=system_user())
        client.force_login(user, backend="okat.city.partners.queries.Accounts")
    return client


def _get(client: Any, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200, f"{url}: {response.status_code}"
    return response


def _post(client: Any, url: str, **values: Any) -> str:
    """Send a form; where it leads. A page that comes back instead says what was wrong."""
    response = client.post(url, values)
    assert response.status_code == 302, f"{url}: {re.findall(r'class=.error[^<]*<[^<]*', response.content.decode())}"
    return str(response.url)


def _planned(team: Any, opens: str, closes: str, draw: str) -> str:
    page = _get(team, "/rounds/manage/new/").content.decode()
    partner = re.search(r'name="partner".*?value="(\d+)"', page, re.S)
    assert partner
    values = {"partner": partner[1], "family": "learn", "title_th": "รอบแรก", "opens": opens, "closes": closes}
    where = _post(team, "/rounds/manage/new/", **values, draw_th="สลากกินแบ่งรัฐบาล รางวัลที่ 1", draw_on=draw)
    pk = str(re.findall(UUID, where)[0])
    places = _get(team, f"/rounds/manage/{pk}/places/").content.decode()
    _post(team, f"/rounds/manage/{pk}/places/", add=re.findall(rf'name="add" value="({UUID})"', places))
    _step(team, pk, "freeze")
    return pk


def _step(team: Any, pk: str, verb: str) -> None:
    _post(team, f"/rounds/manage/{pk}/step/", verb=verb)
    page = _get(team, f"/rounds/manage/{pk}/").content.decode()
    assert f'value="{verb}"' not in page, f"{verb} was not done"


def _entered(worker: Any, pk: str) -> None:
    """Everybody whom the worker finds by the tutorial's family name."""
    found = set(re.findall(rf"person=({UUID})", _get(worker, f"/rounds/{pk}/apply/?q=สมมติ").content.decode()))
    assert len(found) == 3, found
    for person in sorted(found):
        url = f"/rounds/{pk}/apply/?person={person}"
        page = _get(worker, url).content.decode()
        wishes = dict.fromkeys(re.findall(rf"add:({UUID})", page))
        (words,) = re.findall(r'name="words" value="([^"]+)"', page)
        _post(worker, url, save="1", choice=list(wishes), agreed="on", how="signature", words=words)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
