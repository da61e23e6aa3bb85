"""What is said of certificates."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WRONG_NAME = "wrong_name"
# Why a certificate is taken back.
REASONS: Mapping[str, Promise] = {
    "mistake": _("It was issued by mistake"),
    WRONG_NAME: _("The name is wrong; a new one follows"),
    "fraud": _("The attendance was not true"),
}
# What `okat.files.credentials` finds, in words for whoever holds the certificate.
VERDICTS: Mapping[str, Promise] = {
    "": _("This certificate holds."),
    "unreadable": _("This is not a certificate of this city, or something was added to the file."),
    "issuer": _("This certificate was not signed by this city."),
    "key_revoked": _("The key that signed this certificate was called back. Ask for a new certificate."),
    "signature": _("This certificate was changed after it was signed. It does not hold."),
    "not_yet": _("This certificate is not valid yet."),
    "expired": _("This certificate was genuine, but its time is over."),
    "revoked": _("This certificate was genuine, but it was taken back."),
    "status": _("Whether this certificate was taken back cannot be found out."),
    "unknown": _("No certificate with this number is known here. Check the number, or send the file itself."),
}
