import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_wish'),
        ('taxonomy', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='pledge',
            name='status',
            field=models.CharField(choices=[('offered', 'offered'), ('accepted', 'accepted'), ('declined', 'declined'), ('taken_back', 'taken_back')], default='accepted', max_length=10),
        ),
        migrations.AddField(
            model_name='pledge',
            name='reason',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name='pledge',
            name='offered_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='pledge',
            name='answered_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='Sought',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('unit', models.CharField(max_length=20)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('added_at', models.DateTimeField()),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sought', to='catalogue.opportunity')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='taxonomy.term')),
            ],
            options={
                'verbose_name_plural': 'sought',
                'ordering': ['-added_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('opportunity', 'resource', 'unit'), name='sought_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='sought_something')],
            },
        ),
    ]
