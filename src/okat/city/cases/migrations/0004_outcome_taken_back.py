from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_offers_without_account'),
    ]

    operations = [
        migrations.AddField(
            model_name='followup',
            name='taken_back_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
