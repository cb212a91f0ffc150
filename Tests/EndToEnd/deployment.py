"""A deployment of the four services on this machine: its folder, its ports, its processes, its tool."""

import collections
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import identity
import zmq
from contract import bus, commands, queries
from service import Service

SERVICES = ("care-archive", "intake", "eligibility", "notifier")
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def executables():
    """Where the built programs are: GUANHUAI_BIN, or what `swift build` leaves behind."""
    given = os.environ.get("GUANHUAI_BIN")
    folders = [pathlib.Path(given)] if given else [REPOSITORY / ".build/release", REPOSITORY / ".build/debug"]
    for folder in folders:
        if all((folder / name).is_file() for name in (*SERVICES, "carectl")):
            return folder
    return None


def clean_environment():
    """The environment without what would configure the programs under test."""
    return {
        name: value for name, value in os.environ.items()
        if not name.startswith("GUANHUAI_") and name != "SWIFT_BACKTRACE"
    }


def until(condition, what, seconds=30.0, pause=0.05):
    """Waits until `condition()` is true and returns what it returned; fails the test after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < end, f"{seconds:.0f} 秒内没有等到 / did not come: {what}"
        time.sleep(pause)


class Ports:
    """Free ports of the loopback, each given out once. Below those that the kernel gives to outgoing connections.

    Tests that run side by side have a range each: a port is free until the service that it is meant for takes it.
    """

    _RANGE = 2_000
    _first = 16_000 + _RANGE * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 8)
    _next = _first + random.Random(os.getpid()).randrange(_RANGE)

    @classmethod
    def take(cls):
        while True:
            cls._next = cls._next + 1 if cls._next < cls._first + cls._RANGE - 1 else cls._first
            with socket.socket() as probe:
                with contextlib.suppress(OSError):
                    probe.bind(("127.0.0.1", cls._next))
                    return cls._next


class Answer:
    """What a run of carectl said."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    def json(self):
        return json.loads(self.out)

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __repr__(self):
        return f"carectl {' '.join(map(str, self.arguments))} -> {self.code}\n{self.out[-3000:]}\n{self.err[-3000:]}"


