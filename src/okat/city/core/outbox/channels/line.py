"""LINE: a push message of the Messaging API to somebody who has added the city's official account.

`POST /v2/bot/message/push`. The letter's own key is the X-Line-Retry-Key: a second sending is refused with 409, which
means that the first one was taken. A reader who blocked the account is no error there: LINE answers 200 and tells it
beforehand by an `unfollow` at our webhook.
"""

import json
from uuid import UUID

from django.conf import settings

from okat.city.core.outbox.channels import http
from okat.city.core.outbox.channels.shape import DownError, LaterError, NotSentError, Receipt, RefusedError
from okat.city.core.outbox.kinds import Words


class Line:
    name = "line"
    longest = 5000  # of a text message; the reference counts UTF-16 units, and none of ours comes near

    def is_set_up(self) -> bool:
        return bool(settings.LINE_TOKEN)

    def send(self, *, key: UUID, address: str, words: Words, language: str) -> Receipt:
        message = {"to": address, "messages": [{"type": "text", "text": words.cut(self.longest)}]}
        answer = http.post(
            f"{settings.LINE_URL}/v2/bot/message/push",
            headers={
                "Authorization": f"Bearer {settings.LINE_TOKEN}", "Content-Type": "application/json",
                "X-Line-Retry-Key": str(key),
            },
            body=json.dumps(message).encode(),
        )  # fmt: skip
        if answer.status == 409:
            return Receipt(answer.headers.get("x-line-accepted-request-id", ""), settings.LINE_COST)
        if answer.status != 200:
            raise _fault(answer)
        return Receipt(str(http.first(answer.body.get("sentMessages")).get("id", "")), settings.LINE_COST)


def _fault(answer: http.Answer) -> NotSentError:
    if answer.status == 429:
        if "monthly limit" in str(answer.body.get("message", "")):
            return DownError("quota")
        return LaterError("http_429", answer.after())
    if answer.status in {401, 403}:
        return DownError("sign_in")
    if answer.status >= 500:
        return LaterError(f"http_{answer.status}", answer.after())
    return RefusedError(f"http_{answer.status}")
