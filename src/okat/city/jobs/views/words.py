"""A quota in the reader's words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.jobs.rules.quota import LAWS, Law, Quota


@dataclass(frozen=True)
class Told:
    """The result as a sentence, with its figures and the law that it rests on."""

    sentence: str
    quota: Quota
    laws: tuple[Law, ...] = LAWS

    @property
    def rest(self) -> int:
        """Persons who count for the quota now: employed, or helped in another way, at most as many as required."""
        return self.quota.required - self.quota.missing


def told(quota: Quota) -> Told:
    values = {"heads": f"{quota.count.heads:,}", "required": quota.required, "missing": quota.missing}
    if quota.required == 0:
        text = _("%(heads)s workers: the law asks for no person with a disability")
    elif quota.met:
        text = ngettext(
            "The quota is met: %(heads)s workers, %(required)s person with a disability",
            "The quota is met: %(heads)s workers, %(required)s persons with disabilities", quota.required,
        )  # fmt: skip
    else:
        text = ngettext(
            "%(missing)s person is missing: of %(heads)s workers, %(required)s must have a disability",
            "%(missing)s persons are missing: of %(heads)s workers, %(required)s must have a disability",
            quota.missing,
        )
    return Told(text % values, quota)
