"""Messages to users: in the application, with a letter that only says that there is something to read."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from okat.city.core.classify import classify
from okat.city.notices.rules import MailWish, say


class Notice(models.Model):
    """`params` fill the text of the kind; no personal data of residents belong in them, only codes and titles."""

    PRIVACY = classify(
        neither="id kind params url made_at read_at mailed_at over_at", personal="user record",
        purpose="messages about one's work or applications", basis="PDPA s.24(3)", keep_days=180,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)  # it does not hold any more: no letter speaks of it
    # The person's record of which it told the account; it goes when the record is not the account's any more.
    record = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["record"], condition=~models.Q(record=None), name="notice_of_record"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return say(self.kind, self.params)


class Preference(models.Model):
    """How and when a user wants letters; without a row: at once, by the usual way, nothing that rings at night."""

    PRIVACY = classify(neither="id mail quiet_from quiet_until first off muted", personal="user", purpose="messages")

    id = models.BigAutoField(primary_key=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference")
    mail = models.CharField(max_length=5, choices=[(w.value, w.value) for w in MailWish], default=MailWish.NOW)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    first = models.CharField(max_length=5, blank=True)  # the channel to try before the others
    off = models.JSONField(default=list)  # channels that are not wanted
    muted = models.JSONField(
        default=list
    )  # apps about whose matters no letter is wanted; what binds comes all the same

    def __str__(self) -> str:
        return self.mail
