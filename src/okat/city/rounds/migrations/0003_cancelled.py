import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rounds', '0002_leaving'),
    ]

    operations = [
        migrations.AddField(
            model_name='result',
            name='lost',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rounds.place'),
        ),
        migrations.AlterField(
            model_name='result',
            name='answer',
            field=models.CharField(choices=[('waiting', 'waiting'), ('offered', 'offered'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'expired'), ('left', 'left'), ('cancelled', 'cancelled')], max_length=10),
        ),
    ]
