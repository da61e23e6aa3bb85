"""A role is offered and accepted. Members who never opened their account become invitations that are to be sent again."""

import django.db.models.deletion
import okat.city.core.clock
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def forwards(apps, schema_editor):
    Membership, Invitation = apps.get_model("partners", "Membership"), apps.get_model("partners", "Invitation")
    asleep = Membership.objects.filter(
        ended_on=None, user__is_active=False, user__is_system=False, user__password__startswith="!",
        user__login__contains="@",
    )
    for member in asleep.select_related("user").order_by("pk"):
        # The old letters lead nowhere any more: it is late from the start, and the manager sends it again.
        made, _ = Invitation.objects.get_or_create(
            partner_id=member.partner_id, role=member.role, address=member.user.login, answered_at=None,
            defaults={"name": member.user.name, "language": member.user.language, "expires_at": timezone.now()},
        )
        made.areas.set(member.areas.all())
        member.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0003_learning_spaces'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('coordinator', 'coordinator'), ('manager', 'manager'), ('officer', 'officer'), ('field_worker', 'field_worker'), ('community_leader', 'community_leader'), ('auditor', 'auditor')], max_length=20)),
                ('name', models.CharField(max_length=160)),
                ('address', models.CharField(max_length=254)),
                ('language', models.CharField(default='th', max_length=2)),
                ('made_at', models.DateTimeField(default=okat.city.core.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('accepted', 'accepted'), ('declined', 'declined'), ('recalled', 'recalled')], max_length=8)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('areas', models.ManyToManyField(blank=True, related_name='+', to='places.area')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='partners.partner')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('partner', 'role', 'address'), name='one_invitation_once')],
            },
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
