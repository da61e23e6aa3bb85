"""The chips that narrow a list: what applies now, and what may be added; each is an address."""

from django.utils.translation import gettext as _

from okat.city.catalogue.queries.read import terms
from okat.city.catalogue.rules import FAMILY_LABELS, KIND_LABELS, SLOT_LABELS, Family, Kind, Slot
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.views.access import ability_words
from okat.city.core.numbers import whole
from okat.city.core.show import Filter
from okat.city.core.templatetags.okat import words
from okat.city.places.models import Area


def number(text: str | None) -> int:
    """A page number of an address; 1 for anything else."""
    found = whole(text, most=9999)
    return 1 if found is None else found


def narrowing(look: Look, near: Area | None) -> list[Filter]:
    found = [_toggle(look, "families", f.value, str(FAMILY_LABELS[f])) for f in Family]
    found += [_off(look, "kinds", k, str(KIND_LABELS[Kind(k)])) for k in look.kinds]
    found += [_off(look, "slots", s, str(SLOT_LABELS[Slot(s)])) for s in look.slots]
    found += [_off(look, key, code, _term(kind, code)) for key, kind in _TERMS for code in getattr(look, key)]
    found += [
        _off(look, "usable", code, _("usable for %(whom)s") % {"whom": ability_words(code)}) for code in look.usable
    ]
    if look.ask:
        found.append(Filter(_("only those to ask about"), _url(look, ask=False), True))
    for key, label in (
        ("free", _("free")),
        ("no_papers", _("no papers needed")),
        ("places", _("places left")),
        ("online", _("online")),
        ("credits", _("counts as credits")),
    ):
        on = bool(getattr(look, key))
        found.append(Filter(label, _url(look, **{key: not on}), on))
    if look.minutes:
        found.append(Filter(_("at most %(n)s minutes") % {"n": look.minutes}, _url(look, minutes=None), True))
    if look.venue:
        found.append(Filter(_("at one place"), _url(look, venue=""), True))
    if look.hours:
        found.append(Filter(_("at most %(n)s hours") % {"n": look.hours}, _url(look, hours=None), True))
    for key in ("area", "partner"):
        if value := getattr(look, key):
            found.append(Filter(value, _url(look, **{key: ""}), True))
    if near is not None:
        found.append(
            Filter(_("near %(area)s") % {"area": words(near)}, _url(look, near="", km=None, minutes=None), True)
        )
    return found


_TERMS = (("needs", "need"), ("formats", "format"), ("levels", "education"))


def _term(vocabulary: str, code: str) -> str:
    return next((words(term) for term in terms(vocabulary) if term.code == code), code)


def _toggle(look: Look, key: str, value: str, label: str) -> Filter:
    if value in getattr(look, key):
        return _off(look, key, value, label)
    return Filter(label, _url(look, **{key: (*getattr(look, key), value)}))


def _off(look: Look, key: str, value: str, label: str) -> Filter:
    return Filter(label, _url(look, **{key: tuple(v for v in getattr(look, key) if v != value)}), True)


def _url(look: Look, **changes: object) -> str:
    return f"?{look.address(**changes)}"
