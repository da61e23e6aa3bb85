"""Reading four: the rule in plain Thai or English.

Groups are written "all of (a; b)" and "one or more of (a; b)", so that a sentence has one reading only: the
tests read the tree back from it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from okat.engine.eligibility.evaluate import Verdict
from okat.engine.eligibility.facts import Fact, FactSchema
from okat.engine.eligibility.nodes import (
    Age,
    AllOf,
    AnyOf,
    Compare,
    Exists,
    HasAll,
    HasAny,
    IsTrue,
    Leaf,
    Not,
    OneOf,
    Rule,
    Source,
    Within,
    Words,
    leaves,
)

Lang = Literal["th", "en"]
_THAI = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม"
_ENGLISH = "January February March April May June July August September October November December"
MONTHS = {"th": _THAI.split(), "en": _ENGLISH.split()}
ALL = Words("ครบทุกข้อ", "all of")
ANY = Words("อย่างน้อยหนึ่งข้อ", "one or more of")
NOT = Words("ไม่ใช่กรณีที่", "not the case:")
NUMBERS = {
    "=": Words("{label}เท่ากับ {value}", "{label} is exactly {value}"),
    "!=": Words("{label}ไม่เท่ากับ {value}", "{label} is not {value}"),
    "<": Words("{label}น้อยกว่า {value}", "{label} is less than {value}"),
    "<=": Words("{label}ไม่เกิน {value}", "{label} is at most {value}"),
    ">": Words("{label}มากกว่า {value}", "{label} is more than {value}"),
    ">=": Words("{label}ตั้งแต่ {value} ขึ้นไป", "{label} is at least {value}"),
}
DATES = {
    "=": Words("{label}ตรงกับวันที่ {value}", "{label} is on {value}"),
    "!=": Words("{label}ไม่ตรงกับวันที่ {value}", "{label} is not on {value}"),
    "<": Words("{label}ก่อนวันที่ {value}", "{label} is before {value}"),
    "<=": Words("{label}ไม่เกินวันที่ {value}", "{label} is on or before {value}"),
    ">": Words("{label}หลังวันที่ {value}", "{label} is after {value}"),
    ">=": Words("{label}ตั้งแต่วันที่ {value} เป็นต้นไป", "{label} is on or after {value}"),
}
AGES = {
    "=": Words("อายุ {value} ปีเต็ม{at}", "age is exactly {value} completed years{at}"),
    "!=": Words("อายุไม่เท่ากับ {value} ปีเต็ม{at}", "age is not {value} completed years{at}"),
    "<": Words("อายุน้อยกว่า {value} ปี{at}", "age is under {value}{at}"),
    "<=": Words("อายุไม่เกิน {value} ปีเต็ม{at}", "age is at most {value} completed years{at}"),
    ">": Words("อายุมากกว่า {value} ปีเต็ม{at}", "age is more than {value} completed years{at}"),
    ">=": Words("อายุ {value} ปีขึ้นไป{at}", "age is {value} or over{at}"),
}


def sentence(rule: Rule, schema: FactSchema, lang: Lang) -> str:
    """The rule in words. Raises FactError for a fact that the schema does not declare."""
    match rule:
        case AllOf(parts):
            return f"{ALL.say(lang)} ({'; '.join(sentence(part, schema, lang) for part in parts)})"
        case AnyOf(parts):
            return f"{ANY.say(lang)} ({'; '.join(sentence(part, schema, lang) for part in parts)})"
        case Not(IsTrue(name)) if schema[name].denial and not schema[name].optional:
            denial = schema[name].denial
            return denial.say(lang) if denial else ""
        case Not(part):
            return f"{NOT.say(lang)} ({sentence(part, schema, lang)})"
    return _leaf(rule, schema[rule.fact], lang)


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition that decided a verdict: its path, in words, with its source of law."""

    path: str
    words: str
    source: Source


def reasons(verdict: Verdict, rule: Rule, schema: FactSchema, lang: Lang) -> tuple[Reason, ...]:
    """The conditions that decided the verdict, in the order of the rule."""
    by_path = dict(leaves(rule))
    return tuple(
        Reason(path, sentence(by_path[path], schema, lang), by_path[path].source) for path in verdict.decided_by
    )


def _leaf(leaf: Leaf, fact: Fact, lang: Lang) -> str:
    label = fact.label.say(lang)
    match leaf:
        case Compare():
            return _compare(leaf, fact, lang)
        case Age(_, op, years, at):
            about = "" if lang == "th" else " "
            day = about + Words("ณ วันที่ ", "on ").say(lang) + say_date(at, lang) if at else ""
            gap = " " if day and lang == "th" else ""
            of = Words("{0} (นับจาก{1})", "{0} (by {1})").say(lang)
            return of.format(AGES[op].say(lang).format(value=years, at=gap + day), label)
        case OneOf(_, values):
            return Words("{0}เป็น {1}", "{0} is {1}").say(lang).format(label, _codes(values, fact, lang, ANY))
        case HasAny(_, values):
            return Words("{0}มี {1}", "{0} include {1}").say(lang).format(label, _codes(values, fact, lang, ANY))
        case HasAll(_, values):
            return Words("{0}มี {1}", "{0} include {1}").say(lang).format(label, _codes(values, fact, lang, ALL))
        case Within(_, _, km, name):
            return (
                Words("{0}อยู่ห่างจาก{1}ไม่เกิน {2} กม.", "{0} is within {2} km of {1}")
                .say(lang)
                .format(label, name.say(lang), say_number(km))
            )
        case Exists():
            return Words("มี{0}", "has {0}").say(lang).format(label)
    return label


def _compare(leaf: Compare, fact: Fact, lang: Lang) -> str:
    label = fact.label.say(lang)
    if isinstance(leaf.value, date):
        return DATES[leaf.op].say(lang).format(label=label, value=say_date(leaf.value, lang))
    if isinstance(leaf.value, str):
        word = Words("{0}เป็น {1}", "{0} is {1}") if leaf.op == "=" else Words("{0}ไม่ใช่ {1}", "{0} is not {1}")
        return word.say(lang).format(label, fact.code_words(leaf.value).say(lang))
    value = say_number(leaf.value) + (f" {fact.unit.say(lang)}" if fact.unit else "")
    return NUMBERS[leaf.op].say(lang).format(label=label, value=value)


def _codes(values: tuple[str, ...], fact: Fact, lang: Lang, group: Words) -> str:
    words = [fact.code_words(code).say(lang) for code in values]
    return words[0] if len(words) == 1 else f"{group.say(lang)} ({'; '.join(words)})"


def say_number(value: int | Decimal) -> str:
    """Digits in groups of three, without idle zeros: 30,000 or 1,500.5."""
    text = format(value, ",f") if isinstance(value, Decimal) else format(value, ",")
    return text.rstrip("0").rstrip(".") if "." in text else text


def say_date(day: date, lang: Lang) -> str:
    """1 ตุลาคม 2569 or 1 October 2026: Buddhist years in Thai."""
    return f"{day.day} {MONTHS[lang][day.month - 1]} {day.year + (543 if lang == 'th' else 0)}"
