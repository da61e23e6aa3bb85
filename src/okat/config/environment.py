"""Every environment variable that Okat reads: its meaning and its default, in one table.

`docs/reference/settings.md` is written from this table, so that nothing can be set that is not described.
"""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from okat.config.faults import SettingError


@dataclass(frozen=True)
class Variable:
    """`default` is what holds where the variable is not set; `shown` says on what that depends, and None is there where
    nothing holds by itself."""

    name: str
    group: str
    meaning: str
    default: str | None = ""
    shown: str = ""


CITY, DATABASE, WEB, MAIL, LIMITS = "The city", "Data", "The site", "Mail", "Limits"

VARIABLES = (
    Variable("OKAT_DEMO", CITY, "`0`: a real city, which brings its own keys. `small` (or `1`): made-up people only, "
             "about 2,000, with keys made in the data folder; `full`: about 20,500 of them.", None,
             "`small`, as long as nobody real has an account"),
    Variable("OKAT_CITY", CITY, "The city's folder: areas, partners, words, questionnaires, facts.", None,
             "`cities/khon-kaen`"),
    Variable("OKAT_KEYS", CITY, "The file of secret keys (`okat keys new`). Required where `OKAT_DEMO=0`.", None,
             "`keys` in the data folder"),
    Variable("OKAT_TWO_FACTOR", CITY, "`1`: staff pages ask for the second factor.", None,
             "`0` in a demo, `1` in a real city"),
    Variable("OKAT_VAR", DATABASE, "The data folder: the embedded database, uploaded files, collected static files.",
             None, "`var` in the checkout"),
    Variable("DATABASE_URL", DATABASE, "`postgresql://user:password@host:port/name` of a server that you run "
             "yourself (PostgreSQL 15 or newer).", None, "an embedded server in the data folder"),
    Variable("OKAT_POSTGRES", DATABASE, "Where the embedded server's programs are from: `system`, `wheel` or a folder.",
             None, "this machine's PostgreSQL where it is new enough, else the wheel's"),
    Variable("OKAT_URL", WEB, "The address by which people reach the site. With `https://` cookies are for TLS alone, "
             "plain requests are sent on, and HSTS is set. Links in letters and on paper begin with it.",
             "http://127.0.0.1:8000", "`http://127.0.0.1:` and the port of `okat serve` (of `okat demo`), else 8000"),
    Variable("OKAT_HOSTS", WEB, "Host names that the site answers to, with commas between.",
             "127.0.0.1,localhost,[::1],testserver"),
    Variable("OKAT_BEHIND_PROXY", WEB, "`1`: a proxy of yours sets `X-Forwarded-For` and `X-Forwarded-Proto`, and they "
             "are believed. Without such a proxy anybody could make them up: leave it `0`.", "0"),
    Variable("OKAT_DEBUG", WEB, "`1`: the framework's own error pages. Never on a machine that others can reach.", "0"),
    Variable("OKAT_SMTP_HOST", MAIL, "The mail server that takes our letters.", "localhost"),
    Variable("OKAT_SMTP_PORT", MAIL, "Its port.", "1025"),
    Variable("OKAT_SMTP_USER", MAIL, "The name by which we sign in there; empty: without.", ""),
    Variable("OKAT_SMTP_PASSWORD", MAIL, "The password for it.", ""),
    Variable("OKAT_SMTP_TLS", MAIL, "`1`: STARTTLS.", "0"),
    Variable("OKAT_SMS_URL", MAIL, "Where the SMS gateway takes messages, for example "
             "`https://api-v2.thaibulksms.com/sms`; empty: no SMS.", ""),
    Variable("OKAT_SMS_USER", MAIL, "The key that the gateway gave us.", ""),
    Variable("OKAT_SMS_PASSWORD", MAIL, "The secret that belongs to the key.", ""),
    Variable("OKAT_SMS_SENDER", MAIL, "The sender's name that the gateway has registered for the city.", ""),
    Variable("OKAT_SMS_COST", MAIL, "What one credit of the gateway costs, in satang: the page of costs adds it "
             "up.", "0"),
    Variable("OKAT_LINE_TOKEN", MAIL, "The channel access token of the city's LINE official account; empty: no "
             "LINE.", ""),
    Variable("OKAT_LINE_SECRET", MAIL, "Its channel secret, by which we know that LINE itself calls our webhook.", ""),
    Variable("OKAT_LINE_ID", MAIL, "Its name as people look for it, with the `@`.", ""),
    Variable("OKAT_LINE_URL", MAIL, "Where the Messaging API is.", "https://api.line.me"),
    Variable("OKAT_LINE_COST", MAIL, "What one pushed message costs by the city's plan, in satang.", "0"),
    Variable("OKAT_MAIL_FROM", MAIL, "The sender of our letters.", "okat@localhost"),
    Variable("OKAT_STATEMENT_SECONDS", LIMITS, "How long one statement of a page may run before the page says that it "
             "takes too long.", "20"),
    Variable("OKAT_LOCK_SECONDS", LIMITS, "How long a page waits for a record that somebody else is changing.", "5"),
    Variable("OKAT_IDLE_SECONDS", LIMITS, "How long a page may hold its transaction open while it asks nothing.", "60"),
    Variable("OKAT_LONG_SECONDS", LIMITS, "What imports, the deciding of a round and the worker may take instead; "
             "migrations and other commands have no limit.", "900"),
    Variable("OKAT_STOP_SECONDS", LIMITS, "How long requests in hand may take to end when the site is stopped.", "30"),
    Variable("OKAT_BACKUP_DAYS", LIMITS, "`/health/` complains when the last backup is older than this; `0`: never, "
             "as in a demo.", "8"),
    Variable("OKAT_DISK_MB", LIMITS, "`/health/` complains when less than this is free in the data folder.", "500"),
)  # fmt: skip
DEFAULTS = {one.name: one.default for one in VARIABLES}


