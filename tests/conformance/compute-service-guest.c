/*
 * The guest of the compute service's conformance suite: PID 1 of an initramfs, and all that is in it. It serves lines
 * on the virtio-serial port that the kernel command line names (SERVICE=<guid>) and answers each with one line.
 *
 *   ping TEXT          pong TEXT
 *   cpus | memory      a number (memory in KiB)
 *   mac                of eth0
 *   disk LUN           waits for the disk; "<bytes> ro|rw"
 *   nodisk LUN         waits until it is gone; "gone"
 *   read LUN           its first 16 bytes, up to a NUL
 *   write LUN TEXT     at its start, flushed; "written"
 *   say TEXT           on the console; "said"
 *   echo BYTES         that many bytes come back
 *   poweroff | reboot | crash | stop    (no answer; stop just ends serving)
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

static void nap(void) { usleep(5000); }

/* First line of a file in `text`, which is empty when there is none. */
static void firstLine(const char *path, char *text, size_t size) {
    FILE *file = fopen(path, "r");
    text[0] = 0;
    if (!file) return;
    if (fgets(text, (int)size, file)) text[strcspn(text, "\n")] = 0;
    fclose(file);
}

static int openService(const char *wanted) {
    for (;; nap()) {
        DIR *ports = opendir("/sys/class/virtio-ports");
        for (struct dirent *entry; ports && (entry = readdir(ports));) {
            char path[300], name[100];
            snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", entry->d_name);
            firstLine(path, name, sizeof name);
            if (strcmp(name, wanted) != 0) continue;
            snprintf(path, sizeof path, "/dev/%s", entry->d_name);
            closedir(ports);
            return open(path, O_RDWR);
        }
        if (ports) closedir(ports);
    }
}

/* The device node of the disk at <host>:0:0:<lun>; 0 when there is none. */
static int diskPath(int lun, char *path, size_t size) {
    char suffix[20];
    int found = 0;
    snprintf(suffix, sizeof suffix, ":0:0:%d", lun);
    DIR *devices = opendir("/sys/bus/scsi/devices");
    for (struct dirent *entry; devices && !found && (entry = readdir(devices));) {
        size_t length = strlen(entry->d_name);
        if (length < strlen(suffix) || strcmp(entry->d_name + length - strlen(suffix), suffix) != 0) continue;
        char block[400];
        snprintf(block, sizeof block, "/sys/bus/scsi/devices/%s/block", entry->d_name);
        DIR *names = opendir(block);
        for (struct dirent *name; names && (name = readdir(names));) {
            if (name->d_name[0] == '.') continue;
            snprintf(path, size, "/dev/%s", name->d_name);
            found = access(path, F_OK) == 0;
        }
        if (names) closedir(names);
    }
    if (devices) closedir(devices);
    return found;
}

static void describeDisk(int lun, char *answer, size_t size) {
    char path[300];
    unsigned long long bytes = 0;
    int readOnly = 0, disk = -1;
    while (disk < 0) {
        if (diskPath(lun, path, sizeof path)) disk = open(path, O_RDONLY);
        if (disk < 0) nap();
    }
    ioctl(disk, BLKGETSIZE64, &bytes);
    ioctl(disk, BLKROGET, &readOnly);
    close(disk);
    snprintf(answer, size, "%llu %s", bytes, readOnly ? "ro" : "rw");
}

static void readDisk(int lun, char *answer, size_t size) {
    char path[300];
    int disk = diskPath(lun, path, sizeof path) ? open(path, O_RDONLY) : -1;
    ssize_t count = disk < 0 ? -1 : read(disk, answer, 16);
    answer[count < 0 ? 0 : count] = 0;
    if (count < 0) snprintf(answer, size, "error");
    if (disk >= 0) close(disk);
}

