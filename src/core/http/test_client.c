/* A bare socket for tests: see test_client.h. */
#include "http/test_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

int
hib_test_connect(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval limit = {.tv_sec = 10};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&to, sizeof to), ==, 0);
    return fd;
}

void
hib_test_send(int fd, const char *text)
{
    size_t n = strlen(text);
    while (n > 0) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);
        if (sent <= 0) /* the server may have refused already */
            return;
        text += sent;
        n -= (size_t)sent;
    }
}

static bool
is_whole(const GString *got, bool is_head)
{
    const char *end = strstr(got->str, "\r\n\r\n");
    if (end == NULL)
        return false;
    if (is_head)
        return true;
    g_autofree char *length = hib_test_header(got->str, "Content-Length");
    return got->len >= (gsize)(end + 4 - got->str) + strtoul(length, NULL, 10);
}

/* Byte by byte in the head, so that a pipelined reply is left for the next call. */
char *
hib_test_receive(int fd, bool is_head)
{
    GString *got = g_string_new(NULL);
    while (!is_whole(got, is_head)) {
        char byte = 0;
        ssize_t n = recv(fd, &byte, 1, 0);
        if (n <= 0)
            break;
        g_string_append_c(got, byte);
    }
    return g_string_free(got, FALSE);
}

char *
hib_test_drain(int fd)
{
    GString *got = g_string_new(NULL);
    char byte = 0;
    while (recv(fd, &byte, 1, 0) > 0)
        g_string_append_c(got, byte);
    return g_string_free(got, FALSE);
}

bool
hib_test_is_closed(int fd)
{
    char byte = 0;
    return recv(fd, &byte, 1, 0) <= 0;
}

char *
hib_test_ask(int port, const char *text)
{
    int fd = hib_test_connect(port);
    hib_test_send(fd, text);
    char *reply = hib_test_receive(fd, g_str_has_prefix(text, "HEAD"));
    close(fd);
    return reply;
}

int
hib_test_status(const char *reply)
{
    return g_str_has_prefix(reply, "HTTP/1.1 ") ? (int)g_ascii_strtoll(reply + 9, NULL, 10) : 0;
}

char *
hib_test_header(const char *reply, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = strstr(reply, "\r\n"); p != NULL && strncmp(p, "\r\n\r\n", 4) != 0;
         p = strstr(p + 2, "\r\n")) {
        if (strncasecmp(p + 2, name, n) == 0 && p[2 + n] == ':')
            return g_strstrip(g_strndup(p + 3 + n, strcspn(p + 3 + n, "\r")));
    }
    return g_strdup("");
}

const char *
hib_test_body(const char *reply)
{
    const char *end = strstr(reply, "\r\n\r\n");
    return end != NULL ? end + 4 : "";
}
