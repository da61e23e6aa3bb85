"""Every word of the screens has Thai with the same placeholders, and no Thai stands in a template itself."""

from pathlib import Path

import pytest

from okat.config import messages

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
PAGE = "<p>\n    {% translate 'Save' %}</p>{% blocktranslate with n=3 %}{{ n }} wait{% endblocktranslate %}"
GOOD = 'msgid "Save"\nmsgstr "บันทึก"\n\nmsgid "%(n)s wait"\nmsgstr "%(n)s คนรอ"\n'


def plant(tmp_path: Path, page: str, po: str, folder: str = "people") -> Path:
    for name, text in ((f"locale/{folder}/th/LC_MESSAGES/django.po", HEAD + po), ("templates/people/page.html", page)):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_everything_said_has_thai() -> None:
    begun = {po.parents[2].name for po in (messages.PACKAGE / "locale").glob("*/th/LC_MESSAGES/django.po")}
    found = [line for line in messages.problems() if line.partition(":")[0] in begun]
    assert found == []


def test_no_thai_stands_in_templates() -> None:
    assert messages.thai_in_templates() == []


@pytest.mark.parametrize("folder", ["people", "people_pins", "core"])
def test_a_whole_catalogue_passes(tmp_path: Path, folder: str) -> None:
    assert messages.problems(plant(tmp_path, PAGE, GOOD, folder)) == []


@pytest.mark.parametrize(
    ("po", "fault"),
    [
        (GOOD.replace('msgstr "บันทึก"', 'msgstr ""'), "no Thai for 'Save'"),
        (GOOD.replace("%(n)s คนรอ", "คนรอ"), "placeholders differ"),
        (GOOD.replace("%(n)s คนรอ", "%(m)s คนรอ"), "placeholders differ"),
        (GOOD + '\nmsgid "Gone"\nmsgstr "ไปแล้ว"\n', "said nowhere any more: 'Gone'"),
        ("#, fuzzy\n" + GOOD, "no Thai for 'Save'"),
    ],
)
def test_planted_faults_are_named(tmp_path: Path, po: str, fault: str) -> None:
    assert any(fault in line for line in messages.problems(plant(tmp_path, PAGE, po)))


def test_another_apps_file_does_not_count(tmp_path: Path) -> None:
    assert len(messages.problems(plant(tmp_path, PAGE, GOOD, "cases"))) == 4  # two without Thai, two said nowhere


def test_two_meanings_of_one_word_are_found(tmp_path: Path) -> None:
    root = plant(tmp_path, PAGE, GOOD)
    (root / "templates/cases").mkdir()
    (root / "templates/cases/page.html").write_text("{% translate 'Save' %}")
    other = root / "locale/cases/th/LC_MESSAGES/django.po"
    other.parent.mkdir(parents=True)
    other.write_text(HEAD + 'msgid "Save"\nmsgstr "เก็บออม"\n', encoding="utf-8")
    assert [line for line in messages.problems(root) if "differently" in line]


def test_words_inside_f_strings_and_plurals_are_seen(tmp_path: Path) -> None:
    source = tmp_path / "city" / "cases" / "views.py"
    source.parent.mkdir(parents=True)
    source.write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        "a = f\"{_('Inside')} {ngettext('%(n)d case', '%(n)d cases', 2)}\"\nb = pgettext('verb', 'Close')\n"
    )
    assert set(messages.said_by_app(tmp_path)["cases"]) == {("", "Inside"), ("", "%(n)d case"), ("verb", "Close")}


def test_thai_in_a_template_is_found(tmp_path: Path) -> None:
    root = plant(tmp_path, "<b lang='th'>ไทย</b>\n<p>บันทึก</p>", GOOD)
    assert messages.thai_in_templates(root) == ["templates/people/page.html:2"]


def test_only_changed_catalogues_are_compiled(tmp_path: Path) -> None:
    root = plant(tmp_path, PAGE, GOOD)
    assert (messages.compile_all(root), messages.compile_all(root)) == (1, 0)
    assert (root / "locale/people/th/LC_MESSAGES/django.mo").stat().st_size > 50
