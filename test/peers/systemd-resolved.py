"""systemd-resolved with a message bus of its own, under the orders of a test; the orders and events are those of
orders.mjs. It needs a mount namespace of its own, since its places are the same on every host."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time

from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
from jeepney.io.asyncio import open_dbus_router
from orders import obey, say, told_of, values_of

HERE = os.path.dirname(os.path.abspath(__file__))
SYSTEMD = os.path.join(HERE, "systemd")
OPEN = os.path.join(HERE, "open-bus.conf")
LIBRARIES = os.path.join(SYSTEMD, "usr/lib/x86_64-linux-gnu/systemd")
USER = "systemd-resolve:x:995:995::/:/usr/sbin/nologin"
INTERFACE = "lan0"
SETTINGS = "[Resolve]\nMulticastDNS=yes\nLLMNR=no\nDNSStubListener=no\nFallbackDNS=\n"
STARTS_WITHIN = 10  # s, as all that follow
POLL = 0.1
PROBED_WITHIN = 1.5
IN, PTR = 1, 12
ANY_FAMILY, IPV4, IPV6 = 0, 2, 10
MDNS = 1 << 3 | 1 << 4
NO_NETWORK = 1 << 15
NAME = "org.freedesktop.resolve1"
MANAGER = DBusAddress("/org/freedesktop/resolve1", NAME, f"{NAME}.Manager")


def bus_configuration(path):
    return f"""<busconfig>
  <type>system</type>
  <listen>unix:path={path}</listen>
  <include>{OPEN}</include>
