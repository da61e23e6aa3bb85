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


def sign_in_fully(client: Client, user: User) -> None:
    """Password and second factor, as staff pages want it."""
    if not user.second_factor:
        actions.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    client.force_login(user, backend="okat.city.partners.queries.Accounts")
    device = queries.totp_of(user)
    assert device is not None
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()


def run_jobs() -> int:
    """Do every waiting job now, in this transaction; how many."""
    jobs = list(ProcrastinateJob.objects.filter(status="todo").order_by("pk"))
    for job in jobs:
        with translation.override("th"):
            app.tasks[job.task_name](**job.args)
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs where id = %s", [job.pk])
    return len(jobs)
