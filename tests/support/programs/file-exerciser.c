// Random operations on one file and on a model of it in memory, in the manner of fsx.
//
//   file-exerciser FILE SEED OPERATIONS
//
// Reads, writes, appends, mapped reads and writes, some with msync, truncations down and up, fsync, close and open again. The
// same seed does the same. What is read is compared with the model, the size after each operation that may change it, and the
// whole file every WHOLE operations and at the end. At the first difference it says the operation, the offset and what was done
// before, and ends with status 1; otherwise it prints what was done, and leaves the file.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// A few pages mostly, as fsx's default is 256 KiB: what is near is met again. The largest is more than one 9P message of 512 KiB.
enum { NEAR = 16 * 1024, FAR = 64 * 1024, MAX_SIZE = 640 * 1024, PAGE = 4096, WHOLE = 64, REMEMBERED = 32, LINE = 96 };

static const char *path;
static int file = -1;
static uint8_t model[MAX_SIZE];
static uint8_t buffer[MAX_SIZE];
static size_t size;
static long operation;
static char done[REMEMBERED][LINE];
static uint64_t state;

// xorshift64*: the same everywhere, as rand(3) is not.
static uint32_t random_below(uint32_t limit) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 0x2545f4914f6cdd1dULL) >> 32) % limit;
}

static uint32_t skewed_below(uint32_t limit) {
    uint32_t divisor = 1 + random_below(8);
    return random_below(limit) / divisor;
}

__attribute__((format(printf, 1, 2))) static void remember(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(done[operation % REMEMBERED], LINE, format, arguments);
    va_end(arguments);
}

__attribute__((format(printf, 1, 2), noreturn)) static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    printf("operation %ld: ", operation);
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
    for (long at = operation < REMEMBERED ? 0 : operation - REMEMBERED + 1; at <= operation; at++)
        printf("  %ld %s\n", at, done[at % REMEMBERED]);
    exit(1);
}

static void compare(const char *what, const uint8_t *found, size_t offset, size_t length) {
    if (memcmp(found, model + offset, length) == 0)
        return;
    size_t at = 0;
    while (found[at] == model[offset + at])
        at++;
    size_t different = 0;
    for (size_t next = at; next < length; next++)
        different += found[next] != model[offset + next];
    fail("%s: offset 0x%zx has 0x%02x, not 0x%02x; %zu of %zu bytes are different", what, offset + at, found[at],
         model[offset + at], different, length);
}

static void open_file(int flags) {
    file = open(path, O_RDWR | flags, 0644);
    if (file < 0)
        fail("open: %s", strerror(errno));
}

static void close_file(void) {
    if (close(file) < 0)
        fail("close: %s", strerror(errno));
}

static void check_size(void) {
    struct stat status;
    if (fstat(file, &status) < 0)
        fail("fstat: %s", strerror(errno));
    if ((size_t)status.st_size != size)
        fail("the file has %lld bytes, not %zu", (long long)status.st_size, size);
}

static void read_piece(const char *what, size_t offset, size_t length) {
    ssize_t count = pread(file, buffer, length, offset);
    size_t expected = offset >= size ? 0 : size - offset < length ? size - offset : length;
    if (count < 0)
        fail("%s: %s", what, strerror(errno));
    if ((size_t)count != expected)
        fail("%s at 0x%zx gave %zd bytes, not %zu", what, offset, count, expected);
    compare(what, buffer, offset, expected);
}

// New content at a place, in the model: what is between the old end and the place is zeros.
static void change_model(size_t offset, size_t length) {
    if (offset > size)
        memset(model + size, 0, offset - size);
    uint8_t first = operation;
    for (size_t at = 0; at < length; at++)
        model[offset + at] = first + (at * 7 >> 3) + random_below(3);
    if (offset + length > size)
        size = offset + length;
}

static void write_piece(size_t offset, size_t length) {
    change_model(offset, length);
    ssize_t count = pwrite(file, model + offset, length, offset);
    if (count != (ssize_t)length)
        fail("write gave %zd: %s", count, strerror(errno));
}

static void append_piece(size_t length) {
    size_t offset = size;
    change_model(offset, length);
    int other = open(path, O_WRONLY | O_APPEND);
    if (other < 0)
        fail("open to append: %s", strerror(errno));
    ssize_t count = write(other, model + offset, length);
    if (count != (ssize_t)length)
        fail("append gave %zd: %s", count, strerror(errno));
    if (close(other) < 0)
        fail("close after appending: %s", strerror(errno));
}