static void writeDisk(int lun, const char *text, char *answer, size_t size) {
    static char sector[512];
    char path[300];
    memset(sector, 0, sizeof sector);
    snprintf(sector, sizeof sector, "%s", text);
    int disk = diskPath(lun, path, sizeof path) ? open(path, O_WRONLY) : -1;
    int good = disk >= 0 && write(disk, sector, sizeof sector) == sizeof sector && fsync(disk) == 0;
    if (disk >= 0) close(disk);
    snprintf(answer, size, good ? "written" : "error");
}

static void memoryTotal(char *answer, size_t size) {
    char line[200];
    firstLine("/proc/meminfo", line, sizeof line);
    snprintf(answer, size, "%ld", atol(line + strlen("MemTotal:")));
}

static void echoBytes(FILE *link, long bytes) {
    static char buffer[65536];
    while (bytes > 0) {
        size_t want = bytes < (long)sizeof buffer ? (size_t)bytes : sizeof buffer;
        size_t got = fread(buffer, 1, want, link);
        if (got == 0) return;
        for (size_t sent = 0; sent < got;) {
            ssize_t count = write(fileno(link), buffer + sent, got - sent);
            if (count > 0) sent += (size_t)count;
        }
        bytes -= (long)got;
    }
}

static void serve(FILE *link, const char *command, const char *rest) {
    char answer[1100] = "?";
    int lun = atoi(rest);
    const char *text = strchr(rest, ' ') ? strchr(rest, ' ') + 1 : "";
    char path[300];
    if (!strcmp(command, "ping")) snprintf(answer, sizeof answer, "pong %s", rest);
    if (!strcmp(command, "cpus")) snprintf(answer, sizeof answer, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    if (!strcmp(command, "memory")) memoryTotal(answer, sizeof answer);
    if (!strcmp(command, "mac")) firstLine("/sys/class/net/eth0/address", answer, sizeof answer);
    if (!strcmp(command, "disk")) describeDisk(lun, answer, sizeof answer);
    if (!strcmp(command, "nodisk")) {
        while (diskPath(lun, path, sizeof path)) nap();
        snprintf(answer, sizeof answer, "gone");
    }
    if (!strcmp(command, "read")) readDisk(lun, answer, sizeof answer);
    if (!strcmp(command, "write")) writeDisk(lun, text, answer, sizeof answer);
    if (!strcmp(command, "say")) {
        printf("%s\n", rest);
        snprintf(answer, sizeof answer, "said");
    }
    if (!strcmp(command, "echo")) {
        echoBytes(link, atol(rest));
        return;
    }
    if (!strcmp(command, "poweroff")) reboot(RB_POWER_OFF);
    if (!strcmp(command, "reboot")) reboot(RB_AUTOBOOT);
    if (!strcmp(command, "crash")) exit(1);
    if (!strcmp(command, "stop")) pause();
    strcat(answer, "\n");
    if (write(fileno(link), answer, strlen(answer)) < 0) perror("answer");
}

int main(void) {
    const char *service = getenv("SERVICE");
    mkdir("/dev", 0755);
    mkdir("/proc", 0755);
    mkdir("/sys", 0755);
    mount("devtmpfs", "/dev", "devtmpfs", 0, 0);
    mount("proc", "/proc", "proc", 0, 0);
    mount("sysfs", "/sys", "sysfs", 0, 0);
    int console = open("/dev/console", O_WRONLY);
    dup2(console, 1);
    dup2(console, 2);
    setvbuf(stdout, 0, _IOLBF, 0);
    printf("guest ready\n");
    if (!service) for (;;) pause();
    int port = openService(service);
    FILE *link = fdopen(port, "r");
    char line[1000];
    while (link && fgets(line, sizeof line, link)) {
        line[strcspn(line, "\n")] = 0;
        char *rest = strchr(line, ' ');
        if (rest) *rest++ = 0;
        serve(link, line, rest ? rest : "");
    }
    printf("link closed\n");
    for (;;) pause();
}
