"""Words for search."""

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from okat.thai.segment import Segmenter, default


def test_thai_words_are_divided() -> None:
    assert default().words("อบรมทอผ้าไหมสำหรับผู้สูงอายุ ๓๐ ชม. ฟรี!") == [
        "อบรม", "ทอ", "ผ้าไหม", "สำหรับ", "ผู้สูงอายุ", "30", "ชม", "ฟรี",
    ]  # fmt: skip


def test_an_index_also_holds_the_parts_of_compounds() -> None:
    tokens = default().index_tokens("ผ้าไหมและ Excel")
    assert tokens == ["ผ้าไหม", "ผ้า", "ไหม", "excel"]


def test_a_query_has_each_word_once_and_never_becomes_empty() -> None:
    assert default().query_tokens("ทอผ้า และ ทอผ้า") == ["ทอผ้า"]
    assert default().query_tokens("ที่") == ["ที่"]


def test_own_words_stay_whole() -> None:
    name = "ชุมชนหนองแวงตราชู"
    assert name not in default().words(name)
    assert Segmenter([name]).words(f"ไป{name}") == ["ไป", name]


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_any_text_gives_tokens_without_spaces(text: str) -> None:
    for token in default().index_tokens(text):
        assert token
        assert not any(c.isspace() for c in token)


def test_the_dictionary_is_loaded_only_when_needed() -> None:
    heavy = "{'pythainlp', 'geothai'} & {name.split('.')[0] for name in sys.modules}"
    code = f"import sys, okat.thai.segment, okat.thai.areas; sys.exit(bool({heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
