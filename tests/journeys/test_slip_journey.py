"""A worker prints a slip with a code for somebody without an account; whoever has it opens the page, once, also by
scanning its picture."""

from tests import small_city
from tests.journeys.browser import Screen
from tests.journeys.test_letters_journey import ready
from tests.rounds.access import made

from okat.city.partners.rules import Role
from okat.city.people.actions import print_code_slip
from okat.city.rounds import queries
from okat.city.rounds.models import Application


def test_a_slip_is_printed_and_opens_the_own_page_once(walk: Screen) -> None:
    city = small_city.build()
    made(city)
    worker = ready(city.users[Role.FIELD_WORKER])
    row = Application.objects.select_related("person").get(round__status="published", person__user=None)
    assert row.person is not None
    walk.sign_in(worker)
    walk.visit(f"/rounds/why/{row.pk}/")
    with walk.page.expect_navigation():
        walk.page.click(f'a[href="/rounds/why/{row.pk}/slip/"]')
    walk.check("rounds-slip")
    with walk.page.expect_navigation():
        walk.page.click("button[value=page]")
    assert not walk.page.locator(".only-print").is_visible()
    walk.check("people-code-slip")
    walk.page.emulate_media(media="print")
    assert walk.page.locator(".only-print").is_visible()
    walk.shot("people-code-slip-on-paper")
    walk.page.emulate_media(media="screen")
    _slip, code = print_code_slip(person=row.person, page=queries.PAGE, about=row.pk, by=worker)
    walk.page.context.clear_cookies(name="sessionid")
    if walk.javascript:
        walk.visit(f"/people/code/#{code}")
        assert walk.page.input_value("#id_code") == code
        assert code not in walk.page.url
    else:
        walk.visit("/people/code/")
        walk.page.fill("#id_code", code.lower().replace("-", " "))
    walk.check("people-code")
    with walk.page.expect_navigation():
        walk.page.click("main form button")
    walk.check("rounds-opened")
    with walk.page.expect_navigation():
        walk.page.locator('form[action="/people/code/close/"] button').click()
    walk.page.fill("#id_code", code)
    with walk.page.expect_navigation():
        walk.page.click("main form button")
    walk.check("people-code-used")
