"""What orders.mjs is for programs in JavaScript: orders come in, events go out, one JSON object on each line."""

import asyncio
import base64
import json
import signal
import sys
import time


def say(event, **fields):
    at = {"at": int(time.time() * 1000), "monotonic": time.monotonic() * 1000}
    print(json.dumps({"event": event, **at, **fields}), flush=True)


def values_of(txt):
    """The TXT values of an order: bytes, or None for a key without a value."""

    def value(told):
        if told is True:
            return None
        return base64.b64decode(told["base64"]) if isinstance(told, dict) else told.encode()

    return {key.encode(): value(told) for key, told in (txt or {}).items()}


def told_of(pairs):
    """What to say of TXT values: pairs of a key and its bytes, or None."""

    def told(value):
        if value is None:
            return True
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}

    return {key.decode(): told(value) for key, value in pairs}


async def obey(peer):
    """The peer has a coroutine for each order; once `stop` is done, this ends."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def stop():
        await peer.stop()
        stopped.set()

    loop.add_signal_handler(signal.SIGTERM, lambda: asyncio.ensure_future(stop()))
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    say("ready")
    reading = asyncio.ensure_future(read(peer, orders))
    await stopped.wait()
    reading.cancel()


async def read(peer, orders):
    while line := await orders.readline():
        details = json.loads(line)
        asyncio.ensure_future(carry_out(getattr(peer, details.pop("order")), details))


async def carry_out(verb, details):
    try:
        await verb(**details)
    except Exception as error:
        say("error", message=f"{type(error).__name__}: {error}")
