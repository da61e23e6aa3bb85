"""The builder of a rule: one small form for each condition, all of them sent together, none needing JavaScript."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from okat.city.catalogue import solve
from okat.city.catalogue.forms.facts import area_choices
from okat.city.catalogue.forms.fields import VersionedForm
from okat.city.catalogue.queries.read import choosable_areas
from okat.city.catalogue.rules.draft import NEGATED, Draft, Typed
from okat.city.catalogue.solve.ask import Question, question
from okat.thai import dates, digits, numbers
from okat.thai.errors import ThaiValueError

NUMBERS = (
    (">=", _("at least")), ("<=", _("at most")), (">", _("more than")), ("<", _("less than")), ("=", _("exactly")),
    ("!=", _("anything but")),
)  # fmt: skip
AGES = (
    (">=", _("age in whole years at least")), ("<=", _("age in whole years at most")), (">", _("older than, in years")),
    ("<", _("younger than, in years")), ("=", _("age in whole years exactly")),
)  # fmt: skip
DATES = ((">=", _("on this day or after")), ("<=", _("on this day or before")), ("=", _("on this day")))
TESTS: dict[str, list[tuple[str, Any]]] = {
    "bool": [("is", pgettext_lazy("answer", "yes")), ("is_not", pgettext_lazy("answer", "no"))],
    "int": [(f"compare:{op}", label) for op, label in NUMBERS],
    "number": [(f"compare:{op}", label) for op, label in NUMBERS],
    "date": [*((f"age:{op}", label) for op, label in AGES), *((f"compare:{op}", label) for op, label in DATES)],
    "code": [("one_of", _("one of these")), ("not_one_of", _("none of these"))],
    "codes": [
        ("has_any", _("one or more of these")),
        ("has_all", _("all of these")),
        ("has_none", _("none of these")),
    ],
    "point": [("within", _("not farther than"))],
}
OPTIONAL = [("exists", _("there is one, whichever")), ("absent", _("there is none"))]
KEPT = "kept"


def condition_form(typed: Typed, prefix: str, *, check: bool) -> "ConditionForm | None":
    """The form of one condition with what was typed; None for a fact that the city does not declare."""
    try:
        fact = question(typed["fact"][0])
    except (solve.FactError, IndexError):
        return None
    return ConditionForm(typed, prefix, fact, check=check)


class ConditionForm(forms.Form):
    """`check` false: what was typed is shown again without a word about what is still missing."""

    use_required_attribute = False

    test = forms.ChoiceField(label=_("Condition"))
    text = forms.CharField(label=_("What the source says"), max_length=400)
    ref = forms.CharField(
        label=_("Law, notification or address it comes from"), max_length=300,
        error_messages={"required": _("Say where this condition comes from.")},
    )  # fmt: skip
    verified = forms.BooleanField(label=_("I have read it there"), required=False)

    def __init__(self, typed: Typed, prefix: str, fact: Question, *, check: bool) -> None:
        self.fact, self.typed = fact, typed
        if check:
            super().__init__(_Typed({f"{prefix}-{name}": values for name, values in typed.items()}), prefix=prefix)
        else:
            super().__init__(prefix=prefix)
        test: Any = self.fields["test"]
        test.choices = [*TESTS[fact.kind], *(OPTIONAL if fact.optional else [])]
        for name, field in self._value_fields().items():
            self.fields[name] = field
        if (typed.get("test") or [""])[0] not in {test for test, _label in OPTIONAL}:
            for name in {"value", "values", "place", "km"} & self.fields.keys():
                self.fields[name].required = True
        if not check:
            self.initial = {name: self._shown(name) for name in self.fields if name in typed}

    def _shown(self, name: str) -> Any:
        values = self.typed[name]
        if isinstance(self.fields[name], forms.MultipleChoiceField):
            return values
        return values[0] if values else ""

    def _value_fields(self) -> dict[str, forms.Field]:
        fact = self.fact
        said: dict[str, Any] = {"required": False}
        if fact.kind in {"int", "number"}:
            return {"value": forms.CharField(label=fact.unit or str(_("Value")), max_length=40, **said)}
        if fact.kind == "date":
            label = _("Years, or the day")
            at = forms.CharField(
                label=_("Age counted on which day"), help_text=_("Empty: on the day of the decision."), max_length=60,
                **said,
            )  # fmt: skip
            return {"value": forms.CharField(label=label, max_length=60, **said), "at": at}
        if fact.kind == "point":
            return self._place_fields()
        if fact.kind not in {"code", "codes"}:
            return {}
        if fact.areas:
            listed = forms.SelectMultiple(attrs={"size": 8})
            return {
                "values": forms.MultipleChoiceField(label=_("Areas"), choices=area_choices(), widget=listed, **said)
            }
        if fact.codes:
            ticks = forms.CheckboxSelectMultiple
            return {"values": forms.MultipleChoiceField(label=fact.label, choices=fact.codes, widget=ticks, **said)}
        return {"values": forms.CharField(label=_("Codes, divided by commas"), max_length=400, **said)}

    def _place_fields(self) -> dict[str, forms.Field]:
        kept = [(KEPT, (self.typed.get("name_th") or [""])[0])] if self.typed.get("lat") else []
        hidden = {
            name: forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
            for name in ("lat", "lon", "name_th", "name_en")
            if self.typed.get("lat")
        }
        return {
            "place": forms.ChoiceField(label=_("From this place"), choices=[*kept, *area_choices()], required=False),
            "km": forms.CharField(label=_("kilometres"), max_length=20, required=False),
            **hidden,
        }

    @property
    def shown_fields(self) -> list[Any]:
        """The test and its value; the source stands apart."""
        names = [name for name in self.fields if name not in {"text", "ref", "verified"}]
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            data["leaf"] = self._leaf(data)
            fault = solve.rule_fault(data["leaf"])
            if fault is not None and not self.errors:
                self.add_error(None, _("This condition cannot be read: %(error)s") % {"error": fault.what})
        return data

    def leaf(self) -> dict[str, Any] | None:
        """The condition as the engine reads it; None while it is not finished."""
        return self.cleaned_data.get("leaf") if self.is_valid() else None

    def _leaf(self, data: dict[str, Any]) -> dict[str, Any]:
        test = data["test"]
        kind, _colon, op = NEGATED.get(test, test).partition(":")
        source = {"text": data["text"], "ref": data["ref"], "verified": data["verified"]}
        leaf = {kind: self.fact.name, **({"op": op} if op else {}), **self._value(kind, data), "source": source}
        return {"not": leaf} if test in NEGATED else leaf

    def _value(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        if kind in {"is", "exists"}:
            return {}
        if kind in {"one_of", "has_any", "has_all"}:
            return {"values": self._codes(data.get("values") or [])}
        if kind == "within":
            return self._place(data)
        if kind == "age":
            day = self._day("at", data.get("at", "")) if data.get("at") else None
            return {"years": self._number("value", data, whole=True), **({"at": day} if day else {})}
        if self.fact.kind == "date":
            return {"value": self._day("value", data.get("value", ""))}
        number = self._number("value", data, whole=self.fact.kind == "int")
        return {"value": number if self.fact.kind == "int" else str(number)}

    def _codes(self, said: str | list[str]) -> list[str]:
        found = said if isinstance(said, list) else [part.strip() for part in said.split(",") if part.strip()]
        if not found:
            self.add_error("values", _("Choose at least one."))
        return list(dict.fromkeys(found))

    def _number(self, name: str, data: dict[str, Any], *, whole: bool) -> int | Decimal:
        text = digits.to_arabic(data.get(name) or "").strip()
        try:
            number = numbers.parse_baht(text) if text else None
        except ThaiValueError:
            number = None
        if number is None or (whole and number != int(number)):
            self.add_error(name, _("Write a whole number.") if whole else _("Write a number."))
            return 0
        return int(number) if whole else number

    def _day(self, name: str, text: str) -> str:
        try:
            day = dates.parse_date(text)
            if day.complete:
                return day.first().isoformat()
        except ThaiValueError:
            pass
        self.add_error(name, _("Write the day, the month and the year, like 6 ธ.ค. 2569."))
        return ""

    def _place(self, data: dict[str, Any]) -> dict[str, Any]:
        km = self._number("km", data, whole=False)
        area = next((area for area in choosable_areas() if area.code == data.get("place")), None)
        if area is not None and area.lat is not None:
            name = {"th": area.th, "en": area.en or area.th}
            return {"lat": area.lat, "lon": area.lon, "km": str(km), "name": name}
        try:
            lat, lon = float(data["lat"]), float(data["lon"])
            if not (abs(lat) <= 90 and abs(lon) <= 180):  # neither is an endless number, nor none at all
                raise ValueError
        except (KeyError, ValueError):
            self.add_error("place", _("Choose a place."))
            return {}
        name = {"th": data["name_th"], "en": data["name_en"]}
        return {"lat": lat, "lon": lon, "km": str(km), "name": name}


class _Typed(dict[str, list[str]]):
    """What was typed, as a bound form reads it."""

    def get(self, key: str, default: Any = None) -> Any:
        values = super().get(key)
        return values[0] if values else default

    def getlist(self, key: str) -> list[str]:
        return super().get(key, [])


class Board:
    """The whole builder: the draft, a form for each of its conditions, and what they say so far."""

    def __init__(self, draft: Draft, *, check: bool) -> None:
        self.draft, self.check = draft, check
        for group in draft.groups:
            group.conditions = [typed for typed in group.conditions if condition_form(typed, "x", check=False)]
        self.silent = self._forms(check=True)
        self.shown = self.silent if check else self._forms(check=False)

    def _forms(self, *, check: bool) -> list[list[ConditionForm]]:
        return [
            [
                form
                for which, typed in enumerate(group.conditions)
                if (form := condition_form(typed, f"g{place}-c{which}", check=check)) is not None
            ]
            for place, group in enumerate(self.draft.groups)
        ]

    @property
    def finished(self) -> bool:
        return all(form.is_valid() for group in self.silent for form in group)

    def rule(self) -> dict[str, Any] | None:
        """The rule of the finished conditions."""
        return self.draft.data([[form.leaf() for form in group] for group in self.silent])

    def groups(self) -> list[dict[str, Any]]:
        """What the page draws."""
        return [
            {"place": place, "join": group.join, "forms": list(enumerate(forms)), "size": len(forms)}
            for place, (group, forms) in enumerate(zip(self.draft.groups, self.shown, strict=True))
        ]

    def said(self) -> Mapping[str, str]:
        """The sentence in both languages; empty while nothing is finished."""
        rule = self.rule()
        return {"th": solve.sentence(rule, "th"), "en": solve.sentence(rule, "en")} if rule else {}


class RuleForm(VersionedForm):
    """What goes with the conditions."""

    note = forms.CharField(
        label=_("Where all this is written"), max_length=400, required=False,
        help_text=_("The announcement or rule book as a whole; each condition has its own source above."),
    )  # fmt: skip
