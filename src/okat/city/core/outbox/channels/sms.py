"""SMS through a gateway of the shape that ThaiBulkSMS gave its API of version 2 and that others in Thailand follow.

`POST` of a form (`msisdn`, `message`, `sender`) with HTTP Basic (key and secret); the answer lists the numbers that
were taken (`phone_number_list`, with `message_id` and `used_credit`) and those that were not
(`bad_phone_number_list`), or holds an `error` with its `name`. Such gateways know no key for a second sending: after a
kill one may come twice.
"""

import base64
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from okat.city.core.outbox.channels import http
from okat.city.core.outbox.channels.shape import DownError, LaterError, NotSentError, Receipt, RefusedError
from okat.city.core.outbox.kinds import Words

MOST_PARTS = 4
MOST_CREDITS = 100  # for one message
# 3GPP TS 23.040: letters in one message, and in each part of a longer one; the first pair for plain Latin letters.
_PLAIN, _ANY = (160, 153), (70, 67)


class Sms:
    name = "sms"
    longest = MOST_PARTS * _ANY[1]

    def is_set_up(self) -> bool:
        return bool(settings.SMS_URL)

    def send(self, *, key: UUID, address: str, words: Words, language: str) -> Receipt:
        text = words.cut(self.longest)
        pair = base64.b64encode(f"{settings.SMS_USER}:{settings.SMS_PASSWORD}".encode()).decode()
        form = {"msisdn": abroad(address), "message": text, "sender": settings.SMS_SENDER}
        answer = http.post(
            settings.SMS_URL,
            headers={
                "Authorization": f"Basic {pair}", "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            body=urlencode(form).encode(),
        )  # fmt: skip
        if answer.status not in {200, 201} or answer.body.get("error"):
            raise _fault(answer)
        if not answer.body.get("phone_number_list") and (
            "phone_number_list" in answer.body or answer.body.get("bad_phone_number_list")
        ):
            raise RefusedError("bad_number")
        # From here on it was taken: it goes no second time, whatever else cannot be read.
        taken = http.first(answer.body.get("phone_number_list"))
        cost = round(_credits(taken.get("used_credit"), parts_of(text)) * settings.SMS_COST)
        return Receipt(str(taken.get("message_id", "")), cost)


def _credits(said: object, parts: int) -> float:
    """What the gateway counted, where it says so in a number that can be meant; else what we count."""
    try:
        found = float(said) if isinstance(said, str | int | float) and not isinstance(said, bool) else -1.0
    except (ValueError, OverflowError):
        return parts
    return found if 0 <= found <= MOST_CREDITS else parts


def _fault(answer: http.Answer) -> NotSentError:
    error = answer.body.get("error")
    name = str(error.get("name", "")).upper() if isinstance(error, dict) else ""
    if "MSISDN" in name or "PHONE" in name:
        return RefusedError("bad_number")
    if answer.status == 402 or "CREDIT" in name:
        return DownError("credit")
    if answer.status in {401, 403}:
        return DownError("sign_in")
    if answer.status == 429 or answer.status >= 500:
        return LaterError(f"http_{answer.status}", answer.after())
    return DownError(f"http_{answer.status}")  # what we ask is wrong (a sender that is not ours), for every letter


def abroad(number: str) -> str:
    """A number as dialled in Thailand, as the world dials it (ITU-T E.164, without the plus)."""
    return f"66{number[1:]}" if number.startswith("0") else number.lstrip("+")


def parts_of(text: str) -> int:
    """How many messages an SMS counts as."""
    alone, each = _PLAIN if text.isascii() else _ANY
    return 1 if len(text) <= alone else -(-len(text) // each)
