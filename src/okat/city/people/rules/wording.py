"""The words of a consent: the one source of what is asked, and so of what is kept with the answer.

Whoever changes a sentence, in either language, gives it a new version; what was agreed to before keeps its own words.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.people.rules import Purpose

VERSION = "2569-2"

# What stands above the sentences: where a record is begun, and everywhere else.
RECORD = _(
    "%(office)s would like to write down what you tell me, so that we can find help that fits and come back to you. "
    "You may say no to any of it, and you may take it back on any day. Nobody else sees it unless you allow it below, "
    "and you can ask who has looked."
)
FREELY = _("You may say no. What you allow you may take back on any day, and you can ask who has looked.")

SAID: Mapping[Purpose, Promise] = {
    Purpose.CARE: _("I agree that %(office)s keeps a record of what I tell, and comes back to me about it."),
    Purpose.REFER: _(
        "I agree that my case is passed on to %(office)s, and that they see my record while they work on my case."
    ),
    Purpose.ENROL: _("I agree that %(office)s learns that I come to its courses, my name and how to reach me."),
    Purpose.ROUND: _("I agree that %(office)s uses my record when it allocates places."),
    Purpose.CONTACT: _("I agree that %(office)s calls me or writes to me."),
    Purpose.STUDY: _("I agree that %(office)s counts what my record says, without my name, to study the city's needs."),
}
EXPLICIT = _("I agree explicitly that %(office)s also keeps and sees what I say about health and disability.")
# A holder of local wisdom is no record of a person: the consent stands beside the name.
PUBLICLY = _("You may say no, and you may take it back on any day: the name is then gone from every page at once.")
NAMED = _("I agree that %(office)s shows my name, what I can teach and my sub-district on pages that everybody sees.")
CHOSEN = _("the office that is chosen here")


@dataclass(frozen=True)
class Words:
    """What was read, whole, in one language."""

    language: str
    text: str
    version: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def sentence(purpose: Purpose, office: object) -> str:
    """`office` is a name in the reader's language, or CHOSEN where it is picked from a list beside the sentence."""
    return str(SAID[purpose]) % {"office": office}


def explicit(office: object) -> str:
    return str(EXPLICIT) % {"office": office}


def named(office: object) -> str:
    return str(NAMED) % {"office": office}


def lead(text: object, office: object = "") -> str:
    return str(text) % {"office": office}


def whole(lines: Iterable[object]) -> Words:
    """The lines as they stood on the page, from above to below."""
    return Words(translation.get_language() or "th", "\n".join(str(line) for line in lines), VERSION)


def mark(lines: Iterable[object]) -> str:
    """By which a form says which words it showed."""
    return f"{VERSION}:{whole(lines).digest[:32]}"
