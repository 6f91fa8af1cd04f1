from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConnectorsConfig(AppConfig):
    name = "connectors"
    verbose_name = _("Connectors")

    def ready(self) -> None:
        from connectors.issued_kinds import register_kinds
        from connectors.schedules import install_schedules

        register_kinds()
        post_migrate.connect(install_schedules, sender=self)
