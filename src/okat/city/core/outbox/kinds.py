"""What kinds of letter there are, and how each is put into words when it goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from okat.city.core.models import Letter
from okat.city.core.registries import Registry


@dataclass(frozen=True)
class Words:
    """`short` and `link` are the whole letter where a channel counts characters: SMS, LINE. No names, nothing
    sensitive: letters are read on shared screens and kept by others."""

    subject: str
    body: str
    short: str
    link: str = ""

    def cut(self, longest: int) -> str:
        """The short form in so many characters; the link stays whole."""
        end = f" {self.link}" if self.link else ""
        room = longest - len(end)
        return (self.short if len(self.short) <= room else f"{self.short[: room - 1]}…") + end


@dataclass(frozen=True)
class LetterKind:
    """`words` is called when the letter goes, in the reader's language; None where it is not needed any more.
    `sent` runs in the transaction that marks it as sent, `failed` in the one that gives it up. `a_day`: the most that
    go to one address in a day, whoever asks for them; one more is refused (TooOftenError)."""

    words: Callable[[Letter], Words | None]
    sent: Callable[[Letter], None] | None = None
    failed: Callable[[Letter], None] | None = None
    a_day: int | None = None


# Filled by the apps that post, when they start. Key: `app.kind`. Readers: `post`, and the sender.
KINDS: Registry[LetterKind] = Registry("letters")


def tell(letters: Mapping[str, LetterKind]) -> None:
    """What an app's letters say."""
    for name, kind in letters.items():
        KINDS.register(name, kind)
