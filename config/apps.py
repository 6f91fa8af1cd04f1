"""The project's own application, and the admin's with Pressroom's site in place of Django's."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    """Has no models; an application so that its commands (demo, run, run_worker) are found."""

    name = "config"


class PressroomAdminConfig(AdminConfig):
    default_site = "config.admin_site.PressroomAdminSite"
