import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def made_by_the_account(apps, _editor):
    """Only of the account that opened the record all the time since is it known that it made the link; of others the
    good ones end. Past ones stay in the list of whoever made them."""
    PassportLink = apps.get_model("learning", "PassportLink")
    LinkRequest = apps.get_model("people", "LinkRequest")
    now = timezone.now()
    for link in PassportLink.objects.select_related("person").iterator():
        user = link.person.user_id
        later = LinkRequest.objects.filter(person=link.person, user=user, answered_at__gte=link.made_at).exists()
        if user is not None and not later:
            link.by_id = user
        elif link.withdrawn_at is None and link.until > now:
            link.withdrawn_at = now
        link.save(update_fields=["by", "withdrawn_at"])


class Migration(migrations.Migration):

    dependencies = [
        ('learning', '0010_joined'),
        ('people', '0005_link_requests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='passportlink',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(made_by_the_account, migrations.RunPython.noop),
    ]
