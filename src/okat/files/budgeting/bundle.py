"""The bundle of a count: the ballots as they were, the decision, who paid what, and the certificate.

Ballots are public, so the bundle is: voters stand in it by the identifiers of the file. The bytes are the same for the
same file and rules.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

from okat.files.allocation.bundle import seal, write_json, write_whole
from okat.files.budgeting.count import Count, certificate_dict, summary, terms_dict
from okat.files.budgeting.outcome import write_beyond, write_outcome, write_payments
from okat.files.budgeting.writer import write_pb

KIND = "budgeting"
ELECTION = "election.pb"


def build(count: Count) -> bytes:
    """The archive."""
    election, outcome = count.election, count.outcome
    members = {
        ELECTION: write_pb(count.file.table),
        "outcome.csv": write_outcome(election, outcome),
        "payments.csv": write_payments(election, outcome, count.file.voters),
        "beyond.csv": write_beyond(election, outcome),
        "certificate.json": write_json(certificate_dict(count.certificate)),
    }
    head = {
        "kind": KIND,
        "engine_version": version("okat"),
        **terms_dict(count.terms, count.rules),
        "outcome": summary(count),
    }
    return seal(members, head)


def write(count: Count, out: Path) -> str:
    """Writes all of it or nothing; its SHA-256."""
    data = build(count)
    write_whole(out, data)
    return hashlib.sha256(data).hexdigest()
