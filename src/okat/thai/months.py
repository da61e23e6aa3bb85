"""Names of months in Thai and English, full and short, for reading and writing."""

from __future__ import annotations

THAI_LONG = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
THAI_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
ENGLISH_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ENGLISH_SHORT = tuple(name[:3] for name in ENGLISH_LONG)

# Spoken and misspelt forms that offices write.
_ALSO = {
    1: ("มกรา",), 2: ("กุมภา", "กุมพาพันธ์", "กุมภาพันธ"), 3: ("มีนา",), 4: ("เมษา",), 5: ("พฤษภา",), 6: ("มิถุนา",),
    7: ("กรกฎา", "กรกฏาคม", "กรกฏา"), 8: ("สิงหา",), 9: ("กันยา", "sept"), 10: ("ตุลา",),
    11: ("พฤศจิกา", "พฤษจิกายน"), 12: ("ธันวา",),
}  # fmt: skip

ENGLISH = {name.lower() for name in (*ENGLISH_LONG, *ENGLISH_SHORT, "sept")}


def month_key(word: str) -> str:
    """A month's word without dots and spaces, in lower case."""
    return word.replace(".", "").replace(" ", "").lower()


MONTHS: dict[str, int] = {
    month_key(name): number
    for number in range(1, 13)
    for name in (
        THAI_LONG[number - 1],
        THAI_SHORT[number - 1],
        ENGLISH_LONG[number - 1],
        ENGLISH_SHORT[number - 1],
        *_ALSO[number],
    )
}
