// mapped-beside FILE: writes FILE through a map and by write(2) in turns, in the same pages, without msync(2). Prints how many bytes
// read(2) has not seen as they were written, while it is mapped and afterwards: 0.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 3 * 4096, STEP = 64 };

static char expected[SIZE], found[SIZE];

static int different(int file) {
    memset(found, 0, SIZE);
    if (pread(file, found, SIZE, 0) != SIZE)
        return SIZE;
    int count = 0;
    for (int i = 0; i < SIZE; i++)
        count += found[i] != expected[i];
    return count;
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    int file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || ftruncate(file, SIZE) < 0) {
        perror(argv[1]);
        return 1;
    }
    char *mapped = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    int unseen = 0;
    for (int at = 0; at < SIZE; at += STEP) {
        char piece[STEP];
        memset(piece, 'a' + at / STEP % 26, STEP);
        memcpy(expected + at, piece, STEP);
        if (at / STEP % 2 == 0)
            memcpy(mapped + at, piece, STEP);
        else if (pwrite(file, piece, STEP, at) != STEP)
            unseen += STEP;
        if (at / STEP % 8 == 7)
            unseen += different(file);
    }
    munmap(mapped, SIZE);
    printf("%d\n", unseen + different(file));
    return 0;
}
