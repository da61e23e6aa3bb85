"""Headers of every page: a strict content policy, no framing, no sniffing, nothing inline that needs an exception."""

import html5lib
import pytest
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.walk import addresses
from tests.signing import sign_in_fully

pytestmark = pytest.mark.django_db


def inline(page: str) -> list[str]:
    """Scripts, styles and handlers that stand in the page itself."""
    found = []
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        tag = str(element.tag)
        if tag == "style" or (tag == "script" and not element.get("src") and element.get("type") in {None, "module"}):
            found.append(f"<{tag}>")
        found += [f"{tag} {name}" for name in element.attrib if name == "style" or name.startswith("on")]
    return found


def test_pages_carry_the_headers_and_nothing_inline(client: Client) -> None:
    city = small_city.build()
    sign_in_fully(client, next(iter(city.users.values())))
    seen = 0
    for address in addresses():
        if address.arguments:
            continue
        answer = client.get(reverse(address.name))
        policy = answer.headers.get("Content-Security-Policy", "")
        assert "default-src 'self'" in policy, address.name
        assert "unsafe" not in policy, address.name
        assert "frame-ancestors 'none'" in policy, address.name
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            seen += 1
            assert inline(answer.content.decode()) == [], address.name
    assert seen > 5


@pytest.mark.parametrize(
    "planted", ["<script>x</script>", "<p style='a:b'>", "<style>p{}</style>", "<a onclick='x()'>"]
)
def test_a_planted_inline_thing_is_found(planted: str) -> None:
    assert len(inline(planted)) == 1


def test_too_many_tries_are_told_to_wait_and_counted_for_all_workers(client: Client) -> None:
    answers = [client.post("/accounts/forgotten/", {"login": "x"}) for _ in range(7)]
    assert [a.status_code for a in answers] == [302] * 5 + [429] * 2
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    other = Client(REMOTE_ADDR="203.0.113.7")
    assert other.post("/accounts/forgotten/", {"login": "x"}).status_code == 302
