"""Give each printer a connection of its own that holds its credentials; two printers of one key share one."""

from django.db import migrations


def move_to_connections(apps, schema_editor):
    Printer = apps.get_model("printing", "Printer")
    Connection = apps.get_model("printing", "Connection")
    made = {}
    for printer in Printer.objects.filter(connection=None).order_by("pk").iterator():
        same = (printer.space_id, printer.provider, tuple(sorted(printer.credentials.items())))
        if same not in made:
            made[same] = Connection.objects.create(
                space_id=printer.space_id, provider=printer.provider, credentials=printer.credentials
            )
        printer.connection = made[same]
        printer.save(update_fields=["connection"])


def move_back(apps, schema_editor):
    Printer = apps.get_model("printing", "Printer")
    for printer in Printer.objects.exclude(connection=None).select_related("connection").iterator():
        printer.credentials = printer.connection.credentials
        printer.connection = None
        printer.save(update_fields=["credentials", "connection"])


class Migration(migrations.Migration):

    dependencies = [("printing", "0003_followed_to_the_end")]

    operations = [migrations.RunPython(move_to_connections, move_back)]
