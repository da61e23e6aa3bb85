"""Pictures without what a camera writes beside them: where and when they were taken, with which telephone, by whom.

A picture is not decoded, and its points stay as they are: of its parts those are kept that it is drawn from, and its
turn. Its colour profile goes, too, which names program and maker and may hold anything: a photo of wide colours looks a
little paler. Pillow would draw it anew, and with it a decoder would read whatever strangers send.
"""

import struct
import zlib
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
_WEBP_BESIDE = 0x20 | 0x08 | 0x04  # flags: a colour profile, EXIF and XMP follow
_SCAN, _END, _FILL, _STUFFED = 0xDA, 0xD9, 0xFF, 0
_RESTARTS = range(0xD0, 0xD8)
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_JPEG_KEPT = {*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD}
_TURN = 0x0112  # the tag of EXIF that says how a picture is to be turned


class PictureError(ValueError):
    """Not a picture that is read here, or one that is cut short."""


def bare(data: bytes) -> tuple[str, bytes]:
    """The media type by the content, and the picture alone. Raises PictureError."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return "image/jpeg", _jpeg(data)
        if data.startswith(_PNG):
            return "image/png", _png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return "image/webp", _webp(data)
    except (struct.error, IndexError) as error:
        raise PictureError("cut short") from error
    raise PictureError("neither JPEG, PNG nor WebP")


def _jpeg(data: bytes) -> bytes:
    """Segments up to the end of the picture: what telephones hang on behind (a film, a second picture) goes, too."""
    kept, turn, seen = [], 1, set()
    for marker, part in _segments(data):
        seen.add(marker)
        if marker == 0xE1 and part[4:10] == b"Exif\0\0":
            turn = _turn(part[10:]) or turn
        elif marker in _JPEG_KEPT or marker == _SCAN or _says_colours(marker, part):
            kept.append(part)
    if not seen & _FRAMES or _SCAN not in seen:
        raise PictureError("no picture in it")
    return b"\xff\xd8" + (_turned(turn) if turn != 1 else b"") + b"".join(kept) + b"\xff\xd9"


def _says_colours(marker: int, part: bytes) -> bool:
    """How the numbers of the picture are meant as colours."""
    return marker == 0xEE and part[4:9] == b"Adobe"


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker; a scan with the points that follow it. Ends at the end of the picture."""
    at = 2
    while True:
        if data[at] != _FILL:
            raise PictureError("no marker")
        while data[at + 1] == _FILL:
            at += 1
        marker = data[at + 1]
        if marker == _END:
            return
        (size,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + size
        if marker == _SCAN:
            end = data.find(b"\xff", end)
            while end >= 0 and (data[end + 1] == _STUFFED or data[end + 1] in _RESTARTS):
                end = data.find(b"\xff", end + 2)
        if size < 2 or not 0 <= end <= len(data):
            raise PictureError("cut short")
        yield marker, data[at:end]
        at = end


def _turn(tiff: bytes) -> int:
    """1 to 8; 0 where it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for each in range(count):
            tag, kind, _number, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * each)
            if tag == _TURN and kind == 3 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return 0
    return 0


def _turned(turn: int) -> bytes:
    """EXIF that says the turn and nothing else."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _TURN, 3, 1, turn, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff


def _png(data: bytes) -> bytes:
    kept, at, kind = [_PNG], len(_PNG), b""
    while kind != b"IEND":
        size, kind = struct.unpack_from(">I4s", data, at)
        part = data[at : at + 12 + size]
        (sum_,) = struct.unpack_from(">I", part, 8 + size)
        if zlib.crc32(part[4 : 8 + size]) != sum_:
            raise PictureError("damaged")
        if kind in _PNG_KEPT:
            kept.append(part)
        at += 12 + size
    if not any(part[4:8] == b"IDAT" for part in kept[1:]):
        raise PictureError("no picture in it")
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    (whole,) = struct.unpack_from("<I", data, 4)
    if whole + 8 > len(data):
        raise PictureError("cut short")
    kept, at = [], 12
    while at < whole + 8:
        kind, size = struct.unpack_from("<4sI", data, at)
        part = data[at : at + 8 + size + size % 2]
        if kind == b"VP8X":
            part = part[:8] + bytes([part[8] & ~_WEBP_BESIDE]) + part[9:]
        if kind in _WEBP_KEPT:
            kept.append(part)
        at += 8 + size + size % 2
    if not any(part[:4] in {b"VP8 ", b"VP8L"} for part in kept):  # one that moves is refused as well
        raise PictureError("no picture in it")
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
