// Load for a 9P2000.L server, as cheap as it can be, so that what is measured is the server: messages are written into one
// buffer, answers are looked at for their type and tag only.
//
//   nine-p-load SOCKET ANAME JOB LANES COUNT
//
// A lane is a program that does one request after the other, on a tag and a fid of its own; all lanes share the connection.
// JOB is what each lane does, COUNT times in all:
//   stat    walk to d/N, getattr, clunk            (N from 0 to 999)
//   cat     walk to d/N, open, read 4 KiB, clunk
//   read    read the next 65 512 bytes of `large`  (opened once for each lane)
//   write   write the next 65 512 bytes of `written-LANE`
//   list    walk to d, open, read all entries, clunk
// Prints the seconds that this took.
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MSIZE = 65536, PIECE = 65512, MAX_LANES = 64, FILES = 1000 };
enum { TLOPEN = 12, TLCREATE = 14, TGETATTR = 24, TREADDIR = 40, TVERSION = 100, TATTACH = 104, TWALK = 110 };
enum { TREAD = 116, TWRITE = 118, TCLUNK = 120, RLERROR = 7 };

static uint8_t out[MAX_LANES * (MSIZE + 64)];
static size_t out_at;
static size_t start;
static uint8_t in[1 << 20];
static int server;

static void fail(const char *what) {
    fprintf(stderr, "nine-p-load: %s\n", what);
    exit(1);
}

static void put(uint64_t value, int bytes) {
    for (int at = 0; at < bytes; at++)
        out[out_at++] = value >> (8 * at);
}

static void put_string(const char *text) {
    size_t length = strlen(text);
    put(length, 2);
    memcpy(out + out_at, text, length);
    out_at += length;
}

static void begin(int type, int tag) {
    start = out_at;
    put(0, 4);
    put(type, 1);
    put(tag, 2);
}

static void end(void) {
    uint32_t size = out_at - start;
    memcpy(out + start, &size, 4);
}

static void flush(void) {
    for (size_t at = 0; at < out_at;) {
        ssize_t count = write(server, out + at, out_at - at);
        if (count < 0)
            fail(strerror(errno));
        at += count;
    }
    out_at = 0;
}

static void walk(int tag, int fid, const char *first, const char *second) {
    begin(TWALK, tag);
    put(0, 4);
    put(fid, 4);
    put(second ? 2 : 1, 2);
    put_string(first);
    if (second)
        put_string(second);
    end();
}

static void about_fid(int type, int tag, int fid) {
    begin(type, tag);
    put(fid, 4);
}

struct lane {
    int step;
    uint64_t offset;
};
static struct lane lanes[MAX_LANES];
static char job;
static long left;

// Sends the lane's next request. `count` is what the last answer said of its payload. False when the lane is done.
static int next(int lane, uint32_t count, const uint8_t *payload) {
    struct lane *l = &lanes[lane];
    int fid = lane + 1;
    char name[16];
    if (job == 'r' || job == 'w') {
        if (left-- <= 0)
            return 0;
        about_fid(job == 'r' ? TREAD : TWRITE, lane, fid);
        put(l->offset, 8);
        put(PIECE, 4);
        if (job == 'w')
            out_at += PIECE;
        end();
        l->offset += PIECE;
        if (l->offset > 60 << 20)
            l->offset = 0;
        return 1;
    }
    switch (l->step) {
    case 0:
        if (left-- <= 0)
            return 0;
        snprintf(name, sizeof name, "%ld", left % FILES);
        walk(lane, fid, "d", job == 'l' ? NULL : name);
        l->step = job == 's' ? 3 : 1;
        l->offset = 0;
        return 1;
    case 1:
        about_fid(TLOPEN, lane, fid);
        put(0, 4);
        end();
        l->step = 2;
        return 1;
    case 2:
        if (job == 'l') {
            // A listing goes on from the offset in its last entry, to the answer that is empty.
            uint32_t at = 0;
            while (l->offset != UINT64_MAX && payload && at < count) {
                memcpy(&l->offset, payload + at + 13, 8);
                uint16_t length;
                memcpy(&length, payload + at + 22, 2);
                at += 24 + length;
            }
            if (payload && count == 0) {
                l->step = 0;
                about_fid(TCLUNK, lane, fid);
                end();
                return 1;
            }
            about_fid(TREADDIR, lane, fid);
            put(l->offset, 8);
            put(PIECE, 4);
            end();
            return 1;
        }
        about_fid(TREAD, lane, fid);
        put(0, 8);
        put(4096, 4);
        end();
        l->step = 4;
        return 1;
    case 3:
        about_fid(TGETATTR, lane, fid);
        put(0x7ff, 8);
        end();
        l->step = 4;
        return 1;
    default:
        about_fid(TCLUNK, lane, fid);
        end();
        l->step = 0;
        return 1;
    }
}

