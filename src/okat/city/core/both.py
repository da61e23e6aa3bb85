"""What is printed in Thai and English side by side."""

from collections.abc import Callable

from django.utils.translation import override

from okat.city.core.templatetags.okat import words
from okat.files.papers import Both


def in_both(say: Callable[[], object]) -> Both:
    """What `say` gives in each language."""
    with override("th"):
        thai = str(say())
    with override("en"):
        return Both(thai, str(say()))


def named_in_both(thing: object) -> Both:
    """A thing's name, once where it has one form only."""
    said = in_both(lambda: words(thing))
    return said if said.en != said.th else Both(said.th)
