"""python-zeroconf, under the orders of a test; the orders and events are those of orders.mjs."""

import asyncio
import socket
import sys

from orders import obey, say, told_of, values_of
from zeroconf import ServiceInfo, ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

ADDRESSES = sys.argv[1:]
RESOLVES_WITHIN = 3000  # ms
EVENTS = {
    ServiceStateChange.Added: "up",
    ServiceStateChange.Updated: "update",
    ServiceStateChange.Removed: "down",
}


def type_name(service):
    return f"_{service}._tcp.local."


class Peer:
    def __init__(self):
        self.zeroconf = AsyncZeroconf()
        self.infos = {}
        self.browsers = []

    async def publish(self, name, type, port, txt=None, subtypes=(), **_):
        info = self.info(name, type, port, txt, subtypes)
        await (await self.zeroconf.async_register_service(info, allow_name_change=True))
        self.infos[name] = info
        say("published", name=info.name[: -len(type_name(type)) - 1], ordered=name)

    async def update(self, name, txt):
        was = self.infos[name]
        info = ServiceInfo(
            was.type, was.name, was.port, properties=values_of(txt), server=was.server, addresses=was.addresses
        )
        self.infos[name] = info
        await (await self.zeroconf.async_update_service(info))

    async def unpublish(self, name):
        await (await self.zeroconf.async_unregister_service(self.infos.pop(name)))

    async def browse(self, type, subtype=None):
        asked = type_name(type) if subtype is None else f"{subtype}._sub.{type_name(type)}"

        def heard(name, state_change, **_):
            asyncio.ensure_future(self.tell(type, name, EVENTS[state_change]))

        self.browsers.append(AsyncServiceBrowser(self.zeroconf.zeroconf, asked, handlers=[heard]))

    async def tell(self, type, name, event):
        label = name[: -len(type_name(type)) - 1]
        if event == "down":
            say(event, name=label, type=type)
            return
        info = AsyncServiceInfo(type_name(type), name)
        if not await info.async_request(self.zeroconf.zeroconf, RESOLVES_WITHIN):
            say("error", message=f"{name} cannot be resolved")
            return
        say(
            event,
            name=label,
            type=type,
            host=info.server.rstrip("."),
            port=info.port,
            txt=told_of(info.properties.items()),
            addresses=info.parsed_scoped_addresses(),
        )

    async def stop(self):
        await self.zeroconf.async_unregister_all_services()
        await self.zeroconf.async_close()

    # A subtype stands in place of the type, and there can be but one.
    def info(self, name, type, port, txt, subtypes):
        return ServiceInfo(
            "".join(f"{subtype}._sub." for subtype in subtypes[:1]) + type_name(type),
            f"{name}.{type_name(type)}",
            port,
            properties=values_of(txt),
            server=f"{socket.gethostname()}.local.",
            parsed_addresses=ADDRESSES,
        )


async def main():
    await obey(Peer())


asyncio.run(main())
