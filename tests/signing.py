"""Signing in within tests, and running the jobs that a request left behind."""

import time

from django.db import connection
from django.test import Client
from django.utils import translation
from django_otp.oath import TOTP
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from okat.city.accounts import actions, queries
from okat.city.accounts.models import User, totp_secret
from okat.city.accounts.rules import Channel, How
from okat.city.core import clock, fresh
from okat.city.core.models import Letter
from okat.city.notices.models import Notice

PASSWORD = "ทุเรียน-river-สามล้อ"


def make_user(login: str = "somchai", *, email: str | None = None, phone: str = "", **values: object) -> User:
    """An account with a confirmed e-mail address."""
    typed = {Channel.EMAIL: f"{login}@example.org" if email is None else email, Channel.SMS: phone}
    given: dict[str, object] = {"name": "สมชาย ใจดี", "password": PASSWORD, "confirmed": How.LINK, **values}
    given["addresses"] = {channel: value for channel, value in typed.items() if value}
    return actions.add_user(login=login, by=queries.system_user(), **given)  # type: ignore[arg-type]


def code_for(user: User, *, step: int = 0) -> str:
    """What the user's app shows now (or `step` half-minutes later)."""
    device = queries.totp_of(user)
    assert device is not None
    return code_of_salt(device.key, step=step)


def code_of_salt(salt: str, *, step: int = 0) -> str:
    totp = TOTP(totp_secret(salt))
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


def sign_in_fully(client: Client, user: User, *, recently: bool = True) -> None:
    """Password and second factor, as staff pages want it; a moment ago, or longer (`recently`)."""
    if not user.second_factor:
        _set_up(user)
    client.force_login(user, backend="okat.city.partners.queries.Accounts")
    device = queries.totp_of(user)
    assert device is not None
    session = client.session
    session["otp_device_id"] = device.persistent_id
    if recently:
        session[fresh.KEY] = clock.now().timestamp()
    session.save()


def _set_up(user: User) -> None:
    """A second factor, without the news of it: what a test counts is what its own steps left behind."""
    last = ProcrastinateJob.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    actions.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    Notice.objects.filter(user=user, kind="account.second_factor").delete()
    Letter.objects.filter(user=user, kind="accounts.changed").delete()
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id > %s", [last])


def run_jobs() -> int:
    """Do every waiting job now, in this transaction; how many."""
    jobs = list(ProcrastinateJob.objects.filter(status="todo").order_by("pk"))
    for job in jobs:
        with translation.override("th"):
            app.tasks[job.task_name](**job.args)
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs where id = %s", [job.pk])
    return len(jobs)
