from typing import Any

from django.db import migrations, models
from django.db.models import Q

NEEDS = ("work-disability", "disability-card", "health", "care-older")
FACTS = ("disability_types", "disability_card", "carer_of_disabled", "able_to_work", "disability_fund_debtor")


def mark(apps: Any, _editor: Any) -> None:
    """What the city's folder says exactly is set when it is loaded; until then rather too much than too little."""
    rows = apps.get_model("catalogue", "Opportunity").objects
    named = Q()
    for fact in FACTS:
        named |= Q(rule__icontains=f'"{fact}"')
    answers = Q(need_codes__contained_by=list(NEEDS), need_codes__len__gt=0)
    reserved = Q(reserves__icontains='"disability"')
    rows.filter(named | answers | reserved | Q(kind="job_quota")).update(telling=True)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0010_words_of_being_named'),
        ('taxonomy', '0005_sensitive'),
    ]

    operations = [
        migrations.AddField(
            model_name='opportunity',
            name='telling',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
