"""The second factor: set up, asked for, dropped; recovery codes."""

from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from okat.city.accounts.actions._telling import tell_change
from okat.city.accounts.models import Totp, User
from okat.city.accounts.rules import RECOVERY_CODES
from okat.city.core import audit, crypto, ids
from okat.city.core.action import action
from okat.city.core.fresh import guarded


@action
@guarded
def set_up_second_factor(*, user: User, salt: str, by: User, step: int = -1) -> list[str]:
    """From now on `user` is asked for a code. Gives the recovery codes, which are shown once and kept as hashes.

    `step` is the half-minute of the code that proved it (queries.totp_step): that code has been used.
    """
    Totp.objects.filter(user=user).delete()
    Totp(user=user, name="app", key=salt, confirmed=True, last_t=step).save()
    user.second_factor = True
    user.save(update_fields=["second_factor"])
    audit.record(by=by, verb="accounts.second_factor", subject=user)
    tell_change(user=user, what="second_factor", by=by)
    return _fresh_codes(user)


@action
@guarded
def renew_recovery_codes(*, user: User, by: User) -> list[str]:
    """Fresh codes; the old ones stop working."""
    audit.record(by=by, verb="accounts.recovery_codes", subject=user)
    tell_change(user=user, what="recovery_codes", by=by)
    return _fresh_codes(user)


@action
@guarded
def drop_second_factor(*, user: User, by: User | None) -> None:
    """For a lost telephone: the next sign-in of staff sets up a new one. Sessions end."""
    Totp.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    user.second_factor = False
    user.sessions_round += 1
    user.save(update_fields=["second_factor", "sessions_round"])
    audit.record(by=by, verb="accounts.drop_second_factor", subject=user)
    tell_change(user=user, what="second_factor_gone", by=by)


@action
def try_second_factor(*, code: str, by: User) -> object | None:
    """The device whose code this is (an app's six digits or an unused recovery code), else None.

    The devices count failures themselves and make each wait twice as long as the one before.
    """
    typed = code.strip().upper().replace(" ", "")
    # Locked, so that a code sent twice at once counts once.
    kind = Totp if typed.isdecimal() else StaticDevice
    device = kind.objects.select_for_update(no_key=True).filter(user=by, confirmed=True).first()
    wanted = typed if typed.isdecimal() else _recovery_hash(typed)
    fits = device is not None and device.verify_token(wanted)
    audit.record(by=by, verb="accounts.second_factor_try", subject=by, reason="right" if fits else "wrong")
    return device if fits else None


def _fresh_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice(user=user, name="recovery", confirmed=True)
    device.save()
    codes = [ids.receipt() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=_recovery_hash(code)) for code in codes])
    return codes


def _recovery_hash(code: str) -> str:
    return crypto.keyed_hash(code.replace("-", ""), "recovery")[:16]  # the column holds 16
