from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_sharing'),
    ]

    operations = [
        migrations.AddField(
            model_name='wisdom',
            name='consent_how',
            field=models.CharField(blank=True, choices=[('signature', 'Signature'), ('thumb', 'Thumb print'), ('witness', 'Spoken before a witness'), ('verbal', 'Spoken'), ('guardian', 'Given by parent or guardian'), ('online', 'By the person, signed in')], max_length=10),
        ),
        migrations.AddField(
            model_name='opportunity',
            name='teachers',
            field=models.ManyToManyField(blank=True, related_name='teaches', to='catalogue.wisdom'),
        ),
    ]
