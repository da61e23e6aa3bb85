"""Settings of the tests: a cluster of their own whose data may be lost with the power, and every guard switched on."""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("OKAT_VAR", str(_ROOT / "var" / "test"))
os.environ.setdefault("OKAT_TWO_FACTOR", "1")

from okat.config import messages  # noqa: E402 - the environment must be set first
from okat.config.settings import *  # noqa: E402, F403

messages.compile_all()

# Argon2 takes a tenth of a second by design; tests sign in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# WhiteNoise warns where the collected files are missing; in tests nobody collects them.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
