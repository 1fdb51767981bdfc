// Random operations on a tree of files, in the manner of fsstress, the same for the same seed: two file systems that do as
// Linux says must give the same answers and the same tree.
//
//   random-tree work DIRECTORY SEED OPERATIONS     prints each operation with its errno
//   random-tree list DIRECTORY                     prints what is there: types, modes, sizes, links, content
//
// Names are few, so that operations often meet what others have left: ENOENT, EEXIST, ENOTDIR, EISDIR, ENOTEMPTY, ELOOP.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES = 9, DEPTH = 3, PATH = 1200, PIECE = 20000, MAX_OFFSET = 60000, MAX_ENTRIES = 64 };

static char names[NAMES][256] = {"a", "b", "c", "d e", "f\ng", "\xc3\xbc", "\xff\xfe", "-r"};
static uint64_t state;
static uint8_t content[PIECE];

static uint32_t random_below(uint32_t limit) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 0x2545f4914f6cdd1dULL) >> 32) % limit;
}

static void print_name(const char *name) {
    for (const uint8_t *at = (const uint8_t *)name; *at; at++) {
        if (*at > ' ' && *at < 0x7f && *at != '\\')
            putchar(*at);
        else
            printf("\\%03o", *at);
    }
}

static const char *random_path(char *path) {
    uint32_t depth = 1 + random_below(DEPTH);
    path[0] = 0;
    for (uint32_t at = 0; at < depth; at++) {
        if (at > 0)
            strcat(path, "/");
        strcat(path, names[random_below(NAMES)]);
    }
    return path;
}

static void fill_content(size_t length) {
    uint8_t first = random_below(256);
    for (size_t at = 0; at < length; at++)
        content[at] = first + (at >> 4);
}

static int write_file(const char *path, int flags, mode_t mode) {
    size_t length = random_below(PIECE);
    off_t offset = random_below(3) ? 0 : random_below(MAX_OFFSET);
    fill_content(length);
    int file = open(path, O_WRONLY | flags, mode);
    if (file < 0)
        return -1;
    ssize_t count = flags & O_APPEND ? write(file, content, length) : pwrite(file, content, length, offset);
    int error = errno;
    close(file);
    errno = error;
    return count == (ssize_t)length ? 0 : -1;
}

static int write_mapped(int file) {
    char *mapped = mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED)
        return -1;
    memcpy(mapped + 48, "a ", 2);
    return munmap(mapped, 100);
}

// A file that has lost its name while it is open is still there.
static int use_without_name(const char *path) {
    int file = open(path, O_RDWR);
    if (file < 0)
        return -1;
    struct stat before, after;
    char found[100];
    int result = fstat(file, &before);
    if (result == 0)
        result = unlink(path);
    if (result == 0)
        result = ftruncate(file, 100);
    if (result == 0 && pwrite(file, "nameless", 8, 50) != 8)
        result = -1;
    if (result == 0)
        result = write_mapped(file);
    if (result == 0 && (pread(file, found, 100, 0) != 100 || memcmp(found + 48, "a nameless", 10) != 0))
        result = -1;
    if (result == 0)
        result = fchmod(file, 0640);
    if (result == 0)
        result = fstat(file, &after);
    if (result == 0)
        printf("size %lld, %ld of %ld links, mode %o ", (long long)after.st_size, (long)after.st_nlink,
               (long)before.st_nlink, after.st_mode);
    int error = errno;
    close(file);
    errno = error;
    return result;
}

