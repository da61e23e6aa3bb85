"""Which place a result is about that was given back, left early or lost."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rounds", "0007_left_early")]
    operations = [
        migrations.AddField(
            model_name="result",
            name="had",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="rounds.place"
            ),
        ),
    ]