// Waits for answers until `wanted` have come to requests that do not lead to another, or to lanes that are done.
static void run(int wanted, int lead_on) {
    static size_t have;
    while (wanted > 0) {
        ssize_t count = read(server, in + have, sizeof in - have);
        if (count <= 0)
            fail("the server has closed the connection");
        have += count;
        size_t at = 0;
        for (;;) {
            uint32_t size;
            if (have - at < 7)
                break;
            memcpy(&size, in + at, 4);
            if (have - at < size)
                break;
            uint8_t type = in[at + 4];
            uint16_t tag;
            memcpy(&tag, in + at + 5, 2);
            if (type == RLERROR)
                fail("the server has answered with an error");
            uint32_t bytes = 0;
            int has_payload = type == TREADDIR + 1 || type == TREAD + 1;
            if (has_payload)
                memcpy(&bytes, in + at + 7, 4);
            if (type == TREAD + 1 && bytes == 0)
                fail("the server has read nothing");
            if (!lead_on || !next(tag, bytes, has_payload ? in + at + 11 : NULL))
                wanted--;
            at += size;
        }
        memmove(in, in + at, have - at);
        have -= at;
        flush();
    }
}

static void ask(void) {
    end();
    flush();
    run(1, 0);
}

static void open_for(int lane) {
    char name[32] = "large";
    if (job == 'r') {
        walk(lane, lane + 1, name, NULL);
        ask();
        about_fid(TLOPEN, lane, lane + 1);
        put(0, 4);
        ask();
        return;
    }
    snprintf(name, sizeof name, "written-%d", lane);
    begin(TWALK, lane);
    put(0, 4);
    put(lane + 1, 4);
    put(0, 2);
    ask();
    about_fid(TLCREATE, lane, lane + 1);
    put_string(name);
    put(01002, 4);
    put(0644, 4);
    put(0, 4);
    ask();
}

int main(int argc, char **argv) {
    if (argc != 6)
        fail("SOCKET ANAME JOB LANES COUNT");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    server = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(server, (struct sockaddr *)&address, sizeof address) < 0)
        fail(strerror(errno));
    job = argv[3][0];
    int count = atoi(argv[4]);
    left = atol(argv[5]);
    if (count < 1 || count > MAX_LANES)
        fail("1 to 64 lanes");
    begin(TVERSION, 0xffff);
    put(MSIZE, 4);
    put_string("9P2000.L");
    ask();
    begin(TATTACH, 0);
    put(0, 4);
    put(UINT32_MAX, 4);
    put_string("root");
    put_string(argv[2]);
    put(0, 4);
    ask();
    if (job == 'r' || job == 'w')
        for (int lane = 0; lane < count; lane++) {
            open_for(lane);
            lanes[lane].offset = (uint64_t)lane * PIECE * 16;
        }
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    int running = 0;
    for (int lane = 0; lane < count; lane++)
        running += next(lane, 0, NULL);
    flush();
    run(running, 1);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%.6f\n", (ended.tv_sec - begun.tv_sec) + (ended.tv_nsec - begun.tv_nsec) / 1e9);
}
