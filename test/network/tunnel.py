"""Makes a tunnel interface that works, and prints the destination of every packet that is sent into it.

usage: tunnel.py <interface> <address/prefix length>

An interface of this kind is up only while a program has its other end.
"""

import fcntl
import ipaddress
import os
import struct
import subprocess
import sys

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000

interface, address = sys.argv[1:]
end = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", interface.encode(), IFF_TUN | IFF_NO_PI))
for words in (["address", "add", address, "dev", interface], ["link", "set", interface, "up"]):
    subprocess.run(["ip", *words], check=True)
print("up", flush=True)
while True:
    packet = os.read(end, 65536)
    first, last = (16, 20) if packet[0] >> 4 == 4 else (24, 40)
    print(ipaddress.ip_address(packet[first:last]), flush=True)
