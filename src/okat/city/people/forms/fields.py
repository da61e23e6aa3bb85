"""Fields that know Thai numbers, places and the city's words."""

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from okat.city.places.models import Area
from okat.city.places.queries import search
from okat.city.taxonomy.models import Term, Vocabulary
from okat.thai import phone, pin
from okat.thai.errors import Lang, ThaiValueError


def lang() -> Lang:
    return "en" if translation.get_language() == "en" else "th"


def in_words(thing: Any) -> str:
    """The name of an area, term or partner in the reader's language."""
    return str(getattr(thing, lang(), "") or thing.th)


def told(value: Any) -> str:
    """A value as a reader knows it: places, terms and partners by name."""
    return in_words(value) if hasattr(value, "th") else str(value)


class PinField(forms.CharField):
    """An identity number; cleaned to a Pin. The number is never said back in an error."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return pin.parse_pin(text)
        except ThaiValueError as error:
            raise forms.ValidationError(error.message(lang())) from error


class PhoneField(forms.CharField):
    """One telephone number; cleaned to its digits."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return phone.parse_phone(text).number
        except ThaiValueError as error:
            raise forms.ValidationError(error.message(lang())) from error


class AreaField(forms.CharField):
    """A place by name ("Ban Ped", or "Ban Ped, Mueang Khon Kaen") or official code; cleaned to an Area.

    Where several have the name, the error says how to tell them apart.
    """

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        same = place_called(text)
        if len(same) == 1:
            return same[0]
        if not same:
            raise forms.ValidationError(_("No place of that name. Try the sub-district."))
        raise forms.ValidationError(
            _("Several places have that name. Write one of these: %(places)s")
            % {"places": "; ".join(place_name(area) for area in same[:8])}
        )


def place_name(area: Area) -> str:
    """A place with the one above it, as the field reads it back."""
    return f"{in_words(area)}, {in_words(area.parent)}" if area.parent else in_words(area)


def place_called(text: str) -> list[Area]:
    """The areas that a text may mean, the exact ones alone where there are any."""
    by_code = Area.objects.filter(code=text).first()
    if by_code is not None:
        return [by_code]
    name, _comma, above = (part.strip() for part in text.partition(","))
    found = search(name)
    if above:
        found = [area for area in found if area.parent and above in (area.parent.th, area.parent.en)]
    return [area for area in found if name in (area.th, area.en)] or found


def term_choices(vocabulary: Vocabulary, *, leaves: bool = False) -> list[tuple[str, str]]:
    """Code and words of a vocabulary; `leaves` leaves out headings that have words below them."""
    terms = list(Term.objects.filter(vocabulary=vocabulary, active=True))
    parents = {term.parent_id for term in terms} if leaves else set()
    return [(term.code, in_words(term)) for term in terms if term.pk not in parents]
