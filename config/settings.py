"""Django's settings. What differs between installations comes from :mod:`config.env`."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import env
from config.queue import Q_CLUSTER as Q_CLUSTER
from config.queue import says_something

BASE_DIR = env.BASE_DIR
DATA_DIR = env.DATA_DIR

DEBUG = env.DEBUG
SECRET_KEY = env.SECRET_KEY
SECRET_KEY_FALLBACKS = env.SECRET_KEY_FALLBACKS
CREDENTIALS_KEYS = env.CREDENTIALS_KEYS
if not SECRET_KEY or not CREDENTIALS_KEYS:
    raise ImproperlyConfigured(
        "SECRET_KEY and CREDENTIALS_KEYS are not set. `make demo` writes both to var/pressroom.env; "
        "in production set them in the environment (see .env.example)."
    )
ALLOWED_HOSTS = env.ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = env.CSRF_TRUSTED_ORIGINS

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "config.apps.ConfigConfig",
    "config.apps.PressroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_q",
    # For the files of the API's page alone: without it they would come from another server.
    "ninja",
    "spaces.apps.SpacesConfig",
    "printing.apps.PrintingConfig",
    "connectors.apps.ConnectorsConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before everything that looks at path_info: it moves /space/<slug> into SCRIPT_NAME.
    "spaces.middleware.SpaceMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **environ.Env.db_url_config(env.DATABASE_URL),
        # Workers live long: a connection per request costs six times the work (docs/decisions/0003-queue.md).
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Two writers lose nothing to "database is locked" only with all four of these.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "timeout": 20,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "media"}},
    "documents": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Never served by URL: documents leave through views that check the Space.
        "OPTIONS": {"location": env.DOCUMENTS_DIR, "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

if env.EMAIL_URL:
    vars().update(environ.Env.email_url_config(env.EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 20  # seconds, for each step of the conversation with the mail server
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.DEFAULT_FROM_EMAIL
PUBLIC_URL = env.PUBLIC_URL

# By name, so that logging in at a Space's address leads into that Space.
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.HTTPS
if env.HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "SAMEORIGIN"  # the job page shows the document in a frame of its own
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # an order with thousands of lines is one form

# What the lane goes by; every meaning stands in config/env.py.
LANE_THREADS = env.LANE_THREADS
LANE_LEASE_SECONDS = env.LANE_LEASE_SECONDS
LANE_BACKOFF_SECONDS = env.LANE_BACKOFF_SECONDS
PROVIDER_CONNECT_TIMEOUT = env.PROVIDER_CONNECT_TIMEOUT
PROVIDER_READ_TIMEOUT = env.PROVIDER_READ_TIMEOUT
SIMULATED_PRINTER_ROOT = DATA_DIR
try:
    PRINTER_NETWORKS = (
        None if env.PRINTER_NETWORKS is None else tuple(ip_network(network) for network in env.PRINTER_NETWORKS)
    )
except ValueError as error:
    raise ImproperlyConfigured(f"PRINTER_NETWORKS: {error}. Write networks like 192.168.0.0/16,10.8.0.0/24.") from error

DEFAULT_EXCEPTION_REPORTER_FILTER = "config.error_reports.ErrorReportFilter"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"says_something": {"()": "django.utils.log.CallbackFilter", "callback": says_something}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django-q": {"filters": ["says_something"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Pressroom",
    "SITE_HEADER": "config.navigation.site_header",
    "SITE_SUBHEADER": "config.navigation.site_subheader",
    "SITE_DROPDOWN": "config.navigation.space_switch",
    "SITE_SYMBOL": "print",
    "SITE_URL": "",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "config.navigation.favicon"}],
    "STYLES": ["config.navigation.stylesheet"],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {
        # A printer's blue-green ink rather than unfold's purple.
        "primary": {
            "50": "oklch(97.7% .014 220)",
            "100": "oklch(94.6% .033 220)",
            "200": "oklch(90% .06 220)",
            "300": "oklch(82% .09 222)",
            "400": "oklch(71% .11 224)",
            "500": "oklch(61% .12 226)",
            "600": "oklch(52% .115 228)",
            "700": "oklch(45% .1 230)",
            "800": "oklch(39% .085 232)",
            "900": "oklch(34% .07 234)",
            "950": "oklch(26% .055 236)",
        },
    },
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": "config.navigation.navigation"},
}
