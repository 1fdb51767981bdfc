"""Ends a connection of another process, as its peer would.

cut-socket.py PID PREFIX: shuts down the process's connected unix sockets whose path begins with PREFIX, and prints how many.
Node has no pidfd_getfd(2).
"""

import ctypes
import os
import socket
import sys

SYS_PIDFD_GETFD = 438
# SS_CONNECTED of linux/net.h, as /proc/net/unix writes it.
CONNECTED = "03"

pid, prefix = int(sys.argv[1]), sys.argv[2]
inodes = set()
with open("/proc/net/unix", encoding="utf-8") as table:
    for line in table:
        fields = line.split()
        if len(fields) == 8 and fields[5] == CONNECTED and fields[7].startswith(prefix):
            inodes.add(f"socket:[{fields[6]}]")
libc = ctypes.CDLL(None, use_errno=True)
process = os.pidfd_open(pid)
cut = 0
for number in os.listdir(f"/proc/{pid}/fd"):
    if os.readlink(f"/proc/{pid}/fd/{number}") not in inodes:
        continue
    copy = libc.syscall(SYS_PIDFD_GETFD, process, int(number), 0)
    if copy < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    with socket.socket(fileno=copy) as connection:
        connection.shutdown(socket.SHUT_RDWR)
        cut += 1
print(cut)
