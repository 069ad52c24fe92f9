/*
 * Put before the C library (LD_PRELOAD), this notes every call of a program that changes files below one folder, in the order in which
 * they took effect: BETRODD_TRACED names the folder, BETRODD_TRACE the file that is appended to. What a power cut may leave is made from
 * that by faults/src/trace.rs. It changes nothing of what a program sees, but that files are copied by reading and writing.
 *
 * A record: kind (1 byte), inode (8), offset or length (8), two lengths (4 and 4), then so many bytes and so many; in the machine's order.
 * C: a file was made; W: bytes were written; T: cut or lengthened; S: a file was synced; D: a folder; R: renamed; U: unlinked; M: a folder
 * was made; X: a folder was removed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const char *below;
static size_t below_length;
static int out = -1;

__attribute__((constructor)) static void begin(void) {
    const char *to = getenv("BETRODD_TRACE");
    below = getenv("BETRODD_TRACED");
    if (below && to) {
        below_length = strlen(below);
        out = (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
    /* Programs that this one starts are others. */
    unsetenv("LD_PRELOAD");
}

static void put(const void *bytes, size_t length) {
    const char *from = bytes;
    while (length > 0) {
        long written = syscall(SYS_write, out, from, length);
        if (written <= 0) {
            abort();
        }
        from += written;
        length -= (size_t)written;
    }
}

static void note(char kind, uint64_t inode, uint64_t at, const void *one, uint32_t ones, const void *other, uint32_t others) {
    char head[25];
    head[0] = kind;
    memcpy(head + 1, &inode, 8);
    memcpy(head + 9, &at, 8);
    memcpy(head + 17, &ones, 4);
    memcpy(head + 21, &others, 4);
    put(head, sizeof head);
    put(one, ones);
    put(other, others);
}

