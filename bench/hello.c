/* The peer of api-read: a bare libmicrohttpd server, one epoll thread, that answers every request with the same bytes.
 * `hello FILE`: the bytes of FILE; prints its port. */
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    char *data;
    size_t n;
} Content;

static enum MHD_Result
answer(void *closure, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *upload_data, size_t *upload_n, void **state)
{
    static int seen;
    if (!*state) {
        *state = &seen;
        return MHD_YES;
    }
    const Content *content = closure;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(content->n, content->data, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result result = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return result;
}

int
main(int argc, char **argv)
{
    Content content = {malloc(1 << 20), 0};
    FILE *file = argc > 1 && content.data ? fopen(argv[1], "rb") : NULL;
    if (!file)
        return 2;
    content.n = fread(content.data, 1, 1 << 20, file);
    fclose(file);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, &content,
                         MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
    if (!daemon)
        return 1;
    printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    pause();
    return 0;
}
