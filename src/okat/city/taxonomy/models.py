"""The city's words: needs, formats, skills, situations. They come from the city's folder, not from code."""

from typing import ClassVar

from django.db import models

from okat.city.core.classify import classify


class Vocabulary(models.TextChoices):
    NEED = "need", "Need"
    FORMAT = "format", "Format"
    SKILL = "skill", "Skill"
    SITUATION = "situation", "Situation"
    OCCUPATION = "occupation", "Occupation"
    EDUCATION = "education", "Education level"
    DISABILITY = "disability", "Disability type"
    INTEREST = "interest", "Interest"
    SUBJECT = "subject", "Local wisdom"
    RESOURCE = "resource", "Shared resource"
    SYNONYM = "synonym", "Words that mean the same"


class Term(models.Model):
    """One word of one vocabulary, in Thai and English."""

    PRIVACY = classify(
        neither="id vocabulary code th en note_th note_en parent order active version source synonyms stages added"
        " sensitive"
    )

    id = models.BigAutoField(primary_key=True)
    vocabulary = models.CharField(max_length=20, choices=Vocabulary.choices)
    code = models.SlugField(max_length=60)
    th = models.CharField(max_length=160)  # empty only for a word of a standard that nobody has translated yet
    en = models.CharField(max_length=160)
    note_th = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=400, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    order = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    version = models.CharField(max_length=40, blank=True)  # of the notification or standard it comes from
    source = models.CharField(max_length=300, blank=True)
    synonyms = models.JSONField(default=list)
    stages = models.JSONField(default=list)  # of a format: rules.Stage where it counts, the main one first
    added = models.BooleanField(default=False)  # taken over from a standard, not from the city's file; th may be empty
    # Whoever is said to be, need or ask for this is told of a health or a disability by it (PDPA s.26).
    sensitive = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["vocabulary", "order", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["vocabulary", "code"], name="term_once")
        ]

    def __str__(self) -> str:
        return self.th or self.en