static void truncate_to(size_t length) {
    if (ftruncate(file, length) < 0)
        fail("ftruncate: %s", strerror(errno));
    if (length > size)
        memset(model + size, 0, length - size);
    size = length;
}

static uint8_t *map(size_t offset, size_t length, int protection) {
    size_t slack = offset % PAGE;
    uint8_t *mapped = mmap(NULL, length + slack, protection, MAP_SHARED, file, offset - slack);
    if (mapped == MAP_FAILED)
        fail("mmap: %s", strerror(errno));
    return mapped;
}

static void unmap(uint8_t *mapped, size_t offset, size_t length) {
    if (munmap(mapped, length + offset % PAGE) < 0)
        fail("munmap: %s", strerror(errno));
}

static void read_mapped(size_t offset, size_t length) {
    uint8_t *mapped = map(offset, length, PROT_READ);
    compare("mapped read", mapped + offset % PAGE, offset, length);
    // What follows the end in the last page is zeros.
    size_t end = offset + length;
    if (end == size)
        for (size_t at = end; at % PAGE != 0; at++)
            if (mapped[offset % PAGE + at - offset] != 0)
                fail("mapped read: 0x%zx, after the end, is not 0", at);
    unmap(mapped, offset, length);
}

static void write_mapped(size_t offset, size_t length) {
    if (offset + length > size)
        truncate_to(offset + length);
    uint8_t *mapped = map(offset, length, PROT_READ | PROT_WRITE);
    change_model(offset, length);
    memcpy(mapped + offset % PAGE, model + offset, length);
    // Now and then: what is unmapped must be seen by read(2) without it, and a disk takes long.
    if (random_below(8) == 0 && msync(mapped, length + offset % PAGE, MS_SYNC) < 0)
        fail("msync: %s", strerror(errno));
    unmap(mapped, offset, length);
}

static void sync_file(int data_only) {
    if ((data_only ? fdatasync(file) : fsync(file)) < 0)
        fail("fsync: %s", strerror(errno));
}

static void operate(void) {
    uint32_t kind = random_below(100);
    uint32_t reach = random_below(512);
    size_t limit = reach == 0 ? MAX_SIZE : reach < 16 ? FAR : NEAR;
    size_t offset = skewed_below(limit);
    size_t length = 1 + skewed_below(limit - offset);
    if (kind < 30) {
        remember("read 0x%zx, %zu bytes", offset, length);
        read_piece("read", offset, length);
    } else if (kind < 58) {
        remember("write 0x%zx, %zu bytes", offset, length);
        size_t before = size;
        write_piece(offset, length);
        if (size != before)
            check_size();
    } else if (kind < 78 && size > 0) {
        offset %= size;
        length = size - offset < length ? size - offset : length;
        remember("mapped read 0x%zx, %zu bytes", offset, length);
        read_mapped(offset, length);
    } else if (kind < 87) {
        remember("mapped write 0x%zx, %zu bytes", offset, length);
        write_mapped(offset, length);
        check_size();
    } else if (kind < 95) {
        // Most files are short at times: half of the truncations go below what is there.
        size_t to = random_below(2) && size > 0 ? random_below(size) : offset;
        remember("truncate 0x%zx to 0x%zx", size, to);
        truncate_to(to);
        check_size();
    } else if (kind < 97) {
        length = MAX_SIZE - size < length ? MAX_SIZE - size : length;
        remember("append 0x%zx, %zu bytes", size, length);
        append_piece(length);
        check_size();
    } else if (kind < 98) {
        remember("fsync");
        sync_file(random_below(2));
    } else {
        remember("close and open");
        close_file();
        open_file(0);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "file-exerciser FILE SEED OPERATIONS\n");
        return 2;
    }
    path = argv[1];
    // The state must not be zero.
    state = strtoull(argv[2], NULL, 10) * 0x9e3779b97f4a7c15ULL + 1;
    long operations = atol(argv[3]);
    open_file(O_CREAT | O_TRUNC);
    for (operation = 0; operation < operations; operation++) {
        operate();
        if (operation % WHOLE == WHOLE - 1)
            read_piece("the whole", 0, MAX_SIZE);
    }
    close_file();
    open_file(0);
    read_piece("the whole at the end", 0, MAX_SIZE);
    close_file();
    printf("%ld operations, %zu bytes\n", operations, size);
    return 0;
}