</busconfig>
"""


def mount_over(path, text):
    """Puts another text in the place of a file, in this mount namespace alone."""
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    subprocess.run(["mount", "--bind", file.name, path], check=True)
    os.unlink(file.name)


async def until(ask):
    end = time.monotonic() + STARTS_WITHIN
    while not ask():
        if time.monotonic() > end:
            raise RuntimeError("does not start")
        await asyncio.sleep(POLL)


class Daemons:
    """The bus and the resolver."""

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="resolved-")
        # The resolver comes to the bus as another user.
        os.chmod(self.directory, 0o755)
        self.path = os.path.join(self.directory, "bus")
        self.children = []
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={self.path}"

    async def start(self):
        for place in ("/run/systemd", "/etc/systemd"):
            subprocess.run(["mount", "-t", "tmpfs", "none", place], check=True)
        with open("/etc/systemd/resolved.conf", "w") as file:
            file.write(SETTINGS)
        with open("/etc/passwd") as file:
            users = file.read()
        if "systemd-resolve:" not in users:
            mount_over("/etc/passwd", f"{users}{USER}\n")
        configuration = os.path.join(self.directory, "bus.conf")
        with open(configuration, "w") as file:
            file.write(bus_configuration(self.path))
        self.run("dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile")
        await until(lambda: os.path.exists(self.path))
        self.run(os.path.join(SYSTEMD, "lib/systemd/systemd-resolved"))

    def run(self, *words):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = {**os.environ, "LD_LIBRARY_PATH": LIBRARIES}
        self.children.append(subprocess.Popen(words, env=environment, **quiet))

    def stop(self):
        for child in reversed(self.children):
            child.terminate()
            child.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def labels_in(rdata):
    """The labels of a name that is not compressed."""
    labels, at = [], 0
    while rdata[at] > 0:
        labels.append(rdata[at + 1 : at + 1 + rdata[at]])
        at += 1 + rdata[at]
    return labels


def instance_in(rr):
    """The first label of what a PTR record points to."""
    rdata = rr[rr.index(b"\0") + 1 :][10:]
    return labels_in(rdata)[0].decode()


def address_text(family, octets):
    return socket.inet_ntop(socket.AF_INET if family == IPV4 else socket.AF_INET6, bytes(octets))


class Peer:
    def __init__(self, router):
        self.router = router
        self.registered = 0
        self.paths = {}
        self.conflicted = {}

    async def call(self, method, signature, *values):
        reply = await self.router.send_and_get_reply(new_method_call(MANAGER, method, signature, values))
        if reply.header.message_type.name == "error":
            raise RuntimeError(f"{method}: {reply.body}")
        return reply.body

    async def publish(self, name, type, port, txt=None, **_):
        # In a template, a percent sign would begin what is to be filled in.
        template = name.replace("%", "%%")
        txt = [{key.decode(): value or b"" for key, value in values_of(txt).items()}]
        self.registered += 1
        details = f"x{self.registered}", template, f"_{type}._tcp", port, 0, 0, txt
        (path,) = await self.call("RegisterService", "sssqqqaa{say}", *details)
        self.paths[name] = path
        self.conflicted[path] = conflicted = asyncio.Event()
        try:
            await asyncio.wait_for(conflicted.wait(), PROBED_WITHIN)
            say("error", message=f"{name} is in conflict")
        except asyncio.TimeoutError:
            say("published", name=name, ordered=name)

    async def unpublish(self, name):
        await self.call("UnregisterService", "o", self.paths.pop(name))

    async def browse(self, type, **_):
        asyncio.ensure_future(self.watch(type))

    async def watch(self, type):
        """What it has already is looked for in its cache alone: a question that nobody answers takes it seconds."""
        known = {}
        while True:
            found = {}
            for name in await self.instances(type, MDNS | NO_NETWORK if known else MDNS):
                found[name] = await self.resolve(name, type, MDNS | NO_NETWORK if name in known else MDNS)
            for name, service in found.items():
                if service is not None and service != known.get(name):
                    say("update" if name in known else "up", name=name, type=type, **service)
                    known[name] = service
            for name in [name for name in known if name not in found]:
                del known[name]
                say("down", name=name, type=type)
            await asyncio.sleep(POLL)

    async def instances(self, type, flags):
        try:
            records, _ = await self.call("ResolveRecord", "isqqt", 0, f"_{type}._tcp.local", IN, PTR, flags)
        except RuntimeError:
            return []
        return sorted({instance_in(rr[3]) for rr in records})

    async def resolve(self, name, type, flags):
        place = 0, name, f"_{type}._tcp", "local", ANY_FAMILY, flags
        try:
            services, strings, *_ = await self.call("ResolveService", "isssit", *place)
        except RuntimeError:
            return None
        _, _, port, host, *_ = services[0]
        addresses = [text for family in (IPV4, IPV6) for text in await self.addresses(host, family, flags)]
        pairs = [string.partition(b"=") for string in map(bytes, strings)]
        txt = told_of((key, value if equals else None) for key, equals, value in pairs)
        return {"host": host, "port": port, "txt": txt, "addresses": sorted(addresses)}

    async def addresses(self, host, family, flags):
        try:
            found, *_ = await self.call("ResolveHostname", "isit", 0, host, family, flags)
        except RuntimeError:
            return []
        return [address_text(family, octets) for _, family, octets in found]

    async def listen(self):
        rule = MatchRule(type="signal", interface=f"{NAME}.DnssdService", member="Conflicted")
        await self.router.send_and_get_reply(message_bus.AddMatch(rule))
        with self.router.filter(rule, bufsize=100) as signals:
            while True:
                message = await signals.get()
                fields = {field.name: value for field, value in message.header.fields.items()}
                if fields["path"] in self.conflicted:
                    self.conflicted[fields["path"]].set()

    async def started(self):
        """Multicast DNS has to be switched on for the link as well."""
        with open(f"/sys/class/net/{INTERFACE}/ifindex") as file:
            index = int(file.read())
        end = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                return await self.call("SetLinkMulticastDNS", "is", index, "yes")
            except RuntimeError:
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(POLL)

    async def stop(self):
        for name in list(self.paths):
            await self.unpublish(name)


async def main():
    daemons = Daemons()
    try:
        await daemons.start()
        async with open_dbus_router(bus="SYSTEM") as router:
            peer = Peer(router)
            await peer.started()
            listening = asyncio.ensure_future(peer.listen())
            await obey(peer)
            listening.cancel()
    finally:
        daemons.stop()


asyncio.run(main())
