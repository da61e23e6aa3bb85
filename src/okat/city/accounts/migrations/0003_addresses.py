"""Addresses get rows of their own, and what was only typed waits to be confirmed.

Shown already to be their owner's: those of made-up accounts, and those to which an invitation went that was followed.
Logins get the one spelling, except where two accounts would become one.
"""

import django.db.models.deletion
import okat.city.core.clock
from django.conf import settings
from django.db import migrations, models
from okat.city.accounts.rules.addresses import Channel, normal_address, normal_login


def forwards(apps, schema_editor):
    User, Address = apps.get_model("accounts", "User"), apps.get_model("accounts", "Address")
    taken = set(User.objects.values_list("login", flat=True))
    owned = set()
    for user in User.objects.order_by("pk"):
        login = normal_login(user.login)
        if login != user.login and login not in taken:
            taken.add(login)
            user.login = login
            user.save(update_fields=["login"])
        followed = user.invitations.filter(used_at__isnull=False).order_by("-pk").first()
        for channel, typed in ((Channel.EMAIL, user.email), (Channel.SMS, user.phone)):
            try:
                value = normal_address(channel, typed)
            except ValueError:
                continue
            row = Address(user=user, channel=channel.value, value=value)
            # The invitation went to the address that became the login; the account may name another by now.
            invited = followed is not None and channel is Channel.EMAIL and value == login
            if (user.demo or invited) and (channel, value) not in owned:
                owned.add((channel, value))
                row.confirmed_at = user.joined_at if user.demo else followed.used_at
                row.how = "demo" if user.demo else "link"
            row.save()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('email', 'email'), ('sms', 'sms'), ('line', 'line')], max_length=5)),
                ('value', models.CharField(max_length=254)),
                ('made_at', models.DateTimeField(default=okat.city.core.clock.now)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('how', models.CharField(blank=True, choices=[('link', 'link'), ('code', 'code'), ('officer', 'officer'), ('demo', 'demo')], max_length=7)),
                ('proof', models.CharField(blank=True, max_length=64)),
                ('proof_until', models.DateTimeField(blank=True, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('channel', 'value'), name='address_of_one'),
                    models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False)), fields=('user', 'channel'), name='address_confirmed'),
                    models.UniqueConstraint(condition=models.Q(('confirmed_at', None)), fields=('user', 'channel'), name='address_waiting'),
                    models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('how', '')), models.Q(('confirmed_at__isnull', False), models.Q(('how', ''), _negated=True)), _connector='OR'), name='address_says_how'),
                ],
            },
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
