"""Settings; every value that a city may change comes from the environment (docs/reference/settings.md)."""

from pathlib import Path

import django

from okat.config import database, keys
from okat.config.environment import demo_size, flag, given, number, site, text

ROOT = database.ROOT
PACKAGE = Path(__file__).resolve().parents[1]
VAR = database.data_folder()
DEMO_SIZE = demo_size()  # made-up people, keys kept in var/; empty in a real city, which gives its own keys
DEMO = bool(DEMO_SIZE)
DEBUG = flag("OKAT_DEBUG")
CITY = Path(given("OKAT_CITY") or ROOT / "cities" / "khon-kaen")

KEY_FILE = keys.path(VAR)
KEYRING = keys.load(VAR, demo=DEMO)
SECRET_KEY = KEYRING.signing
ALLOWED_HOSTS = text("OKAT_HOSTS").split(",")
SITE_URL = site()

# The floors of the house, lowest first; a promised app joins when its folder does.
FLOORS = (
    "core", "taxonomy", "places", "accounts", "notices", "partners", "people", "catalogue", "rounds", "cases",
    "learning", "jobs", "funds", "market", "reports", "proposals", "budgets", "indicators", "forums", "privacy",
    "desk", "api",
)  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    *(f"okat.city.{name}" for name in FLOORS if (PACKAGE / "city" / name / "apps.py").exists()),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "okat.city.core.readable.ReadableMiddleware",  # before anything reads what was sent
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "okat.city.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "okat.city.core.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "okat.city.core.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "okat.config.urls"
WSGI_APPLICATION = "okat.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Django's own folder holds the templates of form widgets.
        "DIRS": [PACKAGE / "templates", Path(django.__file__).parent / "forms" / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "okat.city.core.context.page",
                "okat.city.notices.queries.unread_context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "okat.city.core.templatetags.okat",
                "okat.city.core.templatetags.components",
            ],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": {
        **database.settings_from(given("DATABASE_URL") or database.cluster().url),
        "ATOMIC_REQUESTS": False,  # each action is its own transaction
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# A worker that starts does what the clock asked for while none was there: the last time of each task, once. The library
# notes in the database what was done, and gives up ten minutes later unless told otherwise; a machine may be off for
# a weekend or a holiday week.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 40 * 86_400}
# Seconds; the server holds its own connections to the first three (config.serving), work known to be long to the last.
# None of them may be 0, which the database takes for no limit.
STATEMENT_SECONDS, LOCK_SECONDS = number("OKAT_STATEMENT_SECONDS", least=1), number("OKAT_LOCK_SECONDS", least=1)
IDLE_SECONDS, LONG_SECONDS = number("OKAT_IDLE_SECONDS", least=1), number("OKAT_LONG_SECONDS", least=1)
number("OKAT_STOP_SECONDS")  # read by the keeper, wrong as early as the others
BACKUP_DAYS = 0 if DEMO else number("OKAT_BACKUP_DAYS")
DISK_MB = number("OKAT_DISK_MB")
DATA_FOLDER = VAR
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "okat.city.partners.queries.Accounts"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "places")},
    },
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_WHITELIST_CALLABLE = "okat.city.accounts.views.browsers.own_count"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "okat.city.accounts.views.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "okat.city.core.limits.client_address"
AXES_DISABLE_ACCESS_LOG = True  # the audit trail keeps sign-ins
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Okat"
# Staff pages ask for a second factor; only a demo with made-up people may leave it to choice.
TWO_FACTOR_REQUIRED = flag("OKAT_TWO_FACTOR", not DEMO)

SESSION_ENGINE = "okat.city.core.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
_TLS = SITE_URL.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
BEHIND_PROXY = flag("OKAT_BEHIND_PROXY")  # a proxy of ours sets X-Forwarded-For and -Proto
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "okat.city.core.pages.csrf_failed"
PASSWORD_RESET_TIMEOUT = 3600
INVITATION_DAYS = 7
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LOCALE_PATHS = sorted(p for p in (PACKAGE / "locale").glob("*") if p.is_dir())
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Bangkok"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR / "files"

EMAIL_HOST = text("OKAT_SMTP_HOST")
EMAIL_PORT = number("OKAT_SMTP_PORT", least=1)
EMAIL_HOST_USER = text("OKAT_SMTP_USER")
EMAIL_HOST_PASSWORD = text("OKAT_SMTP_PASSWORD")
EMAIL_USE_TLS = flag("OKAT_SMTP_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("OKAT_MAIL_FROM")
SMS_URL = text("OKAT_SMS_URL")
SMS_USER = text("OKAT_SMS_USER")
SMS_PASSWORD = text("OKAT_SMS_PASSWORD")
SMS_SENDER = text("OKAT_SMS_SENDER")
SMS_COST = number("OKAT_SMS_COST")  # satang for a credit
LINE_TOKEN = text("OKAT_LINE_TOKEN")
LINE_SECRET = text("OKAT_LINE_SECRET")
LINE_ID = text("OKAT_LINE_ID")
LINE_URL = text("OKAT_LINE_URL")
LINE_COST = number("OKAT_LINE_COST")  # satang for a message

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_traceback": {"()": "okat.config.logs.NoTraceback"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no_traceback"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
