"""Every address of the product. Inside a Space the same addresses stand behind /space/<slug>/ (spaces.middleware)."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.api import api
from config.documentation.views import without_slash
from config.health import health
from printing.admin.authorize_views import CALLBACK, callback
from printing.webhooks import receive

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    # The admin answers every other address, and would send whoever has no account to the log-in.
    path("doc", without_slash),
    path("doc/", include("config.documentation.urls")),
    path("api/v1/", api.urls),
    path("hooks/<slug:provider>/<str:hook_key>/", receive, name="webhook"),
    path("health/", health, name="health"),
    # Print services send people back to one address, whatever Space they left.
    path(CALLBACK, callback, name="connect_callback"),
    path("", admin.site.urls),
]
