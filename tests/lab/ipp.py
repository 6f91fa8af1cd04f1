"""Real IPP peers on loopback: ``ippeveprinter`` (a driverless printer with three trays) and ``cupsd``.

    with ippeveprinter(tmp_path) as printer:
        …send something to printer.url…
        [received] = printer.wait_for_documents(1)

Faults: :meth:`LabServer.misbehave`, :meth:`LabServer.hold`, :meth:`LabServer.kill`, :meth:`LabServer.freeze`.
"""

from __future__ import annotations

import getpass
import grp
import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.configuration import BACKEND, CUPS_FILES_CONF, CUPSD_CONF, PRINTER_COMMAND
from tests.lab.processes import START_DEADLINE, LabError, ServerProcess, free_port, wait_until
from tests.require import find_program, require_program

TRAYS = Path(__file__).with_name("trays.conf")
TRIES = 3  # another process may take the free port first


@dataclass(frozen=True, slots=True)
class Received:
    """A document that arrived. ``options`` are the words in which the server understood the request."""

    path: Path
    content: bytes = field(repr=False)
    options: dict[str, str]
    name: str


class LabServer:
    """What both servers have in common: where they are, what they received, and how they are hurt."""

    def __init__(self, directory: Path, process: ServerProcess, url: str) -> None:
        self.directory = directory
        self.url = url
        self.port = process.port
        self.kill = process.kill
        self.restart = process.restart
        self.freeze = process.freeze
        self.thaw = process.thaw
        self.stop = process.stop
        self._process = process

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._process.pid

    def grow_old(self, seconds: float = 3) -> None:
        """Return once the server has been running that long.

        A printer counts its own age in whole seconds, and one that is younger than a request may have been restarted
        since: asked about that request, it cannot tell.
        """
        wait_until(lambda: self._process.age() >= seconds, "the server grows older")

    def documents(self) -> list[Received]:
        """What was printed so far, in order of arrival."""
        found = sorted((self.directory / "out").glob("*.pdf"), key=lambda path: path.stat().st_mtime_ns)
        return [_received(path) for path in found]

    def wait_for_documents(self, count: int, deadline: float = START_DEADLINE) -> list[Received]:
        """The documents, once there are ``count`` of them. Raises LabError when there are fewer for too long."""
        wait_until(lambda: len(self.documents()) >= count, f"{count} documents arrive", deadline)
        return self.documents()

    def misbehave(self, *, sleep: float = 0, state: str = "", error: str = "", exit_code: int = 0) -> None:
        """How jobs go from now on: seconds they take, ``+media-jam``-like states, an error message, an exit code.

        Without arguments: as they should.
        """
        lines = [f"SLEEP={sleep:g}", f"STATE={shlex.quote(state)}", f"ERROR={shlex.quote(error)}", f"RC={exit_code}"]
        _write(self.directory / "mode", "\n".join(lines) + "\n")

    def hold(self) -> None:
        """Jobs stay processing, already received and counted as documents, until :meth:`release`."""
        (self.directory / "hold").touch()

    def renew_certificate(self) -> None:
        """Restart with a certificate made anew, as after a reset of the printer."""
        self._process.stop()
        for path in (self.directory / "keys").iterdir():
            path.unlink()
        self._process.start()

    def release(self) -> None:
        """Let held jobs finish."""
        (self.directory / "hold").unlink(missing_ok=True)


# RFC 8010 section 3.1.4: "job-state", an enum of four octets, "completed" (RFC 8011 section 5.3.7).
COMPLETED = b"\x23\x00\x09job-state\x00\x04" + (9).to_bytes(4, "big")


class Cups(LabServer):
    """A cupsd with one raw queue ``capture``, whose own backend keeps every document."""

    def queue_url(self, queue: str) -> str:
        """The address of a queue."""
        return f"ipp://localhost:{self.port}/printers/{queue}"

    def wait_for_records(self) -> None:
        """Return once the end of a job stands on its disk, which a server that is killed does not know otherwise.

        It writes a job down several times, and its list of jobs before each: in between there is a moment without the
        job's file, and of a job without a file the list says nothing. Its end is written last.
        """
        wait_until(
            lambda: any(map(self._records_an_end, (self.directory / "spool").glob("c*"))), "a job's end is written"
        )

    def _records_an_end(self, file: Path) -> bool:
        with suppress(FileNotFoundError):
            return file.suffix == "" and COMPLETED in file.read_bytes()
        return False

    def command(self, program: str, *arguments: str) -> None:
        """Run one of CUPS' own programs against this server: cupsreject, cupsaccept, cupsdisable, lpadmin …"""
        path = find_program(program)
        assert path is not None
        done = subprocess.run([path, "-h", f"127.0.0.1:{self.port}", *arguments], capture_output=True, check=False)
        if done.returncode:
            raise LabError(f"{program}: {done.stderr.decode(errors='replace')}")

    def add_queue(self, name: str, uri: str, *, driverless: bool = False) -> str:
        """Make a queue to ``uri``, raw or driverless; return its address."""
        self.command("lpadmin", "-p", name, "-E", "-v", uri, *(["-m", "everywhere"] if driverless else []))
        return self.queue_url(name)


