"""That somebody looked at whom a file may have lost is said before it goes in, and noted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0021_replaced_consents")]
    operations = [
        migrations.AddField(
            model_name="importbatch", name="looked", field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(model_name="importbatch", name="looked_rows", field=models.PositiveIntegerField(default=0)),
    ]  # fmt: skip
