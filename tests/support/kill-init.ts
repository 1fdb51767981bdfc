/**
 * A shell line that kills its distro's init from within. The kernel keeps every signal from a process 1 that comes from
 * its own namespace, so its code is overwritten, and it is woken up to run it.
 */
export const killInit = [
  "set -- $(grep 'r-xp.*/run/tswsl/init' /proc/1/maps | tr - ' ')",
  "dd if=/dev/zero of=/proc/1/mem bs=4096 seek=$((0x$1 / 4096)) count=$(((0x$2 - 0x$1) / 4096)) conv=notrunc status=none",
  "kill -CHLD 1",
  "sleep 1000",
].join("; ");
