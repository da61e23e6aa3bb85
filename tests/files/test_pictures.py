"""A kept picture shows what it showed and says nothing of where, when and with what it was taken."""

import struct
import zlib

import pytest
from tests.pictures import JPEG, PNG, WEBP

from okat.files.pictures import PictureError, bare

SECRET = b"GPS 16.43 N 102.83 E"
LYING = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)  # held sideways


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def test_a_photo_loses_everything_beside_the_picture_and_keeps_its_turn() -> None:
    beside = [
        segment(0xE1, b"Exif\0\0" + LYING + SECRET), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
        segment(0xED, b"Photoshop 3.0\0" + SECRET), segment(0xE2, b"MPF\0" + SECRET), segment(0xFE, SECRET),
    ]  # fmt: skip
    kind, kept = bare(JPEG[:2] + b"".join(beside) + JPEG[2:] + SECRET + JPEG)
    assert kind == "image/jpeg"
    assert SECRET not in kept
    assert kept.count(b"\xff\xd8") == 1  # and no second picture behind
    assert struct.pack(">HHIH", 0x0112, 3, 1, 6) in kept
    assert kept.endswith(JPEG[2:])
    assert bare(kept)[1] == kept


def test_png_and_webp_lose_it_too() -> None:
    end = PNG.index(b"IEND") - 4
    kept = bare(PNG[:end] + chunk(b"eXIf", SECRET) + chunk(b"tEXt", SECRET) + PNG[end:] + SECRET)
    assert kept == ("image/png", PNG)
    parts = (
        WEBP[12:]
        + b"EXIF"
        + struct.pack("<I", len(SECRET))
        + SECRET
        + b"XMP "
        + struct.pack("<I", len(SECRET))
        + SECRET
    )
    kept = bare(b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts)
    assert kept == ("image/webp", WEBP)


@pytest.mark.parametrize("whole", [JPEG, PNG, WEBP])
def test_what_is_cut_short_or_no_picture_is_refused(whole: bytes) -> None:
    for length in range(len(whole)):
        with pytest.raises(PictureError):
            bare(whole[:length])
    for other in (b"%PDF-1.7", b"\xff\xd8\xff a loom", b"RIFF\0\0\0\0WEBP", b"\xff\xd8\xff\xd9"):
        with pytest.raises(PictureError):
            bare(other)