@contextmanager
def ippeveprinter(directory: Path, *options: str) -> Iterator[LabServer]:
    """An IPP Everywhere printer with the trays of ``trays.conf``. Skips the test where it is not installed.

    ``options`` of the program come in place of the trays: then it has its own, and pages to empty them.
    """
    require_program("ippeveprinter", "dbus-run-session")
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("out", "spool", "keys"):
        (directory / name).mkdir(exist_ok=True)
    _script(directory / "command", PRINTER_COMMAND, directory)
    pid_file = directory / "pid"

    def process(port: int) -> ServerProcess:
        # Debian's build ends without a D-Bus system bus, and a session bus will do. -n localhost binds loopback only;
        # without -c every job takes five to fifteen seconds.
        wrapper = 'echo $$ >"$1"; shift; DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec "$@"'
        server = [find_program("ippeveprinter") or "", "-p", str(port), "-n", "localhost", "-r", "off"]
        server += ["-K", str(directory / "keys"), "-k", "-d", str(directory / "spool")]
        server += ["-c", str(directory / "command"), *(options or ("-a", str(TRAYS)))]
        command = ["dbus-run-session", "--", "sh", "-c", wrapper, "sh", str(pid_file), *server, "Lab printer"]
        return ServerProcess(command, port, directory / "log.txt", pid_file)

    started = _start(process)
    try:
        yield LabServer(directory, started, f"ipp://localhost:{started.port}/ipp/print")
    finally:
        started.stop()


@contextmanager
def cupsd(directory: Path, extra: str = "", policy: str = "") -> Iterator[Cups]:
    """A CUPS server with the raw queue ``capture``. Skips the test where it is not installed.

    ``extra`` are lines of cupsd.conf, ``policy`` lines of its operation policy.
    """
    require_program("cupsd", "lpadmin")
    with _home(directory) as home:
        yield from _cupsd(home, extra, policy)


@contextmanager
def _home(directory: Path) -> Iterator[Path]:
    """Where the files of CUPS live. Its filters run as another user when it runs as root, and pytest's directories are
    closed to others: then they live in a directory of their own, and are gone with it.
    """
    if os.geteuid() != 0:
        yield directory
        return
    with tempfile.TemporaryDirectory(prefix="pressroom-cups-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _cupsd(directory: Path, extra: str, policy: str) -> Iterator[Cups]:
    for name in ("etc", "cache", "run", "log", "out", "spool/tmp", "bin/backend"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    _prepare_cups(directory)

    def process(port: int) -> ServerProcess:
        settings = CUPSD_CONF.format(port=port, extra=extra, policy=policy)
        _write(directory / "etc/cupsd.conf", settings)
        etc = directory / "etc"
        program = find_program("cupsd") or ""
        command = [program, "-f", "-c", str(etc / "cupsd.conf"), "-s", str(etc / "cups-files.conf")]
        return ServerProcess(command, port, directory / "log/output.txt")

    started = _start(process)
    server = Cups(directory, started, f"ipp://localhost:{started.port}/printers/capture")
    try:
        server.add_queue("capture", f"capture:{directory}")
        yield server
    finally:
        server.stop()


def _start(make: Callable[[int], ServerProcess]) -> ServerProcess:
    for _ in range(TRIES - 1):
        process = make(free_port())
        try:
            process.start()
        except LabError:
            continue
        return process
    process = make(free_port())
    process.start()
    return process


def _prepare_cups(directory: Path) -> None:
    for part in ("daemon", "filter", "notifier", "monitor"):
        installed = Path("/usr/lib/cups") / part
        link = directory / "bin" / part
        if installed.is_dir() and not link.exists():
            link.symlink_to(installed)
    for backend in ("ipp", "ipps"):
        (directory / "bin/backend" / backend).symlink_to(Path("/usr/lib/cups/backend") / backend)
    _script(directory / "bin/backend/capture", BACKEND, directory)
    # As root, CUPS runs a backend as root only if nobody else may read it; otherwise it could not write here.
    (directory / "bin/backend/capture").chmod(0o700)
    if os.geteuid() == 0:
        user, group = "lp", "lp"
        (directory / "spool/tmp").chmod(0o1777)
    else:
        user, group = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
    files = CUPS_FILES_CONF.format(directory=directory, user=user, group=group)
    _write(directory / "etc/cups-files.conf", files)


def _received(path: Path) -> Received:
    lines = path.with_suffix(".env").read_text(errors="replace").splitlines()
    options = dict(line.split("=", 1) for line in lines if "=" in line)
    # ippeveprinter puts a backslash before brackets and quotes in the variables it sets.
    name = options.get("IPP_JOB_NAME", options.get("title", "")).replace("\\", "")
    return Received(path, path.read_bytes(), options, name)


def _script(path: Path, template: str, directory: Path) -> None:
    path.write_text(template.replace("@DIRECTORY@", shlex.quote(str(directory))))
    path.chmod(0o755)


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f"{path.name}.new")
    temporary.write_text(text)
    temporary.rename(path)
