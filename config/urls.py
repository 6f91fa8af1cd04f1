"""Every address of the product. Inside a Space the same addresses stand behind /space/<slug>/ (spaces.middleware)."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("doc/", include("config.documentation.urls")),
    path("", admin.site.urls),
]
