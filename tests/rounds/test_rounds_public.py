"""What anybody may see of a round, and when a version of its outcome becomes public."""

import html
import json
import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from tests.rounds.conftest import DRAWN, City
from tests.signing import sign_in_fully

from okat.city.core import clock
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Choice, Decision, Result
from okat.city.rounds.rules import Answer
from okat.files.container import members_of
from okat.files.verify import verify_bundle


def test_a_version_is_public_only_when_ten_or_more_results_have_changed(
    city: City, client: Client, tmp_path: Path
) -> None:
    """Each move publishes a root at once. The last version concerns too few people and stays with the auditors."""
    (offer,) = city.offers({"capacity": 20})
    made = city.opened([offer])
    rows = city.applied(made, {person: [offer] for person in city.pin(40)})
    city.published(made)
    holding = [row for row in rows if Result.objects.get(application=row).answer == Answer.OFFERED]
    seen = []
    with clock.at(DRAWN):
        for row in holding[:7]:
            actions.decline_place(application=row, by=city.system)
            client.get(f"/rounds/{made.pk}/")
            seen.append(Decision.objects.filter(round=made, public__isnull=False).count())
    assert seen == [1, 1, 1, 1, 2, 2, 2]  # each decline changes two results: who gave back, who moved up
    roots = list(Decision.objects.filter(round=made).order_by("version").values_list("root", flat=True))
    assert len(set(roots)) == 8
    page = client.get(f"/rounds/{made.pk}/").content.decode()
    assert all(root in page for root in roots)
    path = tmp_path / "public.zip"
    path.write_bytes(client.get(f"/rounds/{made.pk}/bundle.zip").content)
    latest, public = queries.latest(made), queries.latest_public(made)
    assert latest is not None
    assert public is not None
    assert (latest.version, public.version) == (8, 6)
    head = json.loads(members_of(path.read_bytes())["decision.json"])
    assert head["roots"] == [[number, root] for number, root in enumerate(roots[:6], 1)]
    assert rows[0].person is not None
    client.force_login(city.account(rows[0].person, "me"), backend="okat.city.partners.queries.Accounts")
    page = client.get(f"/rounds/why/{rows[0].pk}/").content.decode()
    said = {}
    for name in ("row", "row-published"):
        assert f"/rounds/why/{rows[0].pk}/{name}.json" in page
        (tmp_path / "row.json").write_bytes(client.get(f"/rounds/why/{rows[0].pk}/{name}.json").content)
        report = verify_bundle(path, row=tmp_path / "row.json")
        assert not report.findings, report.findings
        said[name] = [report.cannot, report.cannot_th]
    assert [any(roots[7] in each for each in lines) for lines in said["row"]] == [True, True]
    assert [any(roots[7] in each for each in lines) for lines in said["row-published"]] == [False, False]


def test_nothing_public_of_a_one_seat_reserve_says_a_score(city: City, client: Client) -> None:
    (offer,) = city.offers({"title_th": "ทอผ้าไหม", "capacity": 12, "reserves": ({"group": "older", "seats": 1},)})
    made = city.opened([offer])
    people = city.pin(30)
    city.older(people[0])
    rows = city.applied(made, {person: [offer] for person in people})
    Choice.objects.filter(application=rows[0]).update(priority=987654)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("okat.city.rounds.actions.running._freeze_scores", lambda *args: None)
        decision = city.published(made)
    assert Result.objects.get(application=rows[0]).seat_class == "older"
    texts = [client.get(f"/rounds/{made.pk}/{end}").content for end in ("", "cutoffs.csv")]
    texts += [*members_of(bytes(decision.public or b"")).values(), json.dumps(decision.shown).encode()]
    sign_in_fully(client, city.lead)
    texts += [client.get(f"/rounds/manage/{made.pk}/{end}").content for end in ("", "shares.csv")]
    assert all(b"987654" not in text for text in texts)
    lines = {cut.seat_class: (cut.seats, cut.low) for cut in queries.cutoffs_of(decision)}
    assert lines["older"] == (1, None)
    assert lines["open"][0] == 11
    assert lines["open"][1] is not None


def test_the_command_on_the_page_gives_the_seed(city: City, client: Client) -> None:
    (offer,) = city.offers({"capacity": 2})
    made = city.opened([offer])
    city.applied(made, {person: [offer] for person in city.pin(3)})
    city.published(made)
    page = html.unescape(client.get(f"/rounds/{made.pk}/").content.decode())
    (command,) = re.findall(r"printf '%s\|%s' \S+ \d+ \| sha256sum", page)
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.split()[0]
    made.refresh_from_db()
    assert said == made.seed
    assert f">{said}<" in page
