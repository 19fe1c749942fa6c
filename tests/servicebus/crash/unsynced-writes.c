/*
 * Loaded into a process (LD_PRELOAD), writes down what the process changes in the files below UNSYNCED_FOLDER and when it has them
 * written to the disk, in UNSYNCED_LOG: `power-loss.ts` makes of it what a power failure would have left.
 *
 * A record: kind (u8: 1 write, 2 truncate, 3 synced), length of the path (u16), offset (u64), size of the file before (u64), length of
 * the old bytes there (u32), length of the new ones (u32), path, old bytes, new bytes; little endian. It is written before the change,
 * or after the fsync: a process that is killed in between has changed nothing, or has nothing synced.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE = 2, SYNCED = 3, HEAD = 27 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static char folder[PATH_MAX];
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwritev64)(int, const struct iovec *, int, off64_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void start(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
  real_pwritev64 = dlsym(RTLD_NEXT, "pwritev64");
  real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  const char *at = getenv("UNSYNCED_FOLDER");
  const char *log = getenv("UNSYNCED_LOG");
  if (at == NULL || log == NULL || realpath(at, folder) == NULL) return;
  strcat(folder, "/");
  log_file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Whether the file is watched; then `path` is its path. */
static int is_watched(int file, char *path) {
  if (log_file == -1 || file == log_file) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0 && strstr(path, " (deleted)") == NULL;
}

static void put(uint8_t *at, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static void record(int kind, const char *path, uint64_t offset, uint64_t size, const void *old, size_t old_length,
                   const void *new, size_t new_length) {
  uint8_t head[HEAD];
  put(head, (uint64_t)kind, 1);
  put(head + 1, strlen(path), 2);
  put(head + 3, offset, 8);
  put(head + 11, size, 8);
  put(head + 19, old_length, 4);
  put(head + 23, new_length, 4);
  struct iovec pieces[4] = {{head, HEAD}, {(void *)path, strlen(path)}, {(void *)old, old_length}, {(void *)new, new_length}};
  size_t length = HEAD + strlen(path) + old_length + new_length;
  if (real_writev(log_file, pieces, 4) != (ssize_t)length) abort();
}

/* What is about to be changed, as it is. The file may be open for writing only: it is read through another descriptor. */
static void *bytes_of(const char *path, uint64_t offset, size_t length, size_t *found) {
  void *bytes = malloc(length > 0 ? length : 1);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t read = file == -1 || length == 0 ? 0 : pread64(file, bytes, length, (off64_t)offset);
  if (file != -1) close(file);
  *found = read > 0 ? (size_t)read : 0;
  return bytes;
}

static uint64_t size_of(int file) {
  struct stat64 status;
  return fstat64(file, &status) == 0 ? (uint64_t)status.st_size : 0;
}

static void before_write(int file, const char *path, uint64_t offset, const void *bytes, size_t length) {
  size_t found;
  void *old = bytes_of(path, offset, length, &found);
  record(WRITE, path, offset, size_of(file), old, found, bytes, length);
  free(old);
}

static uint64_t position_of(int file) {
  if (fcntl(file, F_GETFL) & O_APPEND) return size_of(file);
  off64_t at = lseek64(file, 0, SEEK_CUR);
  return at < 0 ? 0 : (uint64_t)at;
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) {
  char path[PATH_MAX];
  if (!is_watched(file, path)) return real_pwrite64(file, bytes, length, offset);
  pthread_mutex_lock(&lock);
  before_write(file, path, (uint64_t)offset, bytes, length);
  ssize_t written = real_pwrite64(file, bytes, length, offset);
  pthread_mutex_unlock(&lock);
  return written;
}

ssize_t write(int file, const void *bytes, size_t length) {
  char path[PATH_MAX];
  if (!is_watched(file, path)) return real_write(file, bytes, length);
  pthread_mutex_lock(&lock);
  before_write(file, path, position_of(file), bytes, length);
  ssize_t written = real_write(file, bytes, length);
  pthread_mutex_unlock(&lock);
  return written;
}

static void before_pieces(int file, const char *path, uint64_t at, const struct iovec *pieces, int count) {
  for (int i = 0; i < count; i++) {
    before_write(file, path, at, pieces[i].iov_base, pieces[i].iov_len);
    at += pieces[i].iov_len;
  }
}

ssize_t pwritev64(int file, const struct iovec *pieces, int count, off64_t offset) {
  char path[PATH_MAX];
  if (!is_watched(file, path)) return real_pwritev64(file, pieces, count, offset);
  pthread_mutex_lock(&lock);
  before_pieces(file, path, (uint64_t)offset, pieces, count);
  ssize_t written = real_pwritev64(file, pieces, count, offset);
  pthread_mutex_unlock(&lock);
  return written;
}

/* As libuv calls it: on 64 bits both are the same. */
ssize_t pwritev(int file, const struct iovec *pieces, int count, off_t offset) {
  return pwritev64(file, pieces, count, (off64_t)offset);
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
  char path[PATH_MAX];
  if (!is_watched(file, path)) return real_writev(file, pieces, count);
  pthread_mutex_lock(&lock);
  before_pieces(file, path, position_of(file), pieces, count);
  ssize_t written = real_writev(file, pieces, count);
  pthread_mutex_unlock(&lock);
  return written;
}

int ftruncate64(int file, off64_t length) {
  char path[PATH_MAX];
  if (!is_watched(file, path)) return real_ftruncate64(file, length);
  pthread_mutex_lock(&lock);
  uint64_t size = size_of(file);
  size_t found = 0;
  void *old = bytes_of(path, (uint64_t)length, size > (uint64_t)length ? size - (uint64_t)length : 0, &found);
  record(TRUNCATE, path, (uint64_t)length, size, old, found, NULL, 0);
  free(old);
  int result = real_ftruncate64(file, length);
  pthread_mutex_unlock(&lock);
  return result;
}

/* Nothing is written to any file meanwhile: what is recorded before the record is on the disk. */
static int synced(int file, int (*sync)(int)) {
  char path[PATH_MAX];
  if (!is_watched(file, path)) return sync(file);
  pthread_mutex_lock(&lock);
  int result = sync(file);
  if (result == 0) record(SYNCED, path, 0, 0, NULL, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

int fsync(int file) { return synced(file, real_fsync); }

int fdatasync(int file) { return synced(file, real_fdatasync); }
