"""``manage.py add_printer``: connect a printer from the shell.

Secrets come from the environment (``PRESSROOM_PASSWORD`` for the field ``password``) or from stdin, never from the
arguments: those can be read by everybody on the machine and stay in the shell's history. A certificate that nobody
vouches for is shown; the same command with ``--fingerprint`` confirms it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from printing.constants import MAX_COPIES
from printing.management.arguments import sentences, space_or_error
from printing.models import PrinterConfiguration
from printing.provider_context import provider_for
from printing.providers import registry
from printing.providers.base import ColorMode, OAuthProvider, Provider, RemotePrinter, Sides
from printing.providers.errors import ConfigurationProblem, Reason
from printing.sentences import translated
from printing.services import connect_printer, save_configuration
from printing.services.printers import check_options, discover
from printing.states import UnknownRule

OPTIONS = ("tray", "paper", "sides", "color", "copies")


class Command(BaseCommand):
    help = "Connect a printer of a print service to a Space, and print what the service reports of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--space", required=True, metavar="SLUG")
        parser.add_argument("--provider", required=True, choices=[one.key for one in registry.all_providers()])
        parser.add_argument("--name", required=True, help="as it shall stand in Connect > Printers")
        parser.add_argument("--url", help="the address, where the print service has one")
        parser.add_argument(
            "--set", action="append", default=[], metavar="FIELD=VALUE", help="any other field that is no secret"
        )
        parser.add_argument(
            "--fingerprint",
            metavar="SHA256",
            help="confirm the certificate of an encrypted address, where it has to be",
        )
        parser.add_argument("--ca-file", metavar="PEM", help="certificates of your own authority, for such an address")
        parser.add_argument("--secret-stdin", action="store_true", help="read the secret from the first line of stdin")
        parser.add_argument("--device", help="the printer at the service, by id or name, where there are several")
        parser.add_argument("--tray", default="", help="by id or name, as reported")
        parser.add_argument("--paper", default="", help="by id or name, as reported")
        parser.add_argument("--sides", default="", choices=[side.value for side in Sides])
        parser.add_argument("--color", default="", choices=[mode.value for mode in ColorMode])
        parser.add_argument("--copies", type=int, default=1, metavar="N", help=f"1 to {MAX_COPIES}")
        parser.add_argument("--unknown", default=UnknownRule.PRINT_AGAIN, choices=UnknownRule.values)
        parser.add_argument("--default", action="store_true", help="make it the Space's default printer")

    def handle(self, *args: Any, **options: Any) -> None:
        space = space_or_error(options["space"])
        provider = next(one for one in registry.all_providers() if one.key == options["provider"])
        if isinstance(provider_for(provider.key), OAuthProvider):
            name = translated(provider.label)
            raise CommandError(f"{name} is connected in a browser, under Space > Connect > Printers.")
        credentials = _credentials(provider, options)
        with sentences(), _confirmable():
            account, remotes = discover(provider.key, credentials)
        self._report(account, remotes)
        remote = _pick(remotes, options["device"])
        configuration = PrinterConfiguration(
            space=space,
            name=options["name"],
            tray=_named(options["tray"], {tray.id: tray.name for tray in remote.trays}),
            paper=_named(options["paper"], {paper.id: paper.name for paper in remote.papers}),
            sides=options["sides"],
            color=options["color"],
            copies=options["copies"],
            unknown_rule=options["unknown"],
        )
        _validate(configuration)
        with sentences():
            # Checked before anything is written: a printer that is refused leaves no row behind.
            check_options(remote, **{name: getattr(configuration, name) for name in OPTIONS})
        try:
            with transaction.atomic():
                configuration.printer = connect_printer(
                    space,
                    provider.key,
                    credentials,
                    remote,
                    account=account,
                    behind=[one.id for one in remotes],
                )
                save_configuration(configuration, default=options["default"])
        except IntegrityError as error:
            raise CommandError("Another printer of this Space has this name already.") from error
        default = " It is the default printer." if configuration.is_default else ""
        self.stdout.write(f"“{configuration.name}” is connected.{default}")

    def _report(self, account: str, remotes: list[RemotePrinter]) -> None:
        self.stdout.write(f"Connected: {account}")
        for remote in remotes:
            online = {True: "online", False: "offline", None: "no word"}[remote.online]
            self.stdout.write(f"  {remote.name} ({online}), id {remote.id}")
            self.stdout.write(f"    trays:  {', '.join(f'{tray.name} [{tray.id}]' for tray in remote.trays) or '-'}")
            self.stdout.write(f"    papers: {', '.join(paper.name for paper in remote.papers) or '-'}")


def _credentials(provider: type[Provider], options: dict[str, Any]) -> dict[str, str]:
    """What the provider asks for: from --url and --set; secrets from the environment or stdin."""
    given = dict(_pair(text) for text in options["set"])
    given |= {name: options[name] for name in ("url", "fingerprint") if options[name] is not None}
    if options["ca_file"] is not None:
        given["ca_bundle"] = _text_of(options["ca_file"])
    credentials = {}
    for field in provider.connection_fields:
        variable = f"PRESSROOM_{field.name.upper()}"
        if field.secret:
            if field.name in given:
                raise CommandError(f"A secret does not belong in the arguments: set {variable} or use --secret-stdin.")
            credentials[field.name] = os.environ.get(variable, "")
        else:
            credentials[field.name] = given.pop(field.name, os.environ.get(variable, field.default))
    if given:
        known = ", ".join(field.name for field in provider.connection_fields if not field.secret)
        raise CommandError(f"{translated(provider.label)} has no field {', '.join(sorted(given))}. It has: {known}.")
    if options["secret_stdin"]:
        _read_secret(provider, credentials)
    return credentials


@contextmanager
def _confirmable() -> Iterator[None]:
    """Show a certificate that a person may confirm, and how."""
    try:
        yield
    except ConfigurationProblem as error:
        if error.reason not in (Reason.CERTIFICATE_UNVERIFIED, Reason.CERTIFICATE_CHANGED):
            raise
        shown = "{subject}, valid from {valid_from} to {valid_until}".format_map(error.params)
        changed = "another certificate than the one given" if error.reason is Reason.CERTIFICATE_CHANGED else "this one"
        raise CommandError(
            f"Nobody vouches for the certificate of {error.params['host']}; nothing was sent. It shows {changed}:\n"
            f"  {shown}\n  SHA-256 {error.params['fingerprint']}\n"
            "Compare it with the one that the printer itself shows. If it is the same, confirm it: repeat the command "
            f"with --fingerprint {error.params['fingerprint']}"
        ) from error


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"“{path}” cannot be read: {error}.") from error


def _read_secret(provider: type[Provider], credentials: dict[str, str]) -> None:
    secrets = [field.name for field in provider.connection_fields if field.secret]
    if not secrets:
        raise CommandError(f"{translated(provider.label)} asks for no secret.")
    credentials[secrets[0]] = sys.stdin.readline().rstrip("\r\n")


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise CommandError(f"--set takes FIELD=VALUE, not “{text}”.")
    return name, value


def _pick(remotes: list[RemotePrinter], wanted: str | None) -> RemotePrinter:
    if wanted is None and len(remotes) == 1:
        return remotes[0]
    found = [remote for remote in remotes if wanted in (remote.id, remote.name)]
    if len(found) == 1:
        return found[0]
    if not remotes:
        raise CommandError("The connection works, but there is no printer behind it.")
    names = ", ".join(f"“{remote.name}” [{remote.id}]" for remote in remotes)
    raise CommandError(f"Say which printer it is with --device: {names}.")


def _named(wanted: str, names: dict[str, str]) -> str:
    """The id of what was given by id or by name; what is neither is refused later, with what there is."""
    return next((key for key, name in names.items() if wanted and wanted in (key, name)), wanted)


def _validate(configuration: PrinterConfiguration) -> None:
    # The flag is moved by the service, under its lock; the printer comes after everything else is right.
    try:
        configuration.full_clean(exclude=["printer", "is_default"])
    except ValidationError as error:
        raise CommandError(
            " ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        ) from error
