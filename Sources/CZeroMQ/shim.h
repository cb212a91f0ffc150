// What Swift cannot import from libzmq and Linux by itself: eventfd, errno, error numbers behind macros, and what the
// kernel knows of a TCP connection.
#ifndef CARE_CZEROMQ_SHIM_H
#define CARE_CZEROMQ_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
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

// A TCP connection, as the kernel sees it.
struct care_tcp_connection {
    // The peer's address: IPv6, or IPv4 as ::ffff:a.b.c.d.
    uint8_t peer[16];
    // The peer's port, and ours.
    uint16_t peer_port, port;
    // Milliseconds since we sent something.
    uint32_t idle_milliseconds;
    // Bytes that we have sent, each counted once.
    uint64_t sent;
};

static inline void care_tcp_address(const struct sockaddr_in6 *from, uint8_t to[16]) {
    if (from->sin6_family == AF_INET6) {
        memcpy(to, &from->sin6_addr, 16);
        return;
    }
    memset(to, 0, 10);
    memset(to + 10, 0xFF, 2);
    memcpy(to + 12, (const uint8_t *)from + offsetof(struct sockaddr_in, sin_addr), 4);
}

// Reads what is known of a connection. 0 when the descriptor is none, or the kernel does not count what is sent.
static inline int care_tcp_read(int descriptor, struct care_tcp_connection *found) {
    struct sockaddr_in6 own, other;
    socklen_t length = sizeof own;
    if (getsockname(descriptor, (struct sockaddr *)&own, &length) != 0) return 0;
    if (own.sin6_family != AF_INET && own.sin6_family != AF_INET6) return 0;
    length = sizeof other;
    if (getpeername(descriptor, (struct sockaddr *)&other, &length) != 0) return 0;
    // Offsets of the kernel's struct tcp_info, which only ever grows; the C library's copy ends before the counts.
    enum { information = 11, last_data_sent = 44, bytes_sent = 200, bytes_sent_again = 208, needed = 216 };
    uint8_t known[256];
    length = sizeof known;
    if (getsockopt(descriptor, IPPROTO_TCP, information, known, &length) != 0 || length < needed) return 0;
    uint64_t sent, again;
    memcpy(&found->idle_milliseconds, known + last_data_sent, 4);
    memcpy(&sent, known + bytes_sent, 8);
    memcpy(&again, known + bytes_sent_again, 8);
    found->sent = sent - (again < sent ? again : sent);
    found->port = ntohs(own.sin6_port);
    found->peer_port = ntohs(other.sin6_port);
    care_tcp_address(&other, found->peer);
    return 1;
}

// Ends a connection in both directions, provided that it is still the one that was seen and that nothing was sent on it
// since. Whoever owns the descriptor closes it then. The descriptor may be closed and be another file at any moment, so all
// is done through `spare`, an own descriptor that holds a copy of `blank` before and after. Returns 1 when it was done.
static inline int care_tcp_end(int descriptor, int spare, int blank, const struct care_tcp_connection *seen) {
    if (dup3(descriptor, spare, O_CLOEXEC) != spare) return 0;
    struct care_tcp_connection now;
    int done = care_tcp_read(spare, &now) && now.port == seen->port && now.peer_port == seen->peer_port &&
        now.sent == seen->sent && memcmp(now.peer, seen->peer, sizeof now.peer) == 0 && shutdown(spare, SHUT_RDWR) == 0;
    dup3(blank, spare, O_CLOEXEC);
    return done;
}

// Whether the number is that of an open file.
static inline int care_is_open(int descriptor) {
    return fcntl(descriptor, F_GETFD) >= 0;
}

// How many files the process may have open.
static inline uint64_t care_open_file_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

static inline int care_close(int descriptor) {
    return close(descriptor);
}

#endif
