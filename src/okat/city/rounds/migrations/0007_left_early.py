"""An answer of its own for who left early what a place led to."""

from django.db import migrations, models

ANSWERS = "waiting offered accepted returning declined expired left stopped cancelled".split()


class Migration(migrations.Migration):
    dependencies = [("rounds", "0006_ran_before")]
    operations = [
        migrations.AlterField(
            model_name="result",
            name="answer",
            field=models.CharField(choices=[(name, name) for name in ANSWERS], max_length=10),
        ),
    ]
