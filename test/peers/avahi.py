"""Avahi by its interface on the message bus, under the orders of a test; orders and events are those of orders.mjs."""

import asyncio

from jeepney import DBusAddress, MatchRule, new_method_call
from jeepney.io.asyncio import open_dbus_router
from orders import obey, say, told_of, values_of

AVAHI = "org.freedesktop.Avahi"
ANY = -1
IPV4 = 0
ESTABLISHED, COLLISION, FAILURE = 2, 3, 4


class Avahi:
    """One interface of one object of the daemon."""

    def __init__(self, router, path="/", interface="Server"):
        self.router = router
        self.address = DBusAddress(path, AVAHI, f"{AVAHI}.{interface}")

    async def call(self, method, signature="", *values):
        message = new_method_call(self.address, method, signature or None, values)
        reply = await self.router.send_and_get_reply(message)
        if reply.header.message_type.name == "error":
            raise RuntimeError(f"{method}: {reply.body}")
        return reply.body

    async def new(self, interface, signature="", *values):
        (path,) = await self.call(f"{interface}New", signature, *values)
        return Avahi(self.router, path, interface)


def type_name(service):
    return f"_{service}._tcp"


def strings_of(txt):
    return [key if value is None else key + b"=" + value for key, value in values_of(txt).items()]


def pairs_in(strings):
    for string in map(bytes, strings):
        key, equals, value = string.partition(b"=")
        yield key, value if equals else None


class Publication:
    """A group of entries. It takes another name when its own is taken, as avahi-publish does."""

    def __init__(self, group, name, type, port, txt, subtypes):
        self.group, self.ordered, self.name = group, name, name
        self.type, self.port, self.txt, self.subtypes = type_name(type), port, txt, subtypes

    @property
    def place(self):
        return ANY, ANY, 0, self.name, self.type, "local"

    async def commit(self):
        strings = strings_of(self.txt)
        await self.group.call("AddService", "iiussssqaay", *self.place, "", self.port, strings)
        for subtype in self.subtypes:
            await self.group.call("AddServiceSubtype", "iiussss", *self.place, f"{subtype}._sub.{self.type}")
        await self.group.call("Commit")

    async def state_changed(self, server, state, error):
        if state == ESTABLISHED:
            say("published", name=self.name, ordered=self.ordered)
        elif state == COLLISION:
            (self.name,) = await server.call("GetAlternativeServiceName", "s", self.name)
            say("renamed", to=self.name)
            await self.group.call("Reset")
            await self.commit()
        elif state == FAILURE:
            say("error", message=error)


class Browsed:
    """What is heard of one type, on both IP versions: one instance each, with all its addresses."""

    def __init__(self, server, type):
        self.server, self.type = server, type
        self.resolvers = {}
        self.found = {}

    async def item_new(self, interface, protocol, name, type, domain, _flags):
        place = interface, protocol, name, type, domain
        self.resolvers[place] = resolver = await self.server.new(
            "ServiceResolver", "iisssiu", *place, protocol, 0
        )
        return resolver

    async def item_remove(self, interface, protocol, name, type, domain, _flags):
        place = interface, protocol, name, type, domain
        resolver = self.resolvers.pop(place, None)
        self.found.pop((name, protocol), None)
        if not any(other == name for _, _, other, *_ in self.resolvers):
            say("down", name=name, type=self.type)
        if resolver is not None:
            await resolver.call("Free")

    def resolved(self, _interface, protocol, name, _type, _domain, host, _, address, port, txt, _flags):
        event = "update" if any(other == name for other, _ in self.found) else "up"
        self.found[name, protocol] = address
        # Of several IPv6 addresses it tells one, and that may be any.
        addresses = [address for (other, version), address in self.found.items() if (other, version) == (name, IPV4)]
        txt = told_of(pairs_in(txt))
        say(event, name=name, type=self.type, host=host, port=port, txt=txt, addresses=addresses)


class Peer:
    def __init__(self, router):
        self.router, self.server = router, Avahi(router)
        self.publications = {}
        # By the path of the object that signals come from.
        self.heard = {}
        self.early = {}

    async def publish(self, name, type, port, txt=None, subtypes=(), **_):
        group = await self.server.new("EntryGroup")
        publication = Publication(group, name, type, port, txt, subtypes)
        self.publications[name] = publication
        self.hear(group, lambda state, error: publication.state_changed(self.server, state, error))
        await publication.commit()

    async def update(self, name, txt):
        publication = self.publications[name]
        await publication.group.call("UpdateServiceTxt", "iiusssaay", *publication.place, strings_of(txt))

    async def unpublish(self, name):
        await self.publications.pop(name).group.call("Free")

    async def browse(self, type, subtype=None):
        asked = type_name(type) if subtype is None else f"{subtype}._sub.{type_name(type)}"
        browsed = Browsed(self.server, type)
        browser = await self.server.new("ServiceBrowser", "iissu", ANY, ANY, asked, "local", 0)

        async def came(*item):
            resolver = await browsed.item_new(*item)
            self.hear(resolver, browsed.resolved, "Found")

        self.hear(browser, came, "ItemNew")
        self.hear(browser, browsed.item_remove, "ItemRemove")

    async def stop(self):
        for name in list(self.publications):
            await self.unpublish(name)

    def hear(self, object, listener, member="StateChanged"):
        key = object.address.object_path, member
        self.heard[key] = listener
        for body in self.early.pop(key, []):
            self.pass_on(key, body)

    def pass_on(self, key, body):
        """A signal may come before the answer that tells the path of what it comes from."""
        listener = self.heard.get(key)
        if listener is None:
            self.early.setdefault(key, []).append(body)
            return
        work = listener(*body)
        if asyncio.iscoroutine(work):
            asyncio.ensure_future(work)

    async def listen(self):
        with self.router.filter(MatchRule(type="signal"), bufsize=1000) as signals:
            while True:
                message = await signals.get()
                fields = {field.name: value for field, value in message.header.fields.items()}
                self.pass_on((fields["path"], fields["member"]), message.body)


async def main():
    async with open_dbus_router(bus="SYSTEM") as router:
        peer = Peer(router)
        listening = asyncio.ensure_future(peer.listen())
        await obey(peer)
        listening.cancel()


asyncio.run(main())
