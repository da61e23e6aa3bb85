"""Each place of the program that puts the title of a course, a job or a place into words: in one way, which asks what
the reader may see (`name_told`, `title_kept`, `place_name`), or by itself with its reason here."""

import ast
from collections.abc import Iterator
from pathlib import Path

CITY = Path(__file__).parents[2] / "src" / "okat" / "city"
APPS, PARTS = ("cases", "jobs", "learning", "people", "rounds"), ("actions", "queries", "views")
CALLS = {"words", "named_in_both"}  # of core, under whatever name a module takes them
# Names under which the program holds something that a person may take part in.
THINGS = {"case", "course", "job", "found", "offer", "old", "opportunity", "row", "thing", "what"}
WAYS = {"people/queries/plain.py name_told", "rounds/queries/naming.py place_name"}
# The person alone reads it: a message of theirs, their own pages, what they take along.
OWN = {
    "jobs/queries/hires.py export", "learning/actions/planning.py _tell", "learning/actions/proving.py _award_of",
    "learning/actions/proving.py _tell", "learning/queries/proofs.py export", "learning/views/after.py feedback",
    "learning/views/mine.py certificate", "learning/views/mine.py passport", "learning/views/progress.py course",
    "learning/views/room.py here", "rounds/actions/_store.py tell", "rounds/queries/desk.py _exported",
    "rounds/queries/desk.py _own",
}  # fmt: skip
# The person shows it to whom they like: a certificate, a passport.
SHOWN = {"learning/views/passport.py shown", "learning/views/paper.py _sheet", "learning/views/proof.py _by_number"}
# Nobody stands beside it: the course, the round or the job itself, for those whose it is, or for everybody.
OF_ITSELF = {
    "jobs/views/hires.py _line", "jobs/views/hires.py _table", "jobs/views/hires.py agree",
    "jobs/views/work.py describe",
    "learning/actions/taking_part.py end", "learning/views/completing.py rule", "learning/views/room.py picture",
    "learning/views/teach.py courses", "learning/views/timetable.py make_up", "rounds/actions/_handover.py _named",
    "rounds/actions/_lock.py head_of", "rounds/actions/planning.py add_places",
    "rounds/queries/desk.py _steps", "rounds/queries/desk.py found",
}  # fmt: skip
# A page of such a course names only those of whom its teacher may see it (`shown_beside`).
ROLLS = {
    "learning/views/assessing.py learner", "learning/views/room.py _page", "learning/views/teach.py revoke",
    "learning/views/timetable.py sheet",
}  # fmt: skip
# Asked there: `may_read`, `hidden`, `title_kept`, or both a message for the person and a hidden one for others.
ASKED = {
    "cases/views/refer.py _title", "jobs/actions/hiring.py open_hire",
    "jobs/views/seeking.py _from", "learning/actions/_line.py pass_on", "learning/actions/_line.py tell_line",
    "learning/actions/taking_part.py _tell_cancelled",
    "learning/actions/moving.py _tell", "learning/queries/desk.py _offer", "learning/views/line.py _leaving",
    "learning/views/line.py offers", "learning/views/line.py place", "rounds/actions/cancelling.py _tell_out",
    "rounds/actions/cancelling.py _tell_of",
}  # fmt: skip
# The line says of itself that it tells (`tells`), and whoever reads it out asks.
LINES = {
    "cases/queries/living.py going", "jobs/queries/living.py going", "jobs/views/words.py hire_lines",
    "learning/queries/living.py _line", "learning/views/mine.py panel",
}  # fmt: skip
# A case hides its own title from whoever it was not read for (`Case.hidden`).
CASES = {
    "cases/actions/elsewhere.py _tell_unheld", "cases/actions/elsewhere.py remind_overdue",
    "cases/actions/living.py resume_cases", "cases/queries/record.py sentence", "cases/queries/record.py title",
}  # fmt: skip


def test_each_title_in_words_asks_what_the_reader_may_see_or_has_its_reason_here() -> None:
    found = {f"{path.relative_to(CITY)} {name}" for path in _modules() for name in naming(path.read_text())}
    assert found == WAYS | OWN | SHOWN | OF_ITSELF | ROLLS | ASKED | LINES | CASES


def test_a_planted_sentence_is_found() -> None:
    taken = "from okat.city.core.templatetags.okat import words as said\n"
    assert list(naming(taken + 'def say(row):\n    return _("%(a)s") % {"a": said(row.opportunity)}\n')) == ["say"]
    assert list(naming("def say(course):\n    return {'title': course.title_th}\n")) == ["say"]
    assert not list(naming(taken + "def say(course, deep):\n    return name_told(course, deep=deep)\n"))
    assert not list(naming(taken + "def say(row):\n    return said(row.partner)\n"))


def _modules() -> list[Path]:
    return [path for app in APPS for part in PARTS for path in sorted((CITY / app / part).rglob("*.py"))]


def naming(source: str) -> Iterator[str]:
    """The functions in which a title is read."""
    tree = ast.parse(source)
    taken = {
        each.asname or each.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("okat.city.core.")
        for each in node.names
        if each.name in CALLS
    }
    for top in tree.body:
        if isinstance(top, ast.FunctionDef | ast.ClassDef) and any(_reads(node, taken) for node in ast.walk(top)):
            yield top.name


def _reads(node: ast.AST, calls: set[str]) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in {"title_th", "title_en"} and isinstance(node.ctx, ast.Load)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
        return False
    return node.func.id in calls and ast.unparse(node.args[0]).split(".")[-1] in THINGS
