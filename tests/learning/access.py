"""Objects of this app's addresses, for tests/access."""

from pathlib import Path

from tests.access.thing import Thing
from tests.learning.making import course_of, resident_of
from tests.pictures import JPEG
from tests.small_city import SmallCity

from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.apps import _load_city as load_city
from okat.city.learning.models import Recognition
from okat.city.learning.rules.after import Made
from okat.city.learning.rules.recognising import Kind
from okat.city.learning.rules.room import room_code
from okat.city.partners.rules import Role
from okat.files.city import read_city


def course(city: SmallCity) -> Thing:
    return Thing({"pk": course_of(city).opportunity_id}, owner=city.users[Role.OFFICER])


def session(city: SmallCity) -> Thing:
    found = course_of(city).opportunity.sessions.order_by("start")[0]
    return Thing({"pk": found.pk}, owner=city.users[Role.OFFICER])


def certificate(city: SmallCity) -> Thing:
    found = course_of(city).opportunity.certificates.get()
    return Thing({"pk": found.pk}, owner=city.users[Role.OFFICER])


def own(city: SmallCity) -> Thing:
    found = course_of(city).opportunity.certificates.get()
    return Thing({"pk": found.pk}, owner=city.resident)


def here(city: SmallCity) -> Thing:
    """Anybody who is signed in may scan; what they scanned says only the course."""
    number = course_of(city).opportunity.sessions.order_by("start")[0].pk
    return Thing({"code": room_code(number, clock.now())}, public=True)


def status(city: SmallCity) -> Thing:
    found = course_of(city).opportunity.certificates.get()
    return Thing({"number": found.list_number}, public=True)


def link(city: SmallCity) -> Thing:
    made, _token = actions.share_passport(person=resident_of(city), days=7, by=city.resident)
    return Thing({"pk": made.pk}, owner=city.resident)


def links(city: SmallCity) -> Thing:
    link(city)
    return Thing({"pk": resident_of(city).pk}, owner=city.users[Role.FIELD_WORKER])


def shown_link(city: SmallCity) -> Thing:
    made = link(city)
    values = {"pk": resident_of(city).pk, "link": made.arguments["pk"]}
    return Thing(values, owner=city.users[Role.FIELD_WORKER])


def passport(city: SmallCity) -> Thing:
    """Whoever has the address of a link may open it; a wrong one leads nowhere."""
    _made, token = actions.share_passport(person=resident_of(city), days=7, by=city.resident)
    return Thing({"token": token}, public=True)


def learner(city: SmallCity) -> Thing:
    return Thing({"pk": course_of(city).pk}, owner=city.users[Role.OFFICER])


def assessed(city: SmallCity) -> Thing:
    load_city(city=read_city(Path("cities/khon-kaen")), by=system_user())
    values = {"pk": course_of(city).pk, "code": "literacy", "moment": "before"}
    return Thing(values, owner=city.users[Role.OFFICER])


def progress(city: SmallCity) -> Thing:
    return Thing({"pk": course_of(city).pk}, owner=city.resident)


def place(city: SmallCity) -> Thing:
    """Anybody who is signed in may look at a course's way in; it shows nobody but themselves."""
    return Thing({"pk": course_of(city).opportunity_id}, public=True)


def own_course(city: SmallCity) -> Thing:
    return Thing({"pk": course_of(city).opportunity_id}, owner=city.resident)


def material(city: SmallCity) -> Thing:
    course = course_of(city).opportunity
    row = course.materials.first() or actions.add_material(
        opportunity=course, title="ใบงาน", made=Made.TEXT, text="ทอ", by=city.users[Role.OFFICER]
    )
    return Thing({"pk": course.pk, "number": row.pk}, owner=city.users[Role.OFFICER])


def recognition(city: SmallCity) -> Recognition:
    course_of(city)
    return actions.ask_recognition(
        person=resident_of(city), partner=city.here, kind=Kind.PRIOR, what="ทอผ้า", where="ที่บ้าน", wanted=2,
        pictures=[JPEG], by=city.resident,
    )  # fmt: skip


def asked(city: SmallCity) -> Thing:
    return Thing({"pk": recognition(city).pk}, owner=city.users[Role.OFFICER])


def picture(city: SmallCity) -> Thing:
    row = recognition(city)
    return Thing({"pk": row.pk, "picture": row.evidence.get().pk}, owner=city.users[Role.OFFICER])


def own_recognition(city: SmallCity) -> Thing:
    return Thing({"pk": recognition(city).pk}, owner=city.resident)


MAKERS = {
    "learning:materials": course,
    "learning:remove-material": material,
    "learning:feedback": own_course,
    "learning:timetable": course,
    "learning:make-up": session,
    "learning:sheet": session,
    "learning:place": place,
    "learning:set-first-come": course,
    "learning:course": course,
    "learning:issue": course,
    "learning:session": session,
    "learning:room": session,
    "learning:move": session,
    "learning:call-off": session,
    "learning:reinstate": session,
    "learning:issue-anew": certificate,
    "learning:revoke": certificate,
    "learning:own": own,
    "learning:file": own,
    "learning:paper": own,
    "learning:here": here,
    "learning:status": status,
    "learning:withdraw-link": link,
    "learning:links": links,
    "learning:end-link": shown_link,
    "learning:passport": passport,
    "learning:rule": course,
    "learning:sign": asked,
    "learning:recognition-evidence": picture,
    "learning:withdraw-recognition": own_recognition,
    "learning:learner": learner,
    "learning:assess": assessed,
    "learning:progress": progress,
}
