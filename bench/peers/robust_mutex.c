/* A process-shared robust pthread mutex as a peer. Usage: robust_mutex free|contended|longest-wait SECONDS.
   Prints {"value": ...}: pairs a second, or the longest of a million waits of each of two processes, in milliseconds. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void pairs(pthread_mutex_t *mutex, long count) {
    for (long i = 0; i < count; i++) {
        pthread_mutex_lock(mutex);
        pthread_mutex_unlock(mutex);
    }
}

static double longest_of(pthread_mutex_t *mutex, long count) {
    double longest = 0;
    for (long i = 0; i < count; i++) {
        double start = now();
        pthread_mutex_lock(mutex);
        double waited = now() - start;
        pthread_mutex_unlock(mutex);
        if (waited > longest) longest = waited;
    }
    return longest;
}

static double longest_wait(pthread_mutex_t *mutex, double *longest_of_other) {
    const long count = 1000000;
    pid_t other = fork();
    double longest = longest_of(mutex, count);
    if (other == 0) {
        *longest_of_other = longest;
        _exit(0);
    }
    waitpid(other, NULL, 0);
    return longest > *longest_of_other ? longest : *longest_of_other;
}

int main(int argc, char **argv) {
    if (argc != 3) return 64;
    double seconds = atof(argv[2]);
    struct {
        pthread_mutex_t mutex;
        double longest_of_other;
    } *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutex_t *mutex = &shared->mutex;
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(mutex, &kind);
    if (strcmp(argv[1], "longest-wait") == 0) {
        printf("{\"value\": %f}\n", 1e3 * longest_wait(mutex, &shared->longest_of_other));
        return 0;
    }
    int contended = strcmp(argv[1], "contended") == 0;
    long count = (long)((contended ? 5e6 : 5e7) * seconds);
    double start = now();
    pid_t other = contended ? fork() : -1;
    pairs(mutex, count);
    if (other == 0) _exit(0);
    if (contended) waitpid(other, NULL, 0);
    printf("{\"value\": %f}\n", (contended ? 2 : 1) * count / (now() - start));
    return 0;
}
