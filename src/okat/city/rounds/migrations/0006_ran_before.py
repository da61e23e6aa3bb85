"""Who ran a round until it was handed over: of rounds that were handed over before, as their history tells."""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def remember(apps: Any, schema_editor: Any) -> None:
    # Before its rules were frozen a round had no applicants.
    kept = apps.get_model("rounds", "RoundEvent").objects.exclude(status="draft").exclude(pgh_obj=None)
    other = kept.exclude(partner=F("pgh_obj__partner")).order_by().values_list("pgh_obj", "partner").distinct()
    link = apps.get_model("rounds", "Round").ran_before.through
    link.objects.bulk_create(
        [link(round_id=pk, partner_id=partner) for pk, partner in other], batch_size=1000, ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_absence"), ("rounds", "0005_grace_and_draw")]
    operations = [
        migrations.AddField(
            model_name="round",
            name="ran_before",
            field=models.ManyToManyField(blank=True, related_name="+", to="partners.partner"),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop, elidable=True),
    ]
