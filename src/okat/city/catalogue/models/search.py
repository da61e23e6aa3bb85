"""What the search needs beside the opportunities: the words that stand in them, and what was looked for in vain."""

from typing import ClassVar

from django.db import models

from okat.city.core.classify import classify


class IndexWord(models.Model):
    """One word that stands in the titles, needs, kinds, summaries, partners or places of the catalogue, with the two
    codes of its sound (okat.thai.sound). Words that no longer stand anywhere stay until the index is made anew."""

    PRIVACY = classify(neither="word lk82 udom83")

    word = models.CharField(max_length=200, primary_key=True)
    lk82 = models.CharField(max_length=10, blank=True)
    udom83 = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["word"]

    def __str__(self) -> str:
        return self.word


class MissedSearch(models.Model):
    """Words that nothing in the catalogue answered, and how many looked for them: kept from the day on which the fifth
    within one stretch of thirty days did, nobody's, and never who asked.

    `narrowed`: other conditions were set as well, so that the words alone may be answered."""

    KEEP_DAYS = 365
    PRIVACY = classify(neither="id text day narrowed count", purpose="finding what the city lacks", keep_days=KEEP_DAYS)

    id = models.BigAutoField(primary_key=True)
    text = models.CharField(max_length=80)
    day = models.DateField(db_index=True)
    narrowed = models.BooleanField(default=False)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "text"]
        verbose_name_plural = "missed searches"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["text", "day", "narrowed"], name="missed_search_once")
        ]

    def __str__(self) -> str:
        return self.text
