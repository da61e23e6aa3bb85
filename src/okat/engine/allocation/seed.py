"""A seed that nobody can choose: a secret committed before the round opens, joined with a public draw after it.

Whoever holds the secret cannot change it (its hash is published) and does not know the draw; whoever knows the
draw did not know the secret; and the pseudonyms were fixed in between. Randomness is the caller's to bring.
"""

import hmac
from hashlib import sha256

from okat.engine.errors import ProblemError

MIN_SECRET = 32


def commit(secret: str) -> str:
    """The SHA-256 of the UTF-8 secret, in hex: what is published before the round opens
    (`printf %s SECRET | sha256sum` gives the same). Raises `ProblemError` for a secret that could be guessed."""
    if len(secret) < MIN_SECRET or len(set(secret)) < MIN_SECRET // 4:
        raise ProblemError(
            f"the secret needs at least {MIN_SECRET} random characters, or its hash could be guessed back"
        )
    return sha256(secret.encode()).hexdigest()


def revealed(secret: str, commitment: str) -> bool:
    """Whether this secret is the one that was committed."""
    return hmac.compare_digest(sha256(secret.encode()).hexdigest(), commitment)


def join(secret: str, public_draw: str) -> str:
    """The seed: the SHA-256, in hex, of the UTF-8 text `secret|draw`. The draw is the digits as announced, such
    as the first prize of the state lottery of the date in the rules. Raises `ProblemError` for other letters."""
    if not (public_draw.isascii() and public_draw.isdigit()):
        raise ProblemError(f"the draw {public_draw!r} must be its digits 0-9 as announced")
    return sha256(f"{secret}|{public_draw}".encode()).hexdigest()


def protocol_fault(seed: str, *, commitment: str, secret: str, public_draw: str) -> str | None:
    """Why this seed does not follow from what was published, or None."""
    if not revealed(secret, commitment):
        return "the revealed secret is not the committed one"
    try:
        return None if join(secret, public_draw) == seed else "the seed is not the secret joined with the draw"
    except ProblemError as error:
        return str(error)