static int is_below(const char *path) {
    size_t length = strlen(path);
    if (strncmp(path, below, below_length) != 0 || (path[below_length] != '/' && path[below_length] != 0)) {
        return 0;
    }
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

/* The whole name of what a call names, where it lies below. */
static int named(int dir, const char *path, char *whole) {
    if (out < 0 || path == NULL) {
        return 0;
    }
    if (path[0] == '/') {
        if (strlen(path) >= PATH_MAX) {
            return 0;
        }
        strcpy(whole, path);
    } else {
        char link[64];
        char at[PATH_MAX];
        snprintf(link, sizeof link, dir == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", dir);
        ssize_t length = readlink(link, at, sizeof at - 1);
        if (length <= 0 || (size_t)length + strlen(path) + 2 > PATH_MAX) {
            return 0;
        }
        at[length] = 0;
        strcpy(whole, at);
        strcat(whole, "/");
        strcat(whole, path);
    }
    return is_below(whole);
}

/* The same of an open file; its inode besides. */
static int opened(int fd, char *whole, struct stat *about) {
    if (out < 0 || fd == out || fstat(fd, about) != 0 || !(S_ISREG(about->st_mode) || S_ISDIR(about->st_mode))) {
        return 0;
    }
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, whole, PATH_MAX - 1);
    if (length <= 0) {
        return 0;
    }
    whole[length] = 0;
    return is_below(whole);
}

static uint64_t inode_of(const char *path) {
    struct stat about;
    return lstat(path, &about) == 0 ? about.st_ino : 0;
}

static int open_noted(int dir, const char *path, int flags, mode_t mode) {
    char whole[PATH_MAX];
    if (!(flags & (O_CREAT | O_TRUNC)) || !named(dir, path, whole)) {
        return (int)syscall(SYS_openat, dir, path, flags, mode);
    }
    pthread_mutex_lock(&turn);
    uint64_t before = inode_of(whole);
    int fd = (int)syscall(SYS_openat, dir, path, flags, mode);
    int failed = errno;
    if (fd >= 0) {
        uint64_t inode = inode_of(whole);
        if (before == 0) {
            note('C', inode, 0, whole, (uint32_t)strlen(whole), "", 0);
        } else if (flags & O_TRUNC) {
            note('T', inode, 0, "", 0, "", 0);
        }
    }
    pthread_mutex_unlock(&turn);
    errno = failed;
    return fd;
}

#define OPENS(name, first, dir)                          \
    int name(first const char *path, int flags, ...) {   \
        mode_t mode = 0;                                 \
        if (flags & (O_CREAT | O_TMPFILE)) {             \
            va_list rest;                                \
            va_start(rest, flags);                       \
            mode = va_arg(rest, mode_t);                 \
            va_end(rest);                                \
        }                                                \
        return open_noted(dir, path, flags, mode);       \
    }
#define NONE
#define DIR_FIRST int dirfd,
OPENS(open, NONE, AT_FDCWD)
OPENS(open64, NONE, AT_FDCWD)
OPENS(openat, DIR_FIRST, dirfd)
OPENS(openat64, DIR_FIRST, dirfd)

int creat(const char *path, mode_t mode) { return open_noted(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static ssize_t write_noted(int fd, const void *bytes, size_t length, int64_t at) {
    char whole[PATH_MAX];
    struct stat about;
    if (!opened(fd, whole, &about)) {
        return at < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, at);
    }
    pthread_mutex_lock(&turn);
    ssize_t written = at < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, at);
    int failed = errno;
    if (written > 0) {
        uint64_t offset = at < 0 ? (uint64_t)(lseek(fd, 0, SEEK_CUR) - written) : (uint64_t)at;
        note('W', about.st_ino, offset, bytes, (uint32_t)written, "", 0);
    }
    pthread_mutex_unlock(&turn);
    errno = failed;
    return written;
}

ssize_t write(int fd, const void *bytes, size_t length) { return write_noted(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return write_noted(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return write_noted(fd, bytes, length, at); }

/* One after the other: a caller goes on with what was not written. */
ssize_t writev(int fd, const struct iovec *all, int count) {
    char whole[PATH_MAX];
    struct stat about;
    if (!opened(fd, whole, &about)) {
        return syscall(SYS_writev, fd, all, count);
    }
    for (int n = 0; n < count; n++) {
        if (all[n].iov_len > 0) {
            return write_noted(fd, all[n].iov_base, all[n].iov_len, -1);
        }
    }
    return 0;
}

static int sync_noted(int fd, long call) {
    char whole[PATH_MAX];
    struct stat about;
    if (!opened(fd, whole, &about)) {
        return (int)syscall(call, fd);
    }
    pthread_mutex_lock(&turn);
    int done = (int)syscall(call, fd);
    int failed = errno;
    if (done == 0 && S_ISDIR(about.st_mode)) {
        note('D', about.st_ino, 0, whole, (uint32_t)strlen(whole), "", 0);
    } else if (done == 0) {
        note('S', about.st_ino, 0, "", 0, "", 0);
    }
    pthread_mutex_unlock(&turn);
    errno = failed;
    return done;
}

int fsync(int fd) { return sync_noted(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_noted(fd, SYS_fdatasync); }

static int cut_noted(int fd, int64_t length) {
    char whole[PATH_MAX];
    struct stat about;
    if (!opened(fd, whole, &about)) {
        return (int)syscall(SYS_ftruncate, fd, length);
    }
    pthread_mutex_lock(&turn);
    int done = (int)syscall(SYS_ftruncate, fd, length);
    int failed = errno;
    if (done == 0) {
        note('T', about.st_ino, (uint64_t)length, "", 0, "", 0);
    }
    pthread_mutex_unlock(&turn);
    errno = failed;
    return done;
}

int ftruncate(int fd, off_t length) { return cut_noted(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut_noted(fd, length); }

static int rename_noted(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
    char old[PATH_MAX];
    char new[PATH_MAX];
    if (!named(from_dir, from, old) || !named(to_dir, to, new)) {
        return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
    }
    pthread_mutex_lock(&turn);
    uint64_t inode = inode_of(old);
    int done = (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
    int failed = errno;
    if (done == 0) {
        note('R', inode, 0, old, (uint32_t)strlen(old), new, (uint32_t)strlen(new));
    }
    pthread_mutex_unlock(&turn);
    errno = failed;
    return done;
}

int rename(const char *from, const char *to) { return rename_noted(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_dir, const char *from, int to_dir, const char *to) { return rename_noted(from_dir, from, to_dir, to, 0); }
int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
    return rename_noted(from_dir, from, to_dir, to, flags);
}

static int unlink_noted(int dir, const char *path, int flags) {
    char whole[PATH_MAX];
    if (!named(dir, path, whole)) {
        return (int)syscall(SYS_unlinkat, dir, path, flags);
    }
    pthread_mutex_lock(&turn);
    int done = (int)syscall(SYS_unlinkat, dir, path, flags);
    int failed = errno;
    if (done == 0) {
        note(flags & AT_REMOVEDIR ? 'X' : 'U', 0, 0, whole, (uint32_t)strlen(whole), "", 0);
    }
    pthread_mutex_unlock(&turn);
    errno = failed;
    return done;
}

int unlink(const char *path) { return unlink_noted(AT_FDCWD, path, 0); }
int unlinkat(int dir, const char *path, int flags) { return unlink_noted(dir, path, flags); }
int rmdir(const char *path) { return unlink_noted(AT_FDCWD, path, AT_REMOVEDIR); }

static int mkdir_noted(int dir, const char *path, mode_t mode) {
    char whole[PATH_MAX];
    if (!named(dir, path, whole)) {
        return (int)syscall(SYS_mkdirat, dir, path, mode);
    }
    pthread_mutex_lock(&turn);
    int done = (int)syscall(SYS_mkdirat, dir, path, mode);
    int failed = errno;
    if (done == 0) {
        note('M', 0, 0, whole, (uint32_t)strlen(whole), "", 0);
    }
    pthread_mutex_unlock(&turn);
    errno = failed;
    return done;
}

int mkdir(const char *path, mode_t mode) { return mkdir_noted(AT_FDCWD, path, mode); }
int mkdirat(int dir, const char *path, mode_t mode) { return mkdir_noted(dir, path, mode); }

/* Ways past what is noted: whoever meets them goes on with reading and writing. */
static ssize_t not_here(void) {
    errno = ENOSYS;
    return -1;
}

ssize_t copy_file_range(int in, off64_t *from, int to, off64_t *at, size_t length, unsigned flags) {
    (void)in, (void)from, (void)to, (void)at, (void)length, (void)flags;
    return not_here();
}
ssize_t sendfile64(int to, int in, off64_t *from, size_t length) {
    char whole[PATH_MAX];
    struct stat about;
    return opened(to, whole, &about) ? not_here() : syscall(SYS_sendfile, to, in, from, length);
}
ssize_t sendfile(int to, int in, off_t *from, size_t length) { return sendfile64(to, in, (off64_t *)from, length); }
int fallocate(int fd, int mode, off_t from, off_t length) {
    (void)fd, (void)mode, (void)from, (void)length;
    return (int)not_here();
}
int fallocate64(int fd, int mode, off64_t from, off64_t length) { return fallocate(fd, mode, from, length); }
int posix_fallocate(int fd, off_t from, off_t length) {
    (void)fd, (void)from, (void)length;
    return EINVAL;
}
int posix_fallocate64(int fd, off64_t from, off64_t length) { return posix_fallocate(fd, from, length); }
