/* The epoll thread: libmicrohttpd is asked to do what is at hand, and we sleep.
 *
 * Left to sleep by itself, libmicrohttpd 0.9.75 fetches events 128 at a time and asks again, with its whole timeout, after it got exactly that many: with 128 connections whose clients
 * wait for us, it then sleeps on what it has fetched. Asked by MHD_run it never sleeps.
 *
 * Its own wake-up is read within MHD_run, where one that comes after it has looked for resumed connections would be lost for a sleep of ours: resuming wakes us by a descriptor of our own,
 * read before. */
#include "base/time.h"
#include "http/server_private.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LONGEST_MS 1000

static int
patience_of(struct MHD_Daemon *daemon)
{
    MHD_UNSIGNED_LONG_LONG ms = LONGEST_MS;
    return MHD_get_timeout(daemon, &ms) == MHD_YES ? (int)MIN(ms, LONGEST_MS) : LONGEST_MS;
}

static void *
run(void *data)
{
    HibLoop *loop = data;
    struct pollfd fds[] = {{.fd = loop->fd, .events = POLLIN},
                           {.fd = loop->wake, .events = POLLIN}};
    while (!atomic_load(&loop->is_stopping)) {
        int ms = patience_of(loop->daemon);
        eventfd_t ignored;
        if (poll(fds, G_N_ELEMENTS(fds), ms) > 0 && fds[1].revents != 0)
            eventfd_read(loop->wake, &ignored);
        MHD_run(loop->daemon);
    }
    return NULL;
}

bool
hib_loop_start(HibLoop *loop, struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL || (loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
        return false;
    loop->daemon = daemon;
    loop->fd = info->epoll_fd;
    if (pthread_create(&loop->thread, NULL, run, loop) == 0)
        return true;
    close(loop->wake);
    return false;
}

void
hib_loop_resume(HibLoop *loop, struct MHD_Connection *connection)
{
    MHD_resume_connection(connection);
    eventfd_write(loop->wake, 1);
}

void
hib_loop_stop(HibLoop *loop)
{
    atomic_store(&loop->is_stopping, true);
    eventfd_write(loop->wake, 1);
    pthread_join(loop->thread, NULL);
    MHD_run(loop->daemon); /* replies that were ready meanwhile */
    close(loop->wake);
}
