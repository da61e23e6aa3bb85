"""A consent that was given anew says by which one it was replaced."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0020_law_of_an_import")]
    operations = [
        migrations.AddField(
            model_name="consent", name="replaced_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                to="people.consent",
            ),
        )
    ]  # fmt: skip
