"""The canonical form over which a proof is made: RDFC-1.0 of the JSON-LD, by pyld, with contexts from a package.

pyld calls the algorithm by its older name URDNA2015; the output is the same (W3C RDF Dataset Canonicalization 1.0).
"""

import functools
import hashlib
from collections.abc import Mapping
from typing import Any

from openbadgeslib.ob3.contexts import document_loader
from pyld import jsonld

# Only the published contexts in the package; anything else is refused, never fetched.
_LOADER = document_loader()


def digest(document: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical N-Quads. The document must be one of ours (award.read): a hostile graph takes long."""
    return hashlib.sha256(statements(document).encode()).digest()


def statements(document: Mapping[str, Any]) -> str:
    """The canonical N-Quads."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _LOADER}
    return str(jsonld.normalize(document, options))


@functools.lru_cache(maxsize=64)
def proof_digest(contexts: tuple[str, ...], created: str, method: str) -> bytes:
    """Of a proof without its value; certificates that are signed in the same second share it."""
    return digest({"@context": list(contexts), **options(created, method)})


def options(created: str, method: str) -> dict[str, str]:
    return {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": created,
        "verificationMethod": method, "proofPurpose": "assertionMethod",
    }  # fmt: skip
