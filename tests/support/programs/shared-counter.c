// shared-counter FILE TIMES: adds 1 to the 64-bit number at the start of FILE, in memory shared with whoever maps it too.
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sched.h>
#include <sys/mman.h>

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    int file = open(argv[1], O_RDWR);
    _Atomic uint64_t *counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (counter == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    for (long times = atol(argv[2]); times > 0; times--) {
        atomic_fetch_add(counter, 1);
        // So that those who count together also do when there is one processor.
        if (times % 100 == 0)
            sched_yield();
    }
    return munmap((void *)counter, sizeof *counter);
}
