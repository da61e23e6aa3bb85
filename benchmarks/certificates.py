"""Ten thousand certificates of one course, signed and stored in PostgreSQL by the action that a teacher's button calls:
each sealed with its person's key, with the trail and the learners' places.

The peer only signs: the same documents by the libraries that ours stands on (pyld brings them to canonical form,
cryptography signs), and beside them the two packages that sign such certificates by themselves, on a sample. `equal`
says that `@digitalbazaar/vc` verified every one of ours, as read back from the database, and signs a thousand of them
to the same letter. `OKAT_BENCH_CERTIFICATES` makes fewer for a quick look.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

NAMES = ("certificates-10k",)
TARGET = 0.5
SAMPLE = 200
ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench-certificates"


def run(only: str) -> list[dict[str, Any]]:
    """One row; `ratio` is our certificates in a second by the clock over the peer's."""
    VAR.mkdir(parents=True, exist_ok=True)
    size = os.environ.get("OKAT_BENCH_CERTIFICATES", "10000")
    env = {**os.environ, "OKAT_VAR": str(VAR), "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.certificates", size], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
    )
    found = json.loads(done.stdout)
    ours, peer = (found["count"] / found[side] for side in ("seconds", "peer"))
    others = f"@digitalbazaar/vc {found['digitalbazaar']:.0f}/s, openbadgeslib {found['openbadgeslib']:.0f}/s"
    return [
        {
            "name": NAMES[0], "ours": f"{found['count']:,} signed and stored, {ours:.0f}/s",
            "peer": f"signed only: pyld and cryptography {peer:.0f}/s; {others}",
            "ours_cpu_s": found["cpu"], "peer_cpu_s": found["peer_cpu"], "ratio": ours / peer, "target": TARGET,
            "equal": found["verified"],
        }
    ]  # fmt: skip


def measured(size: int) -> dict[str, Any]:
    from okat.config.boot import boot

    boot()
    from okat.city.accounts.queries import system_user
    from okat.city.learning import actions
    from okat.city.learning.models import Credential
    from okat.city.learning.queries import proofs

    course = _course(size)
    started, cpu = time.perf_counter(), time.process_time()
    made = actions.issue(opportunity=course, by=system_user())
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    rows = Credential.objects.filter(pk__in=[row.pk for row in made]).select_related("person__key")
    documents = [proofs.document_of(row) for row in rows.iterator()]
    bare = [{key: value for key, value in d.items() if key != "proof"} for d in documents if d]
    peer, peer_cpu = _libraries(bare)
    return {
        "count": len(made), "seconds": seconds, "cpu": cpu, "peer": peer, "peer_cpu": peer_cpu,
        "openbadgeslib": SAMPLE / _openbadgeslib(bare[:SAMPLE]), **_judged(documents, bare),
    }  # fmt: skip


def _course(size: int) -> Any:
    """A new course with so many learners who were there on its one day."""
    from okat.city.accounts.queries import system_user
    from okat.city.catalogue.actions import publish_many
    from okat.city.catalogue.models import Opportunity
    from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
    from okat.city.core import clock
    from okat.city.learning import actions
    from okat.city.people.models import Person

    partner, by = _register(size), system_user()
    start = clock.now() - dt.timedelta(days=1)
    row = OpportunityRow(
        provider=partner.code, area=partner.area.code, kind="occupation", title_th="ทอผ้าไหมมัดหมี่", title_en="Silk",
        sessions=(SessionRow(start, start + dt.timedelta(hours=3)),),
    )  # fmt: skip
    course = Opportunity.objects.get(pk=publish_many(rows=[row], by=by).ids[0])
    learners = Person.objects.select_related("key").order_by("pk")[:size]
    places = [actions.enrol(person=one, opportunity=course, case=None, by=by).pk for one in learners]
    actions.mark(session=course.sessions.get(), present=places, by=by)
    return course


def _register(size: int) -> Any:
    from benchmarks.look_up import fill
    from okat.city.partners.models import Partner

    fill(size)
    return Partner.objects.select_related("area").get(code="nfe")


def _libraries(bare: list[dict[str, Any]]) -> tuple[float, float]:
    """Seconds by the clock and of the processor: canonical form, two hashes and one signature for each."""
    import hashlib

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from openbadgeslib.ob3.contexts import document_loader
    from pyld import jsonld

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": document_loader()}
    key, proof = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32), hashlib.sha256(b"the proof's own").digest()
    started, cpu = time.perf_counter(), time.process_time()
    for document in bare:
        key.sign(proof + hashlib.sha256(jsonld.normalize(document, options).encode()).digest())
    return time.perf_counter() - started, time.process_time() - cpu


def _openbadgeslib(bare: list[dict[str, Any]]) -> float:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from openbadgeslib.ob3.ldp import add_data_integrity_proof

    key = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    started = time.perf_counter()
    for document in bare:
        add_data_integrity_proof(document, pem, "did:web:example.org#k1")
    return time.perf_counter() - started


def _judged(documents: list[Any], bare: list[dict[str, Any]]) -> dict[str, Any]:
    """Whether the other library verifies each, and its own rate of signing the same."""
    from django.conf import settings
    from tests.files.credentials import judging

    from okat.city.learning.models import Credential
    from okat.city.learning.queries import proofs

    judging.ready()
    numbers = Credential.objects.order_by().values_list("list_number", flat=True).distinct()
    known = judging.documents(proofs.described(), {proofs.list_url(n): proofs.status_list(n) for n in numbers})
    answers = judging.verified(known, documents)
    sample = bare[: SAMPLE * 5]
    theirs = judging.signed_by_the_judge(known, proofs.secret(settings.KEYRING.first), sample, bare[0]["validFrom"])
    good = {"verified": True, "revoked": False, "error": ""}
    same = theirs["credentials"] == documents[: len(sample)]
    return {
        "verified": same and len(answers) == len(documents) and all(answer == good for answer in answers),
        "digitalbazaar": len(sample) / theirs["seconds"],
    }


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
