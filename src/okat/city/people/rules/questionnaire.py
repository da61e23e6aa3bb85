"""Questionnaires as data: checking them, reading answers, and the published score with its parts.

    {"code": "vulnerability", "version": 1, "title": {"th": ..., "en": ...},
     "questions": [{"code": "water", "type": "choice", "th": ..., "en": ..., "sensitive": false,
                    "options": [{"code": "piped", "th": ..., "en": ...}], "min": 0, "max": 20}],
     "score": {"max": 100, "parts": [{"code": "water", "th": ..., "en": ..., "question": "water",
                                      "levels": [{"in": ["none"], "points": 8}, {"at_most": 2, "points": 3}]}]}}

Types: choice, choices, number, bool, text. A part gives the points of its first level that fits, 0 when none does,
and is *unknown* while its question has no answer; the score is the sum, at most `max`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TYPES = ("choice", "choices", "number", "bool", "text")
TESTS = ("in", "at_least", "at_most", "is")


class QuestionnaireError(ValueError):
    """A questionnaire's file that cannot be used; the message says where and how to mend it."""


@dataclass(frozen=True)
class Part:
    """One part of a score: points got, of at most `most`; `known` is False while the question is open."""

    code: str
    th: str
    en: str
    points: int
    most: int
    known: bool


@dataclass(frozen=True)
class Result:
    value: int
    most: int
    parts: tuple[Part, ...]

    @property
    def unknown(self) -> tuple[Part, ...]:
        """Parts whose question has no answer yet: what to ask next."""
        return tuple(part for part in self.parts if not part.known)


def asks_sensitive(data: Mapping[str, Any]) -> bool:
    """Whether a question is sensitive, so that the score says something of the answer."""
    return any(question.get("sensitive") for question in data["questions"])


def check(data: Mapping[str, Any]) -> None:
    """Raises QuestionnaireError for the first thing that is wrong."""
    for name in ("code", "version", "title", "questions", "score"):
        if name not in data:
            raise QuestionnaireError(f"{name!r} is missing at the top of the questionnaire")
    questions: dict[str, Mapping[str, Any]] = {}
    for question in data["questions"]:
        _check_question(question)
        if question["code"] in questions:
            raise QuestionnaireError(f"question {question['code']!r} stands twice")
        questions[question["code"]] = question
    for part in data["score"]["parts"]:
        _check_part(part, questions)
    if data["score"]["max"] <= 0:
        raise QuestionnaireError("score.max must be above 0")


def _check_question(question: Mapping[str, Any]) -> None:
    code = question.get("code", "?")
    if not all(question.get(name) for name in ("code", "type", "th", "en")):
        raise QuestionnaireError(f"question {code!r} needs code, type, th and en")
    if question["type"] not in TYPES:
        raise QuestionnaireError(f"question {code!r} has the type {question['type']!r}; use one of {', '.join(TYPES)}")
    if question["type"].startswith("choice") and not question.get("options"):
        raise QuestionnaireError(f"question {code!r} is a choice and needs options")


def _check_part(part: Mapping[str, Any], questions: Mapping[str, Mapping[str, Any]]) -> None:
    code = part.get("code", "?")
    question = questions.get(part.get("question", ""))
    if question is None:
        raise QuestionnaireError(f"score part {code!r} names no question of this questionnaire")
    if not part.get("th") or not part.get("en"):
        raise QuestionnaireError(f"score part {code!r} needs th and en")
    known = {option["code"] for option in question.get("options", ())}
    for level in part.get("levels", ()):
        if level.get("points", -1) < 0 or not any(test in level for test in TESTS):
            raise QuestionnaireError(f"a level of {code!r} needs points (0 or more) and one of {', '.join(TESTS)}")
        if "in" in level and known and not set(level["in"]) <= known:
            raise QuestionnaireError(f"a level of {code!r} names an option that the question does not have")


def clean(data: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that belong to the questionnaire, empty ones left out. Raises ValueError naming the question."""
    kept: dict[str, Any] = {}
    for question in data["questions"]:
        value = answers.get(question["code"])
        if value is None or value in ("", [], ()):
            continue
        if not _fits(question, value):
            raise ValueError(question["code"])
        kept[question["code"]] = sorted(value) if question["type"] == "choices" else value
    return kept


def _fits(question: Mapping[str, Any], value: Any) -> bool:
    options = {option["code"] for option in question.get("options", ())}
    match question["type"]:
        case "choice":
            return isinstance(value, str) and value in options
        case "choices":
            return isinstance(value, list | tuple | set | frozenset) and set(value) <= options
        case "number":
            if isinstance(value, bool) or not isinstance(value, int):
                return False
            return bool(question.get("min", 0) <= value <= question.get("max", 10**9))
        case "bool":
            return isinstance(value, bool)
        case _:
            return isinstance(value, str) and len(value) <= 2000


def score(data: Mapping[str, Any], answers: Mapping[str, Any]) -> Result:
    """The published score with its parts."""
    parts = tuple(_parts(data["score"]["parts"], answers))
    most = int(data["score"]["max"])
    return Result(min(most, sum(part.points for part in parts)), most, parts)


def _parts(parts: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]) -> Iterator[Part]:
    for part in parts:
        value = answers.get(part["question"])
        levels = part["levels"]
        points = 0 if value is None else next((lv["points"] for lv in levels if _holds(lv, value)), 0)
        most = max((lv["points"] for lv in levels), default=0)
        yield Part(part["code"], part["th"], part["en"], points, most, value is not None)


def _holds(level: Mapping[str, Any], value: Any) -> bool:
    if "in" in level:
        return bool(set(level["in"]) & (set(value) if isinstance(value, list) else {value}))
    if "is" in level:
        return bool(value is level["is"])
    return ("at_least" not in level or value >= level["at_least"]) and (
        "at_most" not in level or value <= level["at_most"]
    )
