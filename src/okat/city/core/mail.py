"""One plain-text letter. No personal details in it: mail is read on shared screens and kept by others."""

from urllib.parse import urlparse

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from okat.city.core import ids


def send(*, to: str, subject: str, body: str) -> None:
    """Sends in the active language. Raises what the mail server raises, so that the job tries again."""
    host = urlparse(settings.SITE_URL).hostname or "localhost"
    # A line break in a subject would let a name add headers.
    message = EmailMessage(" ".join(subject.split()), f"{body.strip()}\n\n{_signature()}\n", to=[to])
    message.extra_headers = {
        "Message-ID": f"<{ids.new_id()}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": translation.get_language() or "th",
    }
    message.send()


def _signature() -> str:
    return (
        "-- \n"
        + _("Okat, the city's opportunities network. This mail was sent by a machine.")
        + f"\n{settings.SITE_URL}"
    )
