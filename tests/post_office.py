"""The stand-in servers for letters, with settings that lead to them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import override_settings

from okat.config.standin import PostOffice, running


@contextmanager
def opened() -> Iterator[PostOffice]:
    office = PostOffice()
    with (
        running(office) as (web, mail),
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=mail,
            SMS_URL=f"http://127.0.0.1:{web}/sms", SMS_USER=office.sms_user, SMS_PASSWORD=office.sms_password,
            SMS_SENDER=office.sms_sender, SMS_COST=35, LINE_URL=f"http://127.0.0.1:{web}", LINE_COST=12,
            LINE_TOKEN=office.line_token, LINE_SECRET=office.line_secret,
        ),
    ):  # fmt: skip
        yield office
