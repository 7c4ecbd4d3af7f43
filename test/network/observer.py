"""Sees every mDNS packet on its interfaces, and sends any bytes from any address and port.

usage: observer.py <interface>...

Prints `{"ready": true}`, then one JSON line per packet of UDP port 5353, IGMP or MLD, in and out, with the kernel's
time in milliseconds since the epoch. Reads JSON lines, each a list of datagrams to send:
{"interface", "mac", "source", "sport", "destination", "dport", "ttl", "hex", "at"}, `at` as a time of the same clock.
"""

import heapq
import ipaddress
import json
import os
import select
import socket
import struct
import sys
import time

ETH_P_ALL = 3
SO_TIMESTAMPNS = 35
PACKET_OUTGOING = 4
UDP, IGMP, ICMP6, HOP_BY_HOP = 17, 2, 58, 0
MLD_REPORT = 143
MDNS_PORT = 5353

held = set()


def hold(port):
    """Takes unicast for a port in, so that this host's kernel does not call the port unreachable."""
    if port in held:
        return
    held.add(port)
    for family in (socket.AF_INET, socket.AF_INET6):
        holder = socket.socket(family, socket.SOCK_DGRAM)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            holder.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        holder.bind(("", port))
        holders.append(holder)


holders = []


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def group_mac(destination):
    if destination.version == 4:
        low = int(destination) & 0x7FFFFF
        return b"\x01\x00\x5e" + low.to_bytes(3, "big")
    return b"\x33\x33" + destination.packed[12:]


def frame_of(order, own_mac):
    source = ipaddress.ip_address(order["source"])
    destination = ipaddress.ip_address(order["destination"])
    payload = bytes.fromhex(order["hex"])
    length = 8 + len(payload)
    pseudo = source.packed + destination.packed + struct.pack("!HH", UDP, length)
    ports = struct.pack("!HHH", order["sport"], order["dport"], length)
    udp = ports + struct.pack("!H", checksum(pseudo + ports + b"\0\0" + payload) or 0xFFFF) + payload
    if source.version == 4:
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 0, 0, order["ttl"], UDP, 0)
        head += source.packed + destination.packed
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        ethertype = 0x0800
    else:
        head = struct.pack("!IHBB", 0x60000000, length, UDP, order["ttl"]) + source.packed + destination.packed
        ethertype = 0x86DD
    mac = group_mac(destination) if destination.is_multicast else bytes.fromhex(order["mac"].replace(":", ""))
    return mac + own_mac + struct.pack("!H", ethertype) + head + udp


def parse(frame):
    """What is told of a packet, or None if it is none of our business."""
    ethertype = struct.unpack_from("!H", frame, 12)[0]
    packet = frame[14:]
    if ethertype == 0x0800:
        header = (packet[0] & 15) * 4
        protocol, ttl = packet[9], packet[8]
        source, destination = packet[12:16], packet[16:20]
        body = packet[header : struct.unpack_from("!H", packet, 2)[0]]
    elif ethertype == 0x86DD:
        protocol, ttl = packet[6], packet[7]
        source, destination = packet[8:24], packet[24:40]
        body = packet[40 : 40 + struct.unpack_from("!H", packet, 4)[0]]
        if protocol == HOP_BY_HOP:
            protocol, body = body[0], body[8 * (body[1] + 1) :]
    else:
        return None
    told = {
        "source": str(ipaddress.ip_address(source)),
        "destination": str(ipaddress.ip_address(destination)),
        "ttl": ttl,
    }
    if protocol == IGMP or (protocol == ICMP6 and body[0] == MLD_REPORT):
        return {**told, "protocol": "membership", "sport": 0, "dport": 0, "hex": body.hex()}
    if protocol != UDP or len(body) < 8:
        return None
    sport, dport = struct.unpack_from("!HH", body)
    if MDNS_PORT not in (sport, dport):
        return None
    return {**told, "protocol": "udp", "sport": sport, "dport": dport, "hex": body[8:].hex()}


def listen(interface):
    listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    listener.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    listener.bind((interface, ETH_P_ALL))
    return listener


def speak(interface):
    """A socket of its own, as no packet socket hears what it sends itself."""
    speaker = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    speaker.bind((interface, 0))
    return speaker


def tell(listener, interface):
    frame, ancillary, _, address = listener.recvmsg(65536, 128)
    seconds, nanoseconds = struct.unpack("qq", ancillary[0][2][:16])
    told = parse(frame)
    if told is None:
        return
    told.update(time=seconds * 1e3 + nanoseconds / 1e6, interface=interface, outgoing=address[2] == PACKET_OUTGOING)
    print(json.dumps(told), flush=True)


def main():
    listeners = {listen(interface): interface for interface in sys.argv[1:]}
    speakers = {interface: speak(interface) for interface in sys.argv[1:]}
    hold(MDNS_PORT)
    orders, count, commands = [], 0, b""
    print('{"ready": true}', flush=True)
    while True:
        wait = max(0, orders[0][0] / 1e3 - time.time()) if orders else None
        readable, _, _ = select.select([*listeners, sys.stdin], [], [], wait)
        for each in readable:
            if each is not sys.stdin:
                tell(each, listeners[each])
                continue
            read = os.read(0, 1 << 20)
            if not read:
                return
            *lines, commands = (commands + read).split(b"\n")
            for order in (order for line in lines for order in json.loads(line)):
                hold(order["sport"])
                count += 1
                heapq.heappush(orders, (order.get("at", 0), count, order))
        while orders and orders[0][0] <= time.time() * 1e3:
            order = heapq.heappop(orders)[2]
            speaker = speakers[order["interface"]]
            speaker.send(frame_of(order, speaker.getsockname()[4]))


main()
