"""What a button of learning is about to end, in words."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.cases.queries import begun_that_end
from okat.city.catalogue.models import Opportunity
from okat.city.core.ending import Ending
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning.queries import after, courses, line, passport, recognising
from okat.city.learning.rules.line import Goes
from okat.city.learning.views.teach import user_of
from okat.city.people.models import Consent
from okat.city.people.queries import open_to_act
from okat.city.people.queries.plain import name_told


def link(request: HttpRequest, pk: UUID) -> Ending:
    opened = passport.own_link(user_of(request), pk).openings.count()
    follows = [
        _("Nobody can open your learning passport by this link any more."),
        ngettext("It was opened %(n)s time.", "It was opened %(n)s times.", opened) % {"n": opened},
    ]
    undo = _("A closed link never opens again. You can make a new one on any day.")
    return Ending(_("Close this link?"), follows, undo, _("Close the link"), reverse("learning:share"))


def link_of(request: HttpRequest, pk: UUID, link: UUID) -> Ending:
    person = open_to_act(
        user_of(request), pk, Permission.RECORD_CONSENT, why="passport", fields=["passport_links"]
    )  # fmt: skip
    passport.link_of(person, link)
    follows = [
        _("Nobody can open the learning passport of %(person)s by this link any more.") % {"person": person.full_name},
        _("%(person)s finds it under the links that open nothing any more.") % {"person": person.full_name},
    ]
    undo = _("A closed link never opens again. A new one can be made in the person's own account.")
    return Ending(_("Close this link?"), follows, undo, _("Close the link"), reverse("learning:links", args=[pk]))


def recognition(request: HttpRequest, pk: UUID) -> Ending:
    office = name_of(recognising.own_request(user_of(request), pk).partner)
    follows = [
        _("%(office)s no longer decides about it.") % {"office": office},
        _("Nobody but you opens its pictures any more."),
    ]
    undo, back = _("You can ask again on any day."), reverse("learning:recognition")
    return Ending(_("Withdraw this request?"), follows, undo, _("Withdraw the request"), back)


def material(request: HttpRequest, pk: UUID, number: int) -> Ending:
    row = after.material_of(courses.open_course(user_of(request), pk), number)
    follows = [_("Learners no longer find “%(title)s”.") % {"title": row.title}]
    back = reverse("learning:materials", args=[pk])
    return Ending(_("Take this material out?"), follows, _("It can be added again."), _("Take it out"), back)


def consent_follows(consent: Consent, deep: bool) -> list[str]:
    """Places stay, and who gives the course no longer sees who comes; those that rest on a case end with it. So do
    turns, and whoever takes a place by one agrees again."""
    words = _(
        "The place in “%(course)s” stays, but %(office)s no longer sees who comes: its list of learners has no name."
        " How to give back a place that is not wanted stands on the page of the course."
    )
    waits = _(
        "The turn in the line of “%(course)s” stays. Before a place is taken, %(office)s is to be allowed it again."
    )
    asked = _(
        "%(office)s still reads the request for recognition and its pictures until it is decided or withdrawn: that is"
        " done under “Recognition of what I learned”."
    )
    office, ending = name_of(consent.recipient), list(line.led_to_by(begun_that_end(consent)))

    def said(text: str, course: Opportunity) -> str:
        return text % {"course": name_told(course, deep=deep), "office": office}

    stays = [row for row in line.resting_on(consent) if row not in ending]
    return [
        *(said(words, row.opportunity) for row in stays),
        *(said(waits, row.opportunity) for row in line.waits_by(consent)),
        *(said(_("The place in “%(course)s” ends."), row.opportunity) for row in ending),
        *([asked % {"office": office}] if recognising.still_asked(consent).exists() else []),
    ]  # fmt: skip


def to_whom(goes: Goes) -> list[str]:
    """What becomes of a place that is given back, before it is."""
    return {
        Goes.NEXT: [_("The place goes to the next in line.")], Goes.ANYBODY: [_("The place is free for anybody.")],
        Goes.NOBODY: [],
    }[goes]  # fmt: skip


def given_back(goes: Goes) -> str:
    """The same once it is done."""
    return {
        Goes.NEXT: _("Done: the place goes to the next person."),
        Goes.ANYBODY: _("Done: the place is free for anybody."),
        Goes.NOBODY: _("Done: the place is given back."),
    }[goes]  # fmt: skip