class Deployment:
    """Everything lies in one folder; each deployment has keys, ports and data of its own."""

    def __init__(self, folder, binaries, settings=None, data=None):
        self.folder, self.binaries = pathlib.Path(folder), pathlib.Path(binaries)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = pathlib.Path(data) if data else self.folder / "data"
        self.keys, self.peers = self.folder / "keys", self.folder / "peers.yaml"
        self.config = self.folder / "guanhuai.yaml"
        self.ports = {name: Ports.take() for name in ("intake", "archive", "feed", "eligibility", "notifier")}
        self.ops = {name: Ports.take() for name in SERVICES}
        self.running, self.starts = {}, {}
        # Seconds that carectl may take unless a call says otherwise.
        self.patience = 60
        # More variables for a service, by the name under which it is started.
        self.environment = {}
        self._context, self._clients = zmq.Context(), []
        self._newest_key = None
        self.config.write_text(self._yaml(settings or {}))
        made = self.carectl("bus", "keys", "new", "--all", "--dir", self.keys, "--peers", self.peers)
        assert made.code == 0, made

    def _yaml(self, settings):
        lines = [f'data: {{dir: "{self.data}"}}', f'keys: {{dir: "{self.keys}", peers: "{self.peers}"}}', "bus:"]
        lines += [f"  {name}: tcp://127.0.0.1:{port}" for name, port in self.ports.items()]
        for name, port in self.ops.items():
            more = "".join(f", {key}: {value}" for key, value in settings.get(name, {}).items())
            lines.append(f"{name}: {{ops: {{port: {port}}}{more}}}")
        return "\n".join(lines) + "\n"

    # Processes

    def start(self, *names):
        """Starts services, all four when none is named, and returns at once."""
        for name in names or SERVICES:
            self.start_as(name, name)
        return self

    def start_as(self, name, service, *flags):
        """Starts a service, perhaps a second one of its kind, under a name of its own."""
        assert name not in self.running, f"{name} runs already"
        self.starts[name] = self.starts.get(name, 0) + 1
        with open(self.folder / f"{name}.out", "ab") as out, open(self.folder / f"{name}.log", "ab") as log:
            self.running[name] = subprocess.Popen(
                [self.binaries / service, "--config", self.config, *map(str, flags)], stdin=subprocess.DEVNULL,
                stdout=out, stderr=log, cwd=self.folder, env=clean_environment() | self.environment.get(name, {}),
                start_new_session=True)

    def up(self):
        """Starts everything and publishes the packs."""
        self.start()
        self.ready()
        self.ok("rules", "publish", "chenzhou-2014")
        return self

    def kill(self, name):
        """kill -9."""
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def crash(self, name):
        """Ends it as a failed assertion does: at once, and without a word of what it had in memory."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGABRT)
        assert process.wait(10) == -signal.SIGABRT
        assert "Registers" not in self.log(name) and "Backtrac" not in self.log(name)

    def stop(self, *names):
        """Asks services to end, all when none is named. Those who send end before those who receive."""
        order = names or ("notifier", "eligibility", "intake", "care-archive")
        for name in order:
            process = self.running.pop(name, None)
            if process is None:
                continue
            process.send_signal(signal.SIGTERM)
            try:
                code = process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise AssertionError(f"{name} 没有在 60 秒内停下 / did not stop in 60 s") from None
            assert code == 0, f"{name} 以 {code} 结束 / ended with {code}: {self.log(name)[-2000:]}"

    def close(self):
        """Ends whatever runs, without asking."""
        for client in self._clients:
            client.close()
        self._context.term()
        for name in list(self.running):
            self.kill(name)

    def is_alive(self, name):
        return self.running[name].poll() is None

    def resident_kib(self, name):
        """Memory that a service occupies, in KiB."""
        for line in pathlib.Path(f"/proc/{self.running[name].pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError(f"{name} has no VmRSS")

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def logs(self):
        return "".join(f"--- {name}\n{self.log(name)[-4000:]}" for name in self.starts)

    def remove_data(self):
        shutil.rmtree(self.data)

    # carectl

    def carectl(self, *arguments, key=None, text=None, timeout=None, config=True):
        """Runs carectl and returns what it said; never fails by itself."""
        self._until_known()
        words = [str(word) for word in arguments]
        given = ["--config", str(self.config)] if config else []
        given += ["--key", key] if key else []
        done = subprocess.run(
            [self.binaries / "carectl", *words, *given], input=text, capture_output=True,
            timeout=timeout or self.patience, cwd=self.folder, env=clean_environment())
        return Answer(words, done.returncode, done.stdout.decode(), done.stderr.decode())

    def ok(self, *arguments, **options):
        """The same, and the test fails unless it ended well."""
        answer = self.carectl(*arguments, **options)
        assert answer.code == 0, answer
        return answer

    def background(self, *arguments, name="carectl"):
        """Starts carectl and returns its process; output goes to files named `name`."""
        self._until_known()
        words = [str(word) for word in arguments]
        with open(self.folder / f"{name}.out", "wb") as out, open(self.folder / f"{name}.err", "wb") as err:
            return subprocess.Popen(
                [self.binaries / "carectl", *words, "--config", self.config], stdin=subprocess.DEVNULL, stdout=out,
                stderr=err, cwd=self.folder, env=clean_environment(), start_new_session=True)

    def ready(self, projected=False, seconds=60):
        for name, process in self.running.items():
            assert process.poll() is None, f"{name} ended: {self.log(name)[-2000:]}"
        return self.ok("ready", "--wait", f"{seconds}s", *(["--projected"] if projected else []), timeout=seconds + 30)

    def import_file(self, path, *options, code=0, timeout=110):
        """Imports a file and returns (counts of families, forms or lines that are not 0, what was said). Any end will do when
        `code` is None."""
        answer = self.carectl("case", "import", path, "--json", "--quiet", *options, timeout=timeout)
        assert code in (None, answer.code), answer
        counts = {name: count for name, count in answer.json().items() if count and name != "entries"}
        return collections.Counter(counts), answer.err

    def households(self, *options):
        """Every household as `household find` lists it: open files, unless something else is asked for."""
        return self.ok("household", "find", "--limit", "0", "--json", *options).json()["households"]

    def all_households(self):
        """Every household, whether its file is open or closed."""
        return self.households() + self.households("--status", "closed")

    def show(self, household, *options):
        return self.ok("household", "show", household, "--json", *options).json()

    def exports(self):
        """The canonical export of every household, closed ones too, by id."""
        with contextlib.closing(self.client("care-archive")) as client:
            self._clients.remove(client)
            return {line["household"]: self._export(client, line["household"]) for line in self.all_households()}

    def export(self, household):
        """The canonical export of a household, as `household export` prints it; the record must be whole."""
        with contextlib.closing(self.client("care-archive")) as client:
            self._clients.remove(client)
            return self._export(client, household)

    def _export(self, client, household):
        query = queries.Query()
        query.household_export.household = household
        found = queries.QueryReply.FromString(client.ask(bus.METHOD_QUERY, query, timeout=30)).household_export
        assert not found.fenced and not found.unreadable_sequences, found.unreadable_sequences
        return "".join(f"{line}\n" for line in found.lines)

    # The bus

    def address(self, service):
        self._until_known()
        return f"tcp://127.0.0.1:{self.ports['archive' if service == 'care-archive' else service]}"

    def public_key(self, name):
        return identity.key(self.keys / f"{name}.pub", "public")

    def pair(self, name):
        self._until_known()
        file = self.keys / f"{name}.key"
        return identity.key(file, "public"), identity.key(file, "secret")

    def client(self, service, key="carectl"):
        """A connection to a service as the foreign client makes it, with the key of that name."""
        made = Service(self._context, service, self.address(service), self.public_key(service), *self.pair(key))
        self._clients.append(made)
        return made

    def raw(self, service, pair=None, address=None):
        """A bare DEALER socket to a service; `pair` are the keys it shows, those of carectl when left out."""
        made = self._context.socket(zmq.DEALER)
        self._connect(made, service, pair or self.pair("carectl"), address)
        self._clients.append(made)
        return made

    def _connect(self, socket, service, pair, address=None):
        socket.linger = 0
        socket.curve_serverkey = self.public_key(service)
        socket.curve_publickey, socket.curve_secretkey = pair
        socket.connect(address or self.address(service))

    def new_key(self, name, *options):
        """Makes a key. Before whatever is asked next, it is waited for: once for all that are made one after the other."""
        self._newest_key = None
        self.ok("bus", "keys", "new", name, *options)
        self._newest_key = name

    def _until_known(self):
        """Waits until every service has read the list with the newest key, and so with those before it."""
        name, self._newest_key = self._newest_key, None
        if name:
            for service in SERVICES:
                if service in self.running:
                    self.until_known(service, name)

    def until_known(self, service, name, seconds=60):
        """Waits until a service answers to the key of that name. A connection that was refused is never tried again."""
        until(lambda: self._answers(service, self.pair(name)), f"{service} knows the key {name}", seconds, pause=0.02)

    def _answers(self, service, pair):
        """Whether a service lets a key in and answers to it; false as soon as it is refused."""
        socket = self._context.socket(zmq.DEALER)
        refusals = socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)
        try:
            # One that was refused has nobody to send to, for good.
            socket.sndtimeo = 0
            self._connect(socket, service, pair)
            socket.send(bus.ClientFrame(protocol_version=1, ping=bus.Ping(nonce=1)).SerializeToString())
            poller = zmq.Poller()
            poller.register(socket, zmq.POLLIN)
            poller.register(refusals, zmq.POLLIN)
            return socket in dict(poller.poll(5000))
        except zmq.Again:
            return False
        finally:
            socket.disable_monitor()
            socket.close(linger=0)

    def submit(self, command, key="carectl", timeout=30.0):
        """Sends one command and returns its CommandReply. Raises service.Refused."""
        body = self.client("intake", key).ask(
            bus.METHOD_SUBMIT_COMMAND, command, request_id=command.command_id, timeout=timeout)
        return commands.CommandReply.FromString(body)

    def query(self, query, key="carectl", receipt=b"", timeout=30.0):
        body = self.client("care-archive", key).ask(bus.METHOD_QUERY, query, receipt=receipt, timeout=timeout)
        return queries.QueryReply.FromString(body)

    # The operations port

    def http(self, service, path):
        """(status, text) of a page of the operations port."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ops[service]}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
