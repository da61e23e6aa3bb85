"""From what somebody likes to occupations: the city's own short list of questions (`ways.json`), scored in the open.

An occupation names one or more interests. Its fit is the mean, over its interests, of the share of points that the
answers gave to that interest; an interest without answers counts as no likeness. Equal fits keep the file's order.
The six interests follow the idea of Holland's types (realistic, investigative, artistic, social, enterprising,
conventional); the questions are the city's own and no study has validated them: the file says so, and so do pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

POINTS: Mapping[str, int] = {"yes": 2, "some": 1, "no": 0}
MOST = max(POINTS.values())


class WaysError(ValueError):
    """The city's file is wrong; the message says where and what to write."""

    code = "ways.file"


@dataclass(frozen=True)
class Words:
    th: str
    en: str


@dataclass(frozen=True)
class Question:
    """One activity that somebody likes or not; `code` is its name in the form."""

    code: str
    interest: str
    words: Words


@dataclass(frozen=True)
class Way:
    """An occupation with the interests that it suits and the skills that lead to it (codes of the city's words)."""

    occupation: str
    interests: tuple[str, ...]
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Inventory:
    """`source` says who wrote the questions; `validated`, whether a study has tested them."""

    source: Words
    validated: bool
    interests: Mapping[str, Words]
    questions: tuple[Question, ...]
    ways: tuple[Way, ...]

    def way(self, occupation: str) -> Way | None:
        return next((way for way in self.ways if way.occupation == occupation), None)


@dataclass(frozen=True)
class Fit:
    """One occupation and how well it fits, 0 to 1."""

    way: Way
    share: float


def parse(data: Mapping[str, Any]) -> Inventory:
    """The file's content. Raises WaysError for a missing part, an unknown interest or a code that stands twice."""
    try:
        interests = {code: Words(row["th"], row["en"]) for code, row in data["interests"].items()}
        questions = tuple(
            Question(f"q{number}", row["interest"], Words(row["th"], row["en"]))
            for number, row in enumerate(data["questions"], 1)
        )
        ways = tuple(
            Way(code, tuple(row["interests"]), tuple(row["skills"])) for code, row in data["occupations"].items()
        )
        source = Words(data["source"]["th"], data["source"]["en"])
        found = Inventory(source, bool(data["source"]["validated"]), interests, questions, ways)
    except (KeyError, TypeError, AttributeError) as error:
        raise WaysError(
            f"ways.json: {error} is missing or has another shape; compare with cities/khon-kaen."
        ) from error
    _check(found)
    return found


def _check(inventory: Inventory) -> None:
    named = [q.interest for q in inventory.questions] + [i for way in inventory.ways for i in way.interests]
    if unknown := sorted(set(named) - set(inventory.interests)):
        raise WaysError(f"ways.json: there is no interest {', '.join(unknown)}; write it under `interests`.")
    if silent := sorted(set(inventory.interests) - {q.interest for q in inventory.questions}):
        raise WaysError(f"ways.json: no question asks for {', '.join(silent)}; write one or take the interest out.")
    if bare := [way.occupation for way in inventory.ways if not way.interests]:
        raise WaysError(f"ways.json: {', '.join(bare)} names no interest.")


def likeness(inventory: Inventory, answers: Mapping[str, str]) -> dict[str, float]:
    """The share of points, 0 to 1, of each interest that was answered at all; answers are codes of POINTS."""
    given: dict[str, list[int]] = {}
    for question in inventory.questions:
        answer = answers.get(question.code, "")
        if answer in POINTS:
            given.setdefault(question.interest, []).append(POINTS[answer])
    return {interest: sum(points) / (MOST * len(points)) for interest, points in given.items()}


def fits(inventory: Inventory, answers: Mapping[str, str]) -> list[Fit]:
    """Every occupation that fits at all, the best first; nothing without answers."""
    liked = likeness(inventory, answers)
    found = [Fit(way, sum(liked.get(i, 0.0) for i in way.interests) / len(way.interests)) for way in inventory.ways]
    return sorted((fit for fit in found if fit.share > 0), key=lambda fit: -fit.share)
