"""Addresses of the documentation, below /doc/."""

from django.urls import path

from config.documentation import views

app_name = "documentation"

urlpatterns = [
    path("", views.index, name="index"),
    path("<path:page>/", views.page, name="page"),
    # The admin answers every other address, so Django does not find the missing slash by itself.
    path("<path:page>", views.without_slash),
]
