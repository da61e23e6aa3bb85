"""The fields of a Pabulib file, in the order that its format prescribes.

Source: the format's description at pabulib.org and its checker (`pabulib-checker` 1.0.8, MIT), which our tests run
against what we write.
"""

from typing import Literal, NamedTuple

Kind = Literal[
    "text", "whole", "signed", "money", "date", "mark", "selected", "comment", "language", "currency", "list"
]
Need = Literal["count", "format", ""]
VOTE_TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")


class Field(NamedTuple):
    """`need`: without it nothing can be counted (`count`), or the format asks for it (`format`: only a note).
    `whole`, `signed` and `money` are read as numbers, and a wrong one is an error; other kinds only lead to a note."""

    name: str
    kind: Kind = "text"
    need: Need = ""


META = (
    Field("description", need="format"),
    Field("country", need="format"),
    Field("unit", need="format"),
    Field("district"),
    Field("subunit"),
    Field("instance", need="format"),
    Field("num_projects", "whole", "count"),
    Field("num_votes", "whole", "count"),
    Field("budget", "money", "count"),
    Field("vote_type", need="count"),
    Field("rule", need="format"),
    Field("date_begin", "date", "format"),
    Field("date_end", "date", "format"),
    Field("min_length", "whole"),
    Field("max_length", "whole"),
    Field("min_sum_cost", "money"),
    Field("max_sum_cost", "money"),
    Field("min_points", "signed"),
    Field("max_points", "whole"),
    Field("min_sum_points", "signed"),
    Field("max_sum_points", "whole"),
    Field("default_score", "signed"),
    Field("min_project_cost", "money"),
    Field("max_project_cost", "money"),
    Field("min_project_score_threshold", "whole"),
    Field("neighborhoods"),
    Field("subdistricts"),
    Field("categories"),
    Field("edition"),
    Field("language", "language"),
    Field("currency", "currency"),
    Field("fully_funded", "mark"),
    Field("experimental", "mark"),
    Field("comment", "comment"),
    Field("acknowledgments"),
    Field("leftover_budget"),
    Field("budget_per_category", "list"),
    Field("budget_per_neighborhood", "list"),
    Field("min_length_per_category", "list"),
    Field("max_length_per_category", "list"),
    Field("min_sum_cost_per_category", "list"),
    Field("max_sum_cost_per_category", "list"),
)
PROJECTS = (
    Field("project_id", need="count"),
    Field("cost", "money", "count"),
    Field("votes", "whole"),
    Field("score", "signed"),
    Field("name"),
    Field("category", "list"),
    Field("beneficiaries", "list"),
    Field("selected", "selected"),
    Field("neighborhood"),
    Field("subunit"),
    Field("district"),
    Field("description"),
    Field("proposer"),
    Field("public_id"),
    Field("latitude"),
    Field("longitude"),
)
VOTES = (
    Field("voter_id", need="count"),
    Field("vote", "list", "count"),
    Field("points", "list"),
    Field("age"),
    Field("sex"),
    Field("voting_method"),
    Field("district"),
    Field("neighborhood"),
    Field("education"),
    Field("topic_preference_transport"),
    Field("topic_preference_culture"),
    Field("topic_preference_nature"),
    Field("district_preference"),
    Field("time_taken_seconds"),
    Field("format_easiness"),
    Field("format_expressiveness"),
    Field("format_rank"),
)
SECTIONS = {"META": META, "PROJECTS": PROJECTS, "VOTES": VOTES}
# What a voter says of themselves: (values, or a pattern).
VOTER = {"sex": r"[MFO]", "voting_method": r"internet|paper", "age": r"[0-9]{1,3}(-[0-9]{1,3})?"}
