/** Every wait of the product, in milliseconds, in one place. Idle times are settings, not timeouts. */
export const timeouts = {
  /** The client waits this long for a daemon it has just started to accept a connection. */
  daemonStart: 10_000,
  /** The daemon's answer to a client, from what it knows or can ask quickly. */
  clientCall: 45_000,
  /** A client's request that may start or stop distros and the VM: the sum of those waits, and some more. */
  clientVmCall: 240_000,
  /** The longest installation: a slow download of a large distro. */
  clientInstall: 4 * 3_600_000,
  /** The longest copy of files: a week. What stands still meanwhile is noticed by the daemon. */
  clientCopy: 7 * 24 * 3_600_000,
  /** Explorer, or xdg-open, has by then refused what it will not show. */
  desktopAnswer: 3_000,
  /** Kernel start to the agent's first answer. Slow because of software emulation on busy machines. */
  vmBoot: 60_000,
  /** A restored VM answers within 0.3 s, 1 s under load; one that takes longer is given up and booted anew. */
  vmRestore: 10_000,
  /** A polite power-off, before the compute system is terminated. */
  vmPowerOff: 15_000,
  /** HCS's own answer to terminate. */
  vmTerminate: 10_000,
  /** HCS's answer to a call that opens files or starts processors; its service may have to start first. */
  hcsStart: 60_000,
  /** HCS's answer to any other call. */
  hcsCall: 20_000,
  /** A call to Windows' network service, which makes adapters and firewall rules. */
  hcnCall: 30_000,
  /** A disk that a machine which is just ending still holds. */
  diskInUse: 2_000,
  /** One attempt to reach a port of the guest; there are many while it boots. */
  hvSocketAttempt: 2_000,
  /** From a broken link to the news of how the VM has ended, or the other way round. */
  vmExitNews: 3_000,
  /** An ordinary control call to the agent. */
  guestCall: 15_000,
  /** The server of a distro's files is loaded and answers: slow under software emulation. */
  filesStart: 20_000,
  /** A program's call on a file of a distro's folder: it then gets an error, and never waits for good. */
  folderCall: 5_000,
  /** A guest that is asked for files and gives no sign of life: with the time to notice, users wait 5 s for the error. */
  guestSilent: 4_000,
  /** Formatting, mounting or deleting in the store. */
  storeCall: 60_000,
  /** The guest mounts the host's files: a handful of 9P calls, and programs of the guest. */
  filesMount: 20_000,
  /** Some changes of the host are done again in the guest: a dozen 9P calls each. */
  filesReplay: 30_000,
  /** From the start of a distro's init to a running container. */
  distroStart: 30_000,
  /** The longest that a distro's [boot] initTimeout may say. */
  systemdBoot: 120_000,
  /** A question to a systemd that is busy starting. */
  systemdQuestion: 5_000,
  /** From a user's first command to the user's own systemd: seconds under software emulation. */
  userSession: 20_000,
  /** SIGTERM (or systemd's poweroff) to the end of a distro, before SIGKILL. */
  distroStop: 10_000,
  /** An install request waits this long for the connection that brings its archive. */
  upload: 10_000,
  /** One attempt to open a download. */
  httpConnect: 20_000,
  /** The longest silence in the middle of a download. */
  httpIdle: 30_000,
  /** A question to apt about the host's package sources. */
  aptQuery: 20_000,
  /** Making a root file system with mmdebstrap: some hundred packages over the host's network. */
  bootstrap: 1_800_000,
  /** SIGTERM to a program we run on the host (it cleans up), before SIGKILL. */
  processStop: 10_000,
  /** Software emulation has this long to run the tiny guest: 3 s when idle, 10 s seen on a host with five busy tasks. */
  acceleratorProbe: 40_000,
  /** Hardware virtualisation that works runs the tiny guest in under 2 s; one that hangs must not cost the user more. */
  hardwareProbe: 5_000,
  /** The host tool's look at the host: QEMU's version, apt's sources, a hash over the guest's files. */
  hostReport: 60_000,
  /** Windows switches features on: a minute or two, more when it has to download them. */
  platformChange: 1_800_000,
  /** The daemon answers `status` within a second, also when its guest does not. */
  daemonAnswer: 5_000,
  /** `qemu-system-x86_64 --version`. */
  qemuVersion: 10_000,
  /** QEMU writes or reads 100 KB of devices. */
  qemuMigration: 10_000,
  /** QEMU on Windows makes its named pipes, one after the other. */
  qemuPipes: 10_000,
  /** A QMP command. */
  qmpCall: 10_000,
  /** QEMU's own end after `quit`, before SIGKILL. */
  qemuQuit: 3_000,
  /** From a disk's removal to the guest driver's release of it. */
  diskRemoval: 10_000,
  /** The answer to one 9P request: a disk of the other side may have to wake up, or to write what it has cached. */
  fileRequest: 60_000,
  /** A yamux ping to the other end of the link. */
  linkPing: 5_000,
  /** After SIGTERM, output that nobody reads keeps the client no longer than this. */
  outputStalled: 2_000,
  /** A closing connection lets its last bytes out. */
  linkClose: 1_000,
  /** A peer that does not read keeps a frame waiting no longer than this. */
  frameSend: 30_000,
  /** A new connection says in its first frame what it is for. */
  streamHeader: 10_000,
} as const;
