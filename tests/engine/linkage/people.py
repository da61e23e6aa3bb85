"""Any person that Hypothesis can think of, and likely ones who share facts with others."""

from hypothesis import strategies as st

from okat.engine.linkage import UNKNOWN, Birth, PersonKey

FEW_GIVEN = st.sampled_from(["", "สมชาย", "สมไชย", "สมหญิง", "ณัฐพล", "นัฐพล", "มานี", "ดา", "Mary"])
FEW_FAMILY = st.sampled_from(["", "แก้วมณี", "แกวมณี", "ศรีสุข", "สีสุข", "ทองดี", "สมชาย"])
YEAR = st.one_of(st.none(), st.integers(1975, 1978), st.integers(1, 9999))


@st.composite
def births(draw: st.DrawFn) -> Birth:
    year, month = draw(YEAR), draw(st.one_of(st.none(), st.integers(1, 12)))
    day = None if month is None else draw(st.one_of(st.none(), st.integers(1, 12), st.integers(1, 31)))
    return Birth(year, month, day)


def persons(given: st.SearchStrategy[str], family: st.SearchStrategy[str]) -> st.SearchStrategy[PersonKey]:
    few = st.sampled_from(["", "1", "2"])
    birth = st.one_of(st.just(UNKNOWN), births())
    return st.builds(PersonKey, given, family, birth, st.sampled_from(["", "m", "f"]), few, few, few)


ALIKE = persons(FEW_GIVEN, FEW_FAMILY)
ANY = persons(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
