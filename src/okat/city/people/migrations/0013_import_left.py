from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0012_by_law'),
    ]

    operations = [
        migrations.AddField(
            model_name='importbatch',
            name='left',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
