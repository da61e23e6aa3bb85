"""Roles in a partner and what each may do."""

from enum import StrEnum

from okat.city.core.permissions import Permission


class Role(StrEnum):
    COORDINATOR = "coordinator"  # the city team
    MANAGER = "manager"  # runs one partner's side
    OFFICER = "officer"  # publishes, answers, records
    FIELD_WORKER = "field_worker"  # pins, proposes, refers, visits
    COMMUNITY_LEADER = "community_leader"
    AUDITOR = "auditor"


_FIELD = frozenset({
    Permission.SEARCH_PEOPLE, Permission.SEE_PERSON, Permission.PIN_PERSON, Permission.RECORD_CONSENT,
    Permission.BREAK_GLASS, Permission.REFER, Permission.APPLY_FOR_OTHERS, Permission.RECORD_OUTCOME,
})  # fmt: skip
_OFFICE = frozenset({
    Permission.SEARCH_PEOPLE, Permission.SEE_PERSON, Permission.PIN_PERSON, Permission.RECORD_CONSENT,
    Permission.MANAGE_OPPORTUNITIES, Permission.IMPORT_OPPORTUNITIES, Permission.IMPORT_PEOPLE, Permission.REFER,
    Permission.ANSWER_REFERRALS, Permission.RECORD_OUTCOME, Permission.APPLY_FOR_OTHERS,
})  # fmt: skip
_HEAD = frozenset({Permission.MANAGE_PARTNER, Permission.MERGE_PEOPLE, Permission.REVIEW_BREAK_GLASS})
_TEAM = frozenset({
    Permission.PLAN_ROUNDS, Permission.RUN_ROUNDS, Permission.ANSWER_APPEALS, Permission.SEE_GAPS,
    Permission.MANAGE_NETWORK, Permission.SEARCH_PEOPLE, Permission.SEE_PERSON, Permission.MANAGE_OPPORTUNITIES,
    Permission.IMPORT_OPPORTUNITIES, Permission.IMPORT_PEOPLE,
})  # fmt: skip

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FIELD_WORKER: _FIELD,
    Role.OFFICER: _OFFICE,
    Role.MANAGER: _OFFICE | _HEAD,
    Role.COMMUNITY_LEADER: frozenset({Permission.SEE_GAPS}),
    # The city team decides rounds and sees figures; its scope still needs a grant to open a person's page.
    Role.COORDINATOR: _TEAM | _HEAD,
    Role.AUDITOR: frozenset({Permission.AUDIT_DECISIONS, Permission.SEE_AUDIT, Permission.SEE_GAPS}),
}


def permissions_of(roles: set[Role]) -> frozenset[Permission]:
    """The union over a user's roles; nothing for no roles."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