static int operate(void) {
    char one[PATH], two[PATH];
    uint32_t kind = random_below(100);
    // Evaluated in this order whatever the compiler would like.
    random_path(one);
    random_path(two);
    mode_t mode = random_below(0400) | 0400;
    const char *verb;
    int result;
#define DO(name, call) (verb = name, errno = 0, result = (call))
    if (kind < 14)
        DO("mkdir", mkdir(one, mode | 0700));
    else if (kind < 32)
        DO("create", write_file(one, O_CREAT | O_EXCL, mode | 0200));
    else if (kind < 40)
        DO("write", write_file(one, O_CREAT, mode | 0200));
    else if (kind < 48)
        DO("append", write_file(one, O_APPEND, 0));
    else if (kind < 52)
        DO("replace", write_file(one, O_CREAT | O_TRUNC, mode | 0200));
    else if (kind < 64)
        DO("rename", rename(one, two));
    else if (kind < 70)
        DO("link", link(one, two));
    else if (kind < 76)
        DO("symlink", symlink(two, one));
    else if (kind < 82)
        DO("unlink", unlink(one));
    else if (kind < 86)
        DO("rmdir", rmdir(one));
    else if (kind < 91)
        DO("truncate", truncate(one, random_below(MAX_OFFSET)));
    else if (kind < 96)
        DO("chmod", chmod(one, mode | 0200));
    else
        DO("nameless", use_without_name(one));
#undef DO
    int error = result == 0 ? 0 : errno;
    printf("%s ", verb);
    print_name(one);
    putchar(' ');
    print_name(two);
    printf(" %s\n", error ? strerrorname_np(error) : "ok");
    return error;
}

static uint64_t hash_of(int directory, const char *name) {
    uint64_t hash = 0xcbf29ce484222325ULL;
    int file = openat(directory, name, O_RDONLY);
    if (file < 0)
        return 0;
    static uint8_t bytes[65536];
    for (ssize_t count; (count = read(file, bytes, sizeof bytes)) > 0;)
        for (ssize_t at = 0; at < count; at++)
            hash = (hash ^ bytes[at]) * 0x100000001b3ULL;
    close(file);
    return hash;
}

static int by_bytes(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void list(int directory, const char *above) {
    char *found[MAX_ENTRIES];
    size_t count = 0;
    DIR *stream = fdopendir(dup(directory));
    for (struct dirent *entry; stream && (entry = readdir(stream)) && count < MAX_ENTRIES;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            found[count++] = strdup(entry->d_name);
    if (stream)
        closedir(stream);
    qsort(found, count, sizeof *found, by_bytes);
    for (size_t at = 0; at < count; at++) {
        struct stat status = {0};
        char target[PATH] = "";
        char path[4 * PATH];
        if (fstatat(directory, found[at], &status, AT_SYMLINK_NOFOLLOW) < 0)
            printf("%s ", strerrorname_np(errno));
        snprintf(path, sizeof path, "%s/%s", above, found[at]);
        print_name(path);
        if (S_ISLNK(status.st_mode)) {
            if (readlinkat(directory, found[at], target, sizeof target - 1) < 0)
                printf(" %s", strerrorname_np(errno));
            printf(" -> ");
            print_name(target);
        } else if (S_ISREG(status.st_mode)) {
            printf(" %o %lld bytes %ld links %016llx", status.st_mode, (long long)status.st_size, (long)status.st_nlink,
                   (unsigned long long)hash_of(directory, found[at]));
        } else {
            printf(" %o", status.st_mode);
        }
        putchar('\n');
        if (S_ISDIR(status.st_mode)) {
            int below = openat(directory, found[at], O_RDONLY | O_DIRECTORY);
            list(below, path);
            close(below);
        }
        free(found[at]);
    }
}

int main(int argc, char **argv) {
    if (argc < 3 || chdir(argv[2]) < 0) {
        fprintf(stderr, "random-tree work DIRECTORY SEED OPERATIONS | random-tree list DIRECTORY\n");
        return 2;
    }
    memset(names[NAMES - 1], 'n', 255);
    if (strcmp(argv[1], "list") == 0) {
        list(open(".", O_RDONLY | O_DIRECTORY), ".");
        return 0;
    }
    if (argc != 5)
        return 2;
    umask(0);
    // The state must not be zero.
    state = strtoull(argv[3], NULL, 10) * 0x9e3779b97f4a7c15ULL + 1;
    for (long operation = 0, operations = atol(argv[4]); operation < operations; operation++) {
        printf("%ld ", operation);
        operate();
    }
    return 0;
}
