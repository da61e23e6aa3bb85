"""Writing the city's words."""

from typing import Any

from okat.city.core import audit
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import KEPT
from okat.city.taxonomy.rules import TELLING, Stage
from okat.files.city import City, CityFolderError, read_rows

_UPDATED = [
    "th", "en", "note_th", "note_en", "order", "active", "version", "source", "synonyms", "stages", "added",
    "sensitive",
]  # fmt: skip
_SAID = {"yes": True, "no": False, "": False}


@action
def load_terms(*, city: City, by: Any) -> str:
    """Bring the vocabularies in line with `taxonomy/*.csv`; a word gone from its file is retired, not deleted. Words
    that came from a standard by `add_term` stay: the file need not know them."""
    count = 0
    for path in sorted((city.folder / "taxonomy").glob("*.csv")):
        if path.stem not in Vocabulary.values:
            raise CityFolderError(
                f"{path}: there is no vocabulary of this name; one of {', '.join(Vocabulary.values)}."
            )
        count += _load(path.stem, read_rows(path, ("code", "th", "en")))
    audit.record(by=by, verb="taxonomy.load")
    forget(KEPT)
    return f"{count} words"


@action
def add_term(*, vocabulary: str, code: str, th: str, en: str, version: str, source: str, by: Any) -> Term:
    """Take one word of a standard over; a word with the same source is that word, and gets the Thai that it lacked."""
    term = Term.objects.filter(vocabulary=vocabulary, source=source).first()
    if term is None:
        order = Term.objects.filter(vocabulary=vocabulary).count()
        values = {"th": th, "en": en, "version": version, "source": source, "order": order, "added": True}
        term, _made = Term.objects.get_or_create(vocabulary=vocabulary, code=code, defaults=values)
    if th and not term.th:
        term.th = th
        term.save(update_fields=["th"])
    audit.record(by=by, verb="taxonomy.add", subject=term, fields=["th", "en"])
    forget(KEPT)
    return term


def _load(vocabulary: str, rows: list[dict[str, str]]) -> int:
    codes = {row["code"] for row in rows}
    if len(codes) < len(rows) or any(row.get("parent") and row["parent"] not in codes for row in rows):
        raise CityFolderError(f"taxonomy/{vocabulary}.csv: a code stands twice, or a parent is not in the file.")
    terms = [_term(vocabulary, order, row) for order, row in enumerate(rows)]
    if lost := [term.code for term in terms if set(term.stages) - set(Stage)]:
        stages = ", ".join(Stage)
        raise CityFolderError(f"taxonomy/{vocabulary}.csv: {', '.join(lost)}: a stage is not known; one of {stages}.")
    if lost := [row["code"] for row in rows if row.get("sensitive", "") not in _SAID]:
        raise CityFolderError(f"taxonomy/{vocabulary}.csv: {', '.join(lost)}: sensitive is yes, no or empty.")
    Term.objects.bulk_create(terms, update_conflicts=True, unique_fields=["vocabulary", "code"], update_fields=_UPDATED)
    Term.objects.filter(vocabulary=vocabulary, added=False).exclude(code__in=codes).update(active=False)
    _set_parents(vocabulary, {row["code"]: row.get("parent", "") for row in rows})
    return len(terms)


def _term(vocabulary: str, order: int, row: dict[str, str]) -> Term:
    synonyms, stages = ([word for word in row.get(name, "").split("|") if word] for name in ("synonyms", "stages"))
    texts = {name: row.get(name, "") for name in ("note_th", "note_en", "version", "source")}
    return Term(
        vocabulary=vocabulary, code=row["code"], th=row["th"], en=row["en"], order=order, synonyms=synonyms,
        stages=stages, sensitive=_tells(vocabulary, row), **texts,
    )  # fmt: skip


def _tells(vocabulary: str, row: dict[str, str]) -> bool:
    """A kind of disability always does; for others the file says, or what is known of the code where it does not."""
    if vocabulary == Vocabulary.DISABILITY:
        return True
    said = row.get("sensitive")
    return row["code"] in TELLING.get(vocabulary, ()) if said is None else _SAID.get(said, False)


def _set_parents(vocabulary: str, parents: dict[str, str]) -> None:
    terms = {term.code: term for term in Term.objects.filter(vocabulary=vocabulary, code__in=parents)}
    for code, term in terms.items():
        term.parent = terms.get(parents[code])
    Term.objects.bulk_update(terms.values(), ["parent"], batch_size=500)
