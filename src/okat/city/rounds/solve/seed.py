"""The seed's protocol and the sentences of the method."""

import secrets
from dataclasses import replace

from okat.city.rounds.rules.policy import Lang, Policy
from okat.engine.allocation import RULES, Rules
from okat.engine.allocation.seed import commit, join


def new_secret() -> str:
    """256 random bits in hex."""
    return secrets.token_hex(32)


def commitment(secret: str) -> str:
    return commit(secret)


def join_seed(secret: str, draw: str) -> str:
    """Raises ProblemError where the draw is not its digits."""
    return join(secret, draw)


def engine_rules(policy: Policy) -> Rules:
    return replace(RULES, decline="leave-round" if policy.decline == "leave-round" else "keep-dearer")


def engine_sentences(policy: Policy, lang: Lang) -> tuple[str, ...]:
    return engine_rules(policy).sentences(lang)
