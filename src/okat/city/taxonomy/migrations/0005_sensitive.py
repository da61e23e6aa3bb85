from typing import Any

from django.db import migrations, models
from django.db.models import Q

# What stood in the city's words on the day of this change; afterwards the city's files say it.
NEEDS = ("work-disability", "disability-card", "health", "care-older")
FORMATS = (
    "sign-language", "captions", "described", "braille", "audio", "large-print", "easy-read", "wheelchair", "lift",
    "toilet", "parking", "quiet", "guide", "companion",
)  # fmt: skip


def mark(apps: Any, _editor: Any) -> None:
    telling = (
        Q(vocabulary="disability")
        | Q(vocabulary="need", code__in=NEEDS)
        | Q(vocabulary="format", code__in=FORMATS)
        | Q(vocabulary="situation", code="carer")
    )
    apps.get_model("taxonomy", "Term").objects.filter(telling).update(sensitive=True)


class Migration(migrations.Migration):

    dependencies = [
        ('taxonomy', '0004_added'),
    ]

    operations = [
        migrations.AddField(
            model_name='term',
            name='sensitive',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
