"""Reading cases: one's own, and those of the partners in which one's role handles cases."""

from okat.city.cases.queries.desk import begun_that_end, consent_follows, found, panel, tasks
from okat.city.cases.queries.glance import OF_PERSON, case_for, locked, still_sees
from okat.city.cases.queries.page import Line, Page, given_to, page
from okat.city.cases.queries.record import (
    export,
    follow_ups_of,
    goals_of,
    last_return,
    last_transition,
    names_of,
    names_read,
    open_referral,
    opened,
    own_page,
    page_for,
    page_of,
    person_page,
    sentence,
    title,
    transitions_of,
    until_words,
    was_completed,
)
from okat.city.cases.queries.rounds import being_given_back, given_by_round
from okat.city.cases.queries.scope import (
    FREE,
    PERMITTED,
    Counts,
    called_off,
    cases_of_partner,
    cases_of_person,
    closes,
    concerned,
    counts,
    goal_for,
    may_as,
    needs_of,
    next_follow_up,
    offerable,
    overdue,
    own_case,
    own_cases,
    partners_of,
    partners_to_refer,
    possible,
    primary,
    queue,
    roles_in,
    stages,
    to_end,
    unheld,
    was_with,
    works_for,
)

__all__ = [
    "FREE", "OF_PERSON",
    "PERMITTED", "Counts", "Line", "Page", "begun_that_end", "being_given_back", "called_off",
    "case_for", "cases_of_partner", "cases_of_person", "closes", "concerned", "consent_follows", "counts",
    "export", "follow_ups_of", "found", "given_by_round",
    "given_to", "goal_for", "goals_of", "last_return", "last_transition", "locked",
    "may_as", "names_of", "names_read", "needs_of", "next_follow_up", "offerable", "open_referral", "opened",
    "overdue", "own_case", "own_cases", "own_page", "page", "page_for", "page_of", "panel", "partners_of",
    "partners_to_refer", "person_page", "possible", "primary", "queue", "roles_in", "sentence", "stages",
    "still_sees", "tasks", "team_partner", "title", "to_end", "transitions_of", "unheld", "until_words",
    "was_completed", "was_with", "works_for",
]  # fmt: skip
