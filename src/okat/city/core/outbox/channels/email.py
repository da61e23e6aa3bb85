"""Plain-text mail over SMTP. RFC 5322 for the Message-ID, RFC 3834 for what machines send."""

import contextlib
import smtplib
from urllib.parse import urlparse
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from okat.city.core.outbox.channels.shape import DownError, LaterError, Receipt, RefusedError
from okat.city.core.outbox.kinds import Words


class Email:
    name = "email"
    longest = 100_000

    def is_set_up(self) -> bool:
        return bool(settings.EMAIL_HOST)

    def send(self, *, key: UUID, address: str, words: Words, language: str) -> Receipt:
        host = urlparse(settings.SITE_URL).hostname or "localhost"
        # A line break in a subject would let a name add headers.
        message = EmailMessage(
            " ".join(words.subject.split()), f"{words.body.strip()}\n\n{_signature()}\n", to=[address]
        )
        message.extra_headers = {
            "Message-ID": f"<{key}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": language,
        }
        message.connection = line = get_connection()
        try:
            line.open()
            message.send()
        except smtplib.SMTPAuthenticationError as error:
            raise DownError("sign_in") from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _by_code(max(code for code, _text in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code) from error
        except OSError as error:  # no answer, no route; SMTPException is one too
            raise LaterError("no_answer") from error
        finally:
            with contextlib.suppress(Exception):  # a farewell that goes wrong takes back no letter
                line.close()
        return Receipt(str(key))


def _by_code(code: int) -> LaterError | RefusedError:
    """RFC 5321, section 4.2.1: 5yz is for good, 4yz for now."""
    return RefusedError(f"smtp_{code}") if code >= 500 else LaterError(f"smtp_{code}")


def _signature() -> str:
    return (
        "-- \n"
        + _("Okat, the city's opportunities network. This mail was sent by a machine.")
        + f"\n{settings.SITE_URL}"
    )
