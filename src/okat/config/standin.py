"""Stand-ins for the servers that carry letters, for a demo and for tests: real protocols, on this machine alone.

SMTP is aiosmtpd's. The HTTP part answers as the references of LINE's Messaging API and of a ThaiBulkSMS-like gateway
say: it checks headers, keys and bodies, and keeps what it took.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as email_policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller

LINE_USER = re.compile(r"U[0-9a-f]{32}")
MSISDN = re.compile(r"66[0-9]{8,9}")
PLAIN_PARTS, ANY_PARTS = (160, 153), (70, 67)

Reply = tuple[int, Mapping[str, str], Mapping[str, Any]]


@dataclass
class PostOffice:
    """What came, and how to answer: the first of `faults` is said once instead of the right answer; `smtp` is what the
    mail server says to a letter, `farewell` to QUIT. Readers in `blocked` get nothing from LINE, which tells nobody."""

    line_token: str = "line-token"  # noqa: S105 - of a stand-in
    line_secret: str = "line-secret"  # noqa: S105
    sms_user: str = "key"
    sms_password: str = "secret"  # noqa: S105
    sms_sender: str = "OKAT"
    mails: list[EmailMessage] = field(default_factory=list)
    sms: list[tuple[str, str]] = field(default_factory=list)
    line: list[tuple[str, str]] = field(default_factory=list)
    line_keys: dict[str, str] = field(default_factory=dict)  # retry key -> request id
    faults: list[Reply] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    smtp: str = "250 OK"
    farewell: str = "221 Bye"
    told: Callable[[str], None] = lambda _text: None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.smtp.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=email_policy)
            self.mails.append(mail)
            self.told(f"mail to {mail['To']}: {mail['Subject']}\n{mail.get_content()}")
        return self.smtp

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return self.farewell

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if self.faults:
            return self.faults.pop(0)
        if path == "/v2/bot/message/push":
            return self._push(headers, body)
        if path == "/sms":
            return self._sms(headers, body)
        return 404, {}, {"message": "Not found"}

    def _push(self, headers: Mapping[str, str], body: bytes) -> Reply:
        if headers.get("authorization") != f"Bearer {self.line_token}":
            return 401, {}, {"message": "Authentication failed. Confirm that the access token in the authorization "
                                        "header is valid."}  # fmt: skip
        key = headers.get("x-line-retry-key", "")
        if not _is_uuid(key):
            return 400, {}, {"message": "The value for the 'X-Line-Retry-Key' header is invalid"}
        to, fault = _line_message(headers.get("content-type", ""), body)
        if fault:
            return 400, {}, {"message": fault}
        if key in self.line_keys:
            accepted = {"X-Line-Accepted-Request-Id": self.line_keys[key]}
            return 409, accepted, {"message": "The retry key is already accepted"}
        self.line_keys[key] = request = str(uuid.uuid4())
        text = json.loads(body)["messages"][0]["text"]
        if to not in self.blocked:
            self.line.append((to, text))
            self.told(f"LINE to {to}: {text}")
        sent = {"id": str(secrets.randbelow(10**18)), "quoteToken": secrets.token_hex(8)}
        return 200, {"X-Line-Request-Id": request}, {"sentMessages": [sent]}

    def _sms(self, headers: Mapping[str, str], body: bytes) -> Reply:
        pair = base64.b64encode(f"{self.sms_user}:{self.sms_password}".encode()).decode()
        if headers.get("authorization") != f"Basic {pair}":
            return 401, {}, _sms_error(401, "ERROR_UNAUTHORIZED")
        if headers.get("content-type") != "application/x-www-form-urlencoded":
            return 400, {}, _sms_error(400, "ERROR_CONTENT_TYPE")
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if form.get("sender") != self.sms_sender:
            return 400, {}, _sms_error(109, "ERROR_SENDER")
        if not form.get("message"):
            return 400, {}, _sms_error(108, "ERROR_MESSAGE")
        number, text = form.get("msisdn", ""), form["message"]
        if not MSISDN.fullmatch(number):
            bad = {"number": number, "message": "Invalid phone number"}
            return 201, {}, {"remaining_credit": 99, "total_use_credit": 0, "credit_type": "corporate",
                             "phone_number_list": [], "bad_phone_number_list": [bad]}  # fmt: skip
        self.sms.append((number, text))
        self.told(f"SMS to {number}: {text}")
        alone, each = PLAIN_PARTS if text.isascii() else ANY_PARTS
        credit = 1 if len(text) <= alone else -(-len(text) // each)
        taken = {"number": number, "message_id": secrets.token_hex(12), "used_credit": credit}
        return 201, {}, {"remaining_credit": 99, "total_use_credit": credit, "credit_type": "corporate",
                         "phone_number_list": [taken], "bad_phone_number_list": []}  # fmt: skip

    def webhook(self, *events: Mapping[str, Any]) -> tuple[bytes, str]:
        """What LINE sends to a bot's webhook for these events, and its X-Line-Signature."""
        body = json.dumps({"destination": "U" + "0" * 32, "events": list(events)}, ensure_ascii=False).encode()
        digest = hmac.digest(self.line_secret.encode(), body, hashlib.sha256)
        return body, base64.b64encode(digest).decode()


