"""What stands in the way of a certificate, as codes; whoever shows them has the words of each language."""


class CredentialError(ValueError):
    """`code`: one of CODES; `detail` says where, in English."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code}: {detail}" if detail else code)


CODES = (
    "unreadable",  # not JSON, or not a certificate of the form that we write
    "issuer",  # nobody whom we know, or a key that is not the issuer's
    "key_revoked",  # the key was called back: whoever has it could have signed anything
    "signature",  # something was changed after the signature
    "not_yet",  # before validFrom
    "expired",  # after validUntil
    "revoked",  # the issuer took it back
    "status",  # the status list cannot be had or does not hold
)
