"""Addresses stand in their own table alone; invitations lie with the partners that make them."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_addresses'),
    ]

    operations = [
        migrations.RemoveField(model_name='user', name='email'),
        migrations.RemoveField(model_name='user', name='phone'),
        migrations.DeleteModel(name='Invitation'),
    ]
