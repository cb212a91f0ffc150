// What Swift cannot import from libzmq and Linux by itself: eventfd, errno, and error numbers behind macros.
#ifndef CARE_CZEROMQ_SHIM_H
#define CARE_CZEROMQ_SHIM_H

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

// libzmq numbers its own errors from ZMQ_HAUSNUMERO.
static const int care_zmq_efsm = EFSM;
static const int care_zmq_enocompatproto = ENOCOMPATPROTO;
static const int care_zmq_eterm = ETERM;
static const int care_zmq_emthread = EMTHREAD;

// A non-blocking eventfd that is closed on exec, or -1.
static inline int care_eventfd_make(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

// Adds one to the counter. Safe from any thread. EAGAIN means the counter is full: the reader is awake already.
static inline int care_eventfd_signal(int descriptor) {
    uint64_t one = 1;
    ssize_t written;
    do {
        written = write(descriptor, &one, sizeof one);
    } while (written < 0 && errno == EINTR);
    return written == sizeof one || errno == EAGAIN ? 0 : -1;
}

// Takes the counter back to zero. Returns how often it was signalled, 0 when it was not.
static inline uint64_t care_eventfd_drain(int descriptor) {
    uint64_t count = 0;
    ssize_t taken;
    do {
        taken = read(descriptor, &count, sizeof count);
    } while (taken < 0 && errno == EINTR);
    return taken == sizeof count ? count : 0;
}

static inline int care_close(int descriptor) {
    return close(descriptor);
}

#endif
