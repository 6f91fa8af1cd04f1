from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PrintingConfig(AppConfig):
    name = "printing"
    verbose_name = _("Printing")

    def ready(self) -> None:
        from printing import checks  # noqa: F401  registers the system checks
        from printing.schedules import install_schedules

        post_migrate.connect(install_schedules, sender=self)