def given(name: str) -> str | None:
    """What is set, else the default of the table. KeyError for a name that the table does not describe."""
    return os.environ.get(name, DEFAULTS[name])


def text(name: str) -> str:
    """A variable that always has a value."""
    found = given(name)
    if found is None:
        raise KeyError(f"{name} has no default of its own")
    return found


def demo_size() -> str:
    """`small` or `full`, empty for a real city. Raises ValueError for anything else that OKAT_DEMO may say."""
    said = (given("OKAT_DEMO") or "small").strip().lower()
    size = {"0": "", "1": "small", "small": "small", "full": "full"}.get(said)
    if size is None:
        raise SettingError(f"OKAT_DEMO: 0 เมืองจริง, small หรือ full / is 0 (a real city), small or full, not {said!r}")
    return size


def flag(name: str, default: bool | None = None) -> bool:
    """`1` is yes and all else no; `default` only for a variable whose default depends."""
    found = given(name)
    return bool(default) if found is None else found == "1"


def follow(port: int) -> None:
    """Where nobody said by which address people reach the site, links lead to this port: also those that the worker
    and the server write, which are started with what holds here. Before the settings are read."""
    os.environ.setdefault("OKAT_URL", f"http://127.0.0.1:{port}")


def site() -> str:
    """OKAT_URL as it is used everywhere: scheme and host in small letters, no slash at the end. SettingError for what
    is no address."""
    said = text("OKAT_URL").strip()
    try:
        parts = urlsplit(said)
    except ValueError as error:
        raise SettingError(f"OKAT_URL={said}: ไม่ใช่ที่อยู่เว็บ / is no address: {error}") from error
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, "", "")).rstrip("/")


def number(name: str, *, least: int = 0) -> int:
    """A whole number; SettingError names the variable whose value is none, or is smaller than `least`."""
    said = text(name)
    try:
        found = int(said)
    except ValueError as error:
        raise SettingError(f"{name}={said}: ต้องเป็นจำนวนเต็ม / must be a whole number") from error
    if found < least:
        raise SettingError(f"{name}={said}: ต้องไม่น้อยกว่า {least} / must be at least {least}")
    return found
