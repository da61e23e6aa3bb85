"""Sending a file, and correcting its columns."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from okat.city.core.forms import OkatForm
from okat.city.people.forms.fields import lang
from okat.city.people.rules import Law
from okat.files import office

SAMPLES = 3
LONGEST_SAMPLE = 40


class UploadForm(OkatForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("Send it as your office keeps it: .xlsx, .xls, .ods or .csv. Nothing is stored yet."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )

    def __init__(self, *args: Any, listings: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if listings:
            file = self.fields["file"]
            file.widget.attrs["accept"] += ",.zip,.ics"
            file.help_text = _(
                "A table as your office keeps it (.xlsx, .xls, .ods, .csv), a calendar (.ics), or a package of "
                "Open Referral HSDS (.zip). Nothing is stored yet."
            )


class IntoForm(OkatForm):
    """Where the meetings of a calendar go."""

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = forms.ChoiceField(
            label=_("Put the meetings onto"), required=False,
            choices=[("", _("(nothing: each event or series is an opportunity of its own)")), *targets],
        )  # fmt: skip


class LawOfFileForm(OkatForm):
    """By which law people are kept whom no consent of the file lets in. Nothing is chosen beforehand. `rows`: how many
    they are, as the page tells whoever chooses."""

    rows = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    law = forms.ChoiceField(
        label=_("By which law does your office keep their records?"), choices=Law.choices, widget=forms.RadioSelect,
        help_text=_("The second one lets health and disability in too; choose it only where that law says so. "
                    "Without either, ask these people for their consent, or take them out of the file."),
    )  # fmt: skip


class LookedForm(OkatForm):
    """That somebody looked at the rows that may be of the dead, of who moved away or said no, or of others."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    looked = forms.BooleanField()

    def __init__(self, *args: Any, rows: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["looked"].label = ngettext(
            "I have looked at this row: the person lives, has not said no, and is who the row says",
            "I have looked at these %(n)d rows: the people live, have not said no, and are who the rows say", rows,
        ) % {"n": rows}  # fmt: skip


UNSAID = "?"  # of a column that speaks of consent: nobody has chosen yet


class ColumnsForm(OkatForm):
    """One choice for each column of the file; below each, what stands in it. Those about which somebody has to say what
    they are come first."""

    def __init__(self, *args: Any, table: office.RawTable, mapping: office.Mapping, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = office.vocabulary(mapping.kind).fields
        choices = [("", _("(leave this column out)")), *((name, field.label(lang())) for name, field in fields.items())]
        for guess in sorted(mapping.guesses, key=lambda guess: not guess.asked):
            asked = [(UNSAID, _("(choose what this column is)"))] if guess.asked else []
            self.fields[f"column_{guess.letter}"] = forms.ChoiceField(
                label=f"{guess.letter} · {guess.heading}" if guess.heading else guess.letter,
                choices=[*asked, *choices], required=False, initial=UNSAID if guess.asked else guess.field or "",
                help_text=" · ".join(samples(table, guess.column)),
            )  # fmt: skip

    def choices(self) -> dict[str, str | None]:
        """Column letter to field, None for a column that is left out; those of which nobody has said anything, and
        columns that a browser did not send, are not among them."""
        found = {name: value for name, value in self.cleaned_data.items() if name.startswith("column_")}
        return {
            name.removeprefix("column_"): value or None
            for name, value in found.items()
            if value != UNSAID and name in self.data
        }

    def columns(self) -> Iterator[forms.BoundField]:
        """The fields of the columns, to be drawn as a list."""
        return (self[name] for name in self.fields if name.startswith("column_"))


def samples(table: office.RawTable, column: int) -> list[str]:
    """The first different values of a column."""
    texts = (str(row.cells[column]).strip() for row in table.rows[:50] if row.cells[column] is not None)
    return [text[:LONGEST_SAMPLE] for text in dict.fromkeys(texts) if text][:SAMPLES]