def line_event(kind: str, user: str, text: str = "") -> dict[str, Any]:
    """A webhook event as the reference shows it: `follow`, `unfollow`, or `message` with a text."""
    event: dict[str, Any] = {
        "type": kind, "mode": "active", "timestamp": 1_790_000_000_000, "source": {"type": "user", "userId": user},
        "webhookEventId": uuid.uuid4().hex[:26].upper(), "deliveryContext": {"isRedelivery": False},
    }  # fmt: skip
    if kind != "unfollow":
        event["replyToken"] = secrets.token_hex(16)
    if kind == "message":
        event["message"] = {"id": str(secrets.randbelow(10**18)), "type": "text", "text": text}
    return event


def _line_message(content_type: str, body: bytes) -> tuple[str, str]:
    """To whom, and what is wrong with it as the reference words it."""
    if not content_type.startswith("application/json"):
        return "", "The content-type header must be application/json"
    try:
        asked = json.loads(body)
    except ValueError:
        return "", "The request body could not be parsed as JSON"
    to, messages = str(asked.get("to", "")), asked.get("messages")
    if not LINE_USER.fullmatch(to):
        return "", "The property, 'to', in the request body is invalid (line: -, column: -)"
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        return "", "Size must be between 1 and 5"
    for one in messages:
        if one.get("type") != "text" or not 1 <= len(str(one.get("text", ""))) <= 5000:
            return "", "The request body has 1 error(s)"
    return to, ""


def _sms_error(code: int, name: str) -> dict[str, Any]:
    return {"error": {"code": code, "name": name, "description": name.removeprefix("ERROR_").lower()}}


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


@contextmanager
def running(office: PostOffice, *, port: int = 0, smtp_port: int = 0) -> Iterator[tuple[int, int]]:
    """Both servers on this machine alone, in threads of their own; the ports of HTTP and of SMTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, said = office.answer(self.path, headers, body)
            text = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
            """Quiet: `told` says what came."""

    web = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    mail = Controller(office, hostname="127.0.0.1", port=smtp_port or _free_port())
    threading.Thread(target=web.serve_forever, daemon=True).start()
    mail.start()
    try:
        yield web.server_address[1], mail.port
    finally:
        mail.stop()
        web.shutdown()
        web.server_close()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def show(say: Callable[[str], None], *, port: int, smtp_port: int) -> None:
    """Run until interrupted; first say which settings lead here."""
    office = PostOffice(told=say)
    with running(office, port=port, smtp_port=smtp_port) as (web, mail):
        say(
            f"OKAT_SMTP_HOST=localhost OKAT_SMTP_PORT={mail} OKAT_SMS_URL=http://127.0.0.1:{web}/sms "
            f"OKAT_SMS_USER={office.sms_user} OKAT_SMS_PASSWORD={office.sms_password} "
            f"OKAT_SMS_SENDER={office.sms_sender} OKAT_LINE_URL=http://127.0.0.1:{web} "
            f"OKAT_LINE_TOKEN={office.line_token} OKAT_LINE_SECRET={office.line_secret}"
        )
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
