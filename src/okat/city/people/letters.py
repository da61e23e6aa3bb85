"""What goes by SMS to the telephone of a person: that there is something new, until when, and whom to ask. No name."""

import datetime as dt

from django.utils.translation import gettext as _

from okat.city.core.models import Letter
from okat.city.core.outbox import LetterKind, Words
from okat.city.core.templatetags.okat import be, words
from okat.city.notices.rules import KINDS
from okat.city.partners.queries import partner_of_today
from okat.city.people.actions._slips import slip_instead
from okat.city.people.queries.telling import may_be_told

CODES_A_DAY = 4  # to one telephone, whoever sends them and from whatever record


def told(letter: Letter) -> Words | None:
    if letter.params["kind"] not in KINDS or not may_be_told(letter.params["person"]):
        return None
    parts = [str(KINDS[letter.params["kind"]].plain)]
    if letter.params["until"]:
        parts.append(_("Answer by %(day)s.") % {"day": be(dt.date.fromisoformat(letter.params["until"]))})
    partner = partner_of_today(letter.params["partner"])
    if partner is not None:
        parts.append(_("Ask %(partner)s %(phone)s") % {"partner": words(partner), "phone": partner.phone})
    text = " ".join(parts).strip()
    return Words(subject=str(KINDS[letter.params["kind"]].plain), body=text, short=text)


def code(letter: Letter) -> Words:
    text = _("%(code)s is your code for Okat. Read it out only to the officer who is with you.") % letter.secret
    return Words(subject=text, body=text, short=text)


LETTERS = {
    "people.told": LetterKind(told, failed=lambda letter: slip_instead(letter.params)),
    "people.code": LetterKind(code, a_day=CODES_A_DAY),
}
