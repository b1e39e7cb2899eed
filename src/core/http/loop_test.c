/* The loop: as many connections ready at once as libmicrohttpd fetches at a time are answered without another event, and it ends at once when it is told to. */
#include "base/time.h"
#include "http/server_private.h"
#include "http/test_client.h"

#include <string.h>
#include <unistd.h>

#define AT_ONCE 128

static enum MHD_Result
answer(void *data, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *upload, size_t *n_upload, void **state)
{
    static int begun;
    if (*state == NULL) {
        *state = &begun;
        return MHD_YES;
    }
    *state = NULL;
    if (strcmp(url, "/slow") == 0)
        g_usleep(200000); /* meanwhile all others become ready */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(2, (void *)(uintptr_t) "ok", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result done = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return done;
}

static void
all_that_is_ready_at_once_is_answered(void)
{
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL,
                         answer, NULL, MHD_OPTION_CONNECTION_TIMEOUT, 30u,
                         MHD_OPTION_CONNECTION_LIMIT, 2 * AT_ONCE, MHD_OPTION_END);
    g_assert_nonnull(daemon);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    HibLoop loop = {0};
    int fds[AT_ONCE + 1];
    g_assert_true(hib_loop_start(&loop, daemon));
    for (size_t i = 0; i <= AT_ONCE; i++) { /* each is known before any asks */
        fds[i] = hib_test_connect(info->port);
        hib_test_send(fds[i], "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        g_autofree char *reply = hib_test_receive(fds[i], false);
        g_assert_cmpint(hib_test_status(reply), ==, 200);
    }
    hib_test_send(fds[AT_ONCE], "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
    g_usleep(50000);
    for (size_t i = 0; i < AT_ONCE; i++)
        hib_test_send(fds[i], "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for (size_t i = 0; i <= AT_ONCE; i++) {
        g_autofree char *reply = hib_test_receive(fds[i], false);
        g_assert_cmpint(hib_test_status(reply), ==, 200);
        close(fds[i]);
    }
    const int64_t began = hib_monotonic_us();
    hib_loop_stop(&loop);
    g_assert_cmpint(hib_monotonic_us() - began, <, HIB_SECOND / 2);
    MHD_stop_daemon(daemon);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/loop/at-once", all_that_is_ready_at_once_is_answered);
    return g_test_run();
}
