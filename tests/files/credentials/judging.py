"""How the judge is asked: npm's @digitalbazaar/vc, which shares no code with ours. Its packages come by npm, by lock
file, once, into var/judge."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openbadgeslib.ob3.contexts import bundled_contexts

from okat.config import assets
from okat.files import credentials as ob

JUDGE = Path(__file__).parent / "judge"
WORK = Path(__file__).parents[3] / "var" / "judge"


class NoJudgeError(Exception):
    """npm cannot be reached from here."""


def ready() -> None:
    """Raises NoJudgeError."""
    WORK.mkdir(parents=True, exist_ok=True)
    lock, done = JUDGE / "package-lock.json", WORK / "done.json"
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        for path in (lock, JUDGE / "package.json"):
            shutil.copyfile(path, WORK / path.name)
        command = [*assets.npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        ran = subprocess.run(command, cwd=WORK, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise NoJudgeError(f"npm cannot be reached: {ran.stderr[-300:]}")
        shutil.copyfile(lock, done)
    for script in JUDGE.glob("*.mjs"):
        shutil.copyfile(script, WORK / script.name)


def asked(script: str, question: Mapping[str, Any]) -> Any:
    """The answer of one of the judge's scripts; call `ready` first."""
    node = shutil.which("node") or str(Path(sys.executable).parent / "node")
    text = json.dumps(question)
    ran = subprocess.run(
        [node, str(WORK / script)], input=text, capture_output=True, text=True, check=False, timeout=900
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr[-2000:])
    return json.loads(ran.stdout)


def documents(described: Mapping[str, Any], lists: Mapping[str, Any]) -> dict[str, Any]:
    """All that a verifier would fetch: contexts, the issuer's keys by the document of `described`, status lists."""
    multikey = "https://w3id.org/security/multikey/v1"
    methods = {method["id"]: {"@context": multikey, **method} for method in described["verificationMethod"]}
    return {**bundled_contexts(), described["id"]: described, **methods, **lists}


def verified(
    known: Mapping[str, Any], credentials: Sequence[Mapping[str, Any]], presentations: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """{verified, revoked, error} of each, presentations first."""
    question = {"documents": known, "credentials": credentials, "presentations": presentations}
    answers: list[dict[str, Any]] = asked("judge.mjs", question)
    return answers


def signed_by_the_judge(
    known: Mapping[str, Any], key: ob.SigningKey, credentials: Sequence[Mapping[str, Any]], at: str
) -> dict[str, Any]:
    """{seconds, credentials}: signed with the same key by @digitalbazaar/vc."""
    from okat.files.credentials.keys import to_multibase

    secret = {
        "@context": "https://w3id.org/security/multikey/v1", "id": key.method, "type": "Multikey",
        "controller": key.controller, "publicKeyMultibase": ob.public_of(key.seed),
        "secretKeyMultibase": to_multibase(b"\x80\x26" + key.seed),
    }  # fmt: skip
    question = {"documents": known, "key": secret, "credentials": credentials, "at": at}
    answer: dict[str, Any] = asked("sign.mjs", question)
    return answer
