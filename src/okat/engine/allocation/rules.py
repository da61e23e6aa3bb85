"""The rules of a round: every switch has a value, a version and a sentence. They are frozen before it
opens."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from okat.engine.errors import ProblemError

Decline = Literal["keep-dearer", "leave-round"]


@dataclass(frozen=True)
class Rules:
    """Published before inputs open. Only `decline` has more than one value so far; the other switches are
    written out so that a later version can never be mistaken for this one. Raises `ProblemError`."""

    version: int = 1
    method: str = "applicant-proposing-deferred-acceptance"
    seats: str = "reserves-first-then-open"
    unused_reserves: str = "open-to-all"
    ties: str = "lottery"
    lottery: str = "sha256(seed|applicant)-smaller-first"
    decline: Decline = "keep-dearer"

    def __post_init__(self) -> None:
        allowed: dict[str, tuple[Any, ...]] = {name: (default,) for name, default in _defaults().items()}
        allowed["decline"] = ("keep-dearer", "leave-round")
        for name, value in asdict(self).items():
            if value not in allowed[name] or type(value) is not type(allowed[name][0]):
                choices = " or ".join(repr(choice) for choice in allowed[name])
                raise ProblemError(f"rule {name!r} is {value!r}; this version knows {choices}")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Rules":
        """Raises `ProblemError` for a missing, an unknown or an unheard-of switch: nothing is implicit."""
        names = set(_defaults())
        if set(values) != names:
            odd = ", ".join(sorted(set(values) ^ names))
            raise ProblemError(f"the rules must name exactly {', '.join(sorted(names))}; look at: {odd}")
        return cls(**values)

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """One plain sentence for each switch, in `en` or `th`."""
        texts = _TH if language == "th" else _EN
        return tuple(texts[value] for value in self.as_dict().values() if value in texts)


def _defaults() -> dict[str, Any]:
    return {name: field.default for name, field in Rules.__dataclass_fields__.items()}


_EN = {
    "applicant-proposing-deferred-acceptance": "Everyone gets the best place of their own list that nobody "
    "with a better standing needs; to state one's true order is always best.",
    "reserves-first-then-open": "Reserved seats go first, in the published order, to the best of their "
    "group; the remaining seats go to the best of all others.",
    "open-to-all": "A reserved seat that its group leaves free opens to everybody.",
    "lottery": "Equal scores are ordered by a lottery number.",
    "sha256(seed|applicant)-smaller-first": "The lottery number is the SHA-256 of the text seed|applicant; "
    "the smaller goes first.",
    "keep-dearer": "Who declines a place keeps waiting for the places that they ranked above it, and for no other.",
    "leave-round": "Who declines a place leaves the whole round.",
}
_TH = {
    "applicant-proposing-deferred-acceptance": "ทุกคนได้ที่ที่อยากได้มากที่สุด"
    "เท่าที่ไม่มีคนซึ่งมีลำดับดีกว่าต้องการ การเรียงตามใจจริงจึงดีที่สุดเสมอ",
    "reserves-first-then-open": "ที่นั่งที่กันไว้จัดก่อนตามลำดับที่ประกาศ ให้คนที่ลำดับดีที่สุดในกลุ่ม ที่นั่งที่เหลือให้คนที่ลำดับดีที่สุดจากทุกคนที่เหลือ",
    "open-to-all": "ที่นั่งที่กันไว้แต่กลุ่มนั้นไม่ใช้ เปิดให้ทุกคน",
    "lottery": "คะแนนเท่ากันเรียงตามเลขสลาก",
    "sha256(seed|applicant)-smaller-first": "เลขสลากคือ SHA-256 ของข้อความ รหัสสุ่ม|ผู้สมัคร เลขน้อยกว่าได้ก่อน",
    "keep-dearer": "ผู้สละสิทธิ์ยังรอเฉพาะที่ซึ่งตนเรียงไว้เหนือกว่าที่ที่สละ",
    "leave-round": "ผู้สละสิทธิ์ออกจากรอบนี้ทั้งหมด",
}
RULES = Rules()
