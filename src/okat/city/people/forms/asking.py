"""A form that asks for a consent: its words come from one source, and it says by a mark which of them it showed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from okat.city.core.forms import OkatForm
from okat.city.people.rules import Purpose, wording
from okat.city.people.rules.wording import Words

CHANGED = _("The words of the consent are not those that stood here before. Read them again, and tick what is allowed.")


class AsksConsent(OkatForm):
    """`ask` gives the boxes their words. A form that was opened before the words changed, or in another language, is
    not taken: it comes back with today's words, its boxes empty and all else as it was typed."""

    words = forms.CharField(widget=forms.HiddenInput, required=False)
    lead = mark = ""
    boxes: tuple[str, ...] = ()
    aloud = stale = False

    def ask(
        self, lead: str, boxes: Mapping[str, str], *, aloud: bool, choices: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """`boxes`: fields with the sentence that stands beside each; `choices`: fields with one for each choice;
        `aloud`: somebody else reads it to the person."""
        several = choices or {}
        self.aloud, self.lead, self.boxes = aloud, lead, (*several, *boxes)
        for name, sentence in boxes.items():
            self.fields[name].label = sentence
        shown = (lead, *(sentence for each in several.values() for sentence in each), *boxes.values())
        self.mark = self.fields["words"].initial = wording.mark(shown)

    def read(self, purpose: Purpose, office: str, *, sensitive: bool = False, chosen: str = "") -> Words:
        """What was read for one consent. `chosen`: the name that was picked from the list beside the sentence."""
        lines = [self.lead, wording.sentence(purpose, office), chosen]
        return wording.whole([*filter(None, lines), *([wording.explicit(office)] if sensitive else [])])

    def full_clean(self) -> None:
        """What was agreed to in other words was not agreed to: the boxes are emptied before all checks, and what these
        say of empty boxes gives way to why they are."""
        ticked = any(self.data.get(self.add_prefix(name)) for name in self.boxes)
        self.stale = self.is_bound and ticked and self.data.get(self.add_prefix("words")) != self.mark
        if self.stale:
            self._empty()
        super().full_clean()
        if self.stale:
            for name in self.boxes:
                self.errors.pop(name, None)
            self.add_error(self.boxes[0], CHANGED)

    def _empty(self) -> None:
        data: Any = self.data
        data = data.copy()
        for name in self.boxes:
            data.pop(self.add_prefix(name), None)
        data[self.add_prefix("words")] = self.mark
        self.data = data
