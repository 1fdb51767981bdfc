"""Runs a command on a new pseudo terminal, as the leader of a session that has it as its controlling terminal.

pty.py ROWS COLUMNS COMMAND [ARGUMENT...]

Bytes of standard input are typed, what the terminal shows goes to standard output. Descriptor 3 takes orders, one a
line; descriptor 4 reports, one JSON object a line, beginning with {"pid": N} and ending with {"exit": STATUS}, which
is the negative number of the signal that ended the command.

  size ROWS COLUMNS    a new window size
  mode                 reports the terminal's settings by name: {"icanon": true, ...}
  close                the window is closed
"""

import fcntl
import json
import os
import select
import struct
import sys
import termios

CHUNK = 65536
FLAGS = {
    "icrnl": (0, termios.ICRNL), "ixon": (0, termios.IXON), "opost": (1, termios.OPOST), "onlcr": (1, termios.ONLCR),
    "isig": (3, termios.ISIG), "icanon": (3, termios.ICANON), "echo": (3, termios.ECHO), "iexten": (3, termios.IEXTEN),
}


def report(fact):
    os.write(4, (json.dumps(fact) + "\n").encode())


def resize(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


def start(slave, command):
    pid = os.fork()
    if pid != 0:
        return pid
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    os.closerange(3, 64)
    os.execvp(command[0], command)


class Terminal:
    def __init__(self, rows, columns, command):
        self.master, self.slave = os.openpty()
        resize(self.slave, rows, columns)
        self.pid = start(self.slave, command)
        os.set_blocking(self.master, False)
        self.typed = b""
        self.orders = b""
        self.typing = True

    def obey(self, order):
        word, *values = order.split()
        if word == "size":
            resize(self.master, *values)
        elif word == "mode":
            settings = termios.tcgetattr(self.master)
            report({name: bool(settings[index] & flag) for name, (index, flag) in FLAGS.items()})
        elif word == "close":
            os.close(self.master)
            os.close(self.slave)
            self.master = None

    def take_orders(self):
        data = os.read(3, CHUNK)
        if not data:
            os.kill(self.pid, 9)
        *lines, self.orders = (self.orders + data).split(b"\n")
        for line in lines:
            self.obey(line.decode())

    def take_keys(self):
        data = os.read(0, CHUNK)
        self.typing = bool(data)
        self.typed += data

    def show(self):
        try:
            data = os.read(self.master, CHUNK)
        except BlockingIOError:
            return False
        view = memoryview(data)
        while view:
            view = view[os.write(1, view):]
        return True

    def turn(self):
        opened = self.master is not None
        readers = [3] + [0] * (self.typing and not self.typed) + [self.master] * opened
        readable, writable, _ = select.select(readers, [self.master] * (opened and bool(self.typed)), [], 0.05)
        if 0 in readable:
            self.take_keys()
        if self.master in writable:
            self.typed = self.typed[os.write(self.master, self.typed[:CHUNK]):]
        if opened and self.master in readable:
            self.show()
        if 3 in readable:
            self.take_orders()

    def run(self):
        report({"pid": self.pid})
        while True:
            self.turn()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
        while self.master is not None and self.show():
            pass
        if self.master is not None:
            self.obey("mode")
        report({"exit": os.waitstatus_to_exitcode(status)})


Terminal(sys.argv[1], sys.argv[2], sys.argv[3:]).run()
