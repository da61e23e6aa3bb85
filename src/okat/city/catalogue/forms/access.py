"""The part of an opportunity's form that says who can use it: one answer for each format at each stage."""

from typing import Any

from django import forms

from okat.city.catalogue.rules.access import MODES, Access, answered, merged, token
from okat.city.core.templatetags.okat import words
from okat.city.taxonomy.queries import words as city_words
from okat.city.taxonomy.rules import ANSWER_CHOICES, STAGE_LABELS, Stage


class AccessFields:
    """Adds `access-STAGE-FORMAT` to a form. How people take part (MODES) is asked by the form itself."""

    def __init__(self, form: forms.Form, known: Access) -> None:
        self.form = form
        self.names: dict[Stage, list[tuple[str, str]]] = {}
        for stage in Stage:
            for term in city_words().at(stage):
                if term.code in MODES:
                    continue
                name = f"access-{stage}-{term.code}"
                said = known.get(stage, {}).get(term.code, "")
                form.fields[name] = forms.ChoiceField(
                    label=words(term), choices=ANSWER_CHOICES, required=False, initial=said
                )
                self.names.setdefault(stage, []).append((name, term.code))

    def stages(self) -> list[tuple[Any, list[Any], int]]:
        """Each stage with its fields, and how many of them are answered."""
        found = []
        for stage, names in self.names.items():
            fields = [self.form[name] for name, _code in names]
            found.append((STAGE_LABELS[stage], fields, sum(1 for field in fields if field.value())))
        return found

    def said(self, data: dict[str, Any]) -> Access:
        """The answers, with how people take part; `data` is of a valid form."""
        found: dict[str, dict[str, str]] = {}
        for stage, names in self.names.items():
            for name, code in names:
                if data.get(name):
                    found.setdefault(stage, {})[code] = data[name]
        return merged(found, answered(*(token(Stage.SESSION, code) for code in data["formats"])))
