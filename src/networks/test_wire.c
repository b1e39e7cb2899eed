/* See test_wire.h. */
#include "networks/test_wire.h"
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

struct TestWire {
    int listener;
    char *url;
    GThread *thread;
    TestWireOn on;
    void *data;
    GString *room;
};

/* --- one connection, one call ---------------------------------------------------------------------------------- */
static bool
read_some(int fd, GString *in)
{
    char block[65536];
    ssize_t n = recv(fd, block, sizeof block, 0);
    if (n > 0)
        g_string_append_len(in, block, n);
    return n > 0;
}

static GHashTable *
read_headers(const char *head)
{
    GHashTable *out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
    for (size_t i = 1; lines[0] && lines[i]; i++) {
        char *colon = strchr(lines[i], ':');
        if (colon)
            g_hash_table_replace(out, g_ascii_strdown(lines[i], colon - lines[i]),
                                 g_strstrip(g_strdup(colon + 1)));
    }
    return out;
}

static void
send_all(int fd, const char *text, size_t n)
{
    for (ssize_t sent; n > 0; text += sent, n -= (size_t)sent) {
        sent = send(fd, text, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
    }
}

static void
serve(TestWire *wire, int fd)
{
    g_autoptr(GString) in = g_string_new(NULL);
    const char *end;
    while (!(end = strstr(in->str, "\r\n\r\n")))
        if (!read_some(fd, in))
            return;
    size_t n_head = (size_t)(end - in->str);
    g_autofree char *head = g_strndup(in->str, n_head);
    g_autoptr(GHashTable) headers = read_headers(head);
    const char *length = g_hash_table_lookup(headers, "content-length");
    size_t n_body = length ? (size_t)g_ascii_strtoull(length, NULL, 10) : 0;
    while (in->len < n_head + 4 + n_body)
        if (!read_some(fd, in))
            return;
    g_auto(GStrv) words = g_strsplit(head, " ", 3);
    TestWireCall call = {.method = words[0],
                         .path = words[0] ? words[1] : "",
                         .body = in->str + n_head + 4,
                         .n_body = n_body,
                         .headers = headers};
    g_string_truncate(wire->room, 0);
    TestWireAnswer answer = {.status = 200, .room = wire->room};
    wire->on(wire->data, &call, &answer);
    if (answer.is_cut)
        return;
    const char *body = answer.body ? answer.body : wire->room->str;
    g_autofree char *text =
        g_strdup_printf("HTTP/1.1 %d Said\r\n%sContent-Type: %s\r\nContent-Length: %zu\r\n"
                        "Connection: close\r\n\r\n%s",
                        answer.status, answer.headers ? answer.headers : "",
                        answer.type ? answer.type : "application/json", strlen(body), body);
    send_all(fd, text, strlen(text));
}

static gpointer
run(gpointer data)
{
    TestWire *wire = data;
    for (int fd; (fd = accept(wire->listener, NULL, NULL)) >= 0; close(fd))
        serve(wire, fd);
    return NULL;
}

TestWire *
test_wire_new(TestWireOn on, void *data)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;
    TestWire *wire = g_new0(TestWire, 1);
    *wire = (TestWire){.on = on, .data = data, .room = g_string_new(NULL)};
    wire->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(wire->listener, (struct sockaddr *)&address, n), ==, 0);
    g_assert_cmpint(listen(wire->listener, 16), ==, 0);
    getsockname(wire->listener, (struct sockaddr *)&address, &n);
    wire->url = g_strdup_printf("http://127.0.0.1:%d", ntohs(address.sin_port));
    wire->thread = g_thread_new("wire", run, wire);
    return wire;
}

void
test_wire_free(TestWire *wire)
{
    if (!wire)
        return;
    shutdown(wire->listener, SHUT_RDWR);
    g_thread_join(wire->thread);
    close(wire->listener);
    g_string_free(wire->room, true);
    g_free(wire->url);
    g_free(wire);
}

const char *
test_wire_url(const TestWire *wire)
{
    return wire->url;
}

/* --- as the dispatcher does -------------------------------------------------------------------------------------- */
static void
wait_until(TestDrive *drive, HibInstant at, HibDuration otherwise)
{
    HibInstant now = hib_clock_now(drive->net.clock);
    hib_clock_manual_set(drive->net.clock, at > now ? at : now + otherwise);
}

/* True: go on; false: *ret says how it ended. */
static bool
after_step(TestDrive *drive, HibNetStepKind kind, TestOutcome *ret)
{
    switch (drive->last.class) {
    case HIB_NET_OK:
        *ret = TEST_PUBLISHED;
        return !drive->sending.is_done;
    case HIB_NET_RECONCILE:
        drive->is_unknown = kind != HIB_NET_STEP_PREPARE;
        wait_until(drive, 0, 5 * HIB_SECOND);
        return true;
    case HIB_NET_REFRESH_AUTH:
        *ret = TEST_FAILED;
        return drive->network->refresh(&drive->net, &drive->grant, &drive->grant).class ==
               HIB_NET_OK;
    case HIB_NET_NEW_HANDLE:
        drive->sending.handle = drive->network->new_handle(&drive->net);
        drive->sending.progress = "{}";
        drive->sending.sent_at = 0;
        return true;
    case HIB_NET_RETRY_SAME:
    case HIB_NET_RETRY_AFTER:
    case HIB_NET_WAIT_ASYNC:
        wait_until(drive, drive->last.retry_at, 5 * HIB_SECOND);
        drive->is_unknown = false;
        return true;
    default:
        *ret = TEST_FAILED;
        return false;
    }
}

/* True: settled or still open; false: it is found. */
static bool
look(TestDrive *drive)
{
    bool is_found = false;
    HibInstant settled =
        drive->sending.sent_at + drive->network->limits()->settling_ms * HIB_MILLISECOND;
    drive->last = drive->network->find(&drive->net, &drive->grant, &drive->sending, &is_found);
    if (drive->last.class == HIB_NET_OK && is_found)
        return false;
    if (drive->last.class == HIB_NET_OK && hib_clock_now(drive->net.clock) >= settled)
        drive->is_unknown = false;
    else if (drive->last.class == HIB_NET_REFRESH_AUTH)
        (void)drive->network->refresh(&drive->net, &drive->grant, &drive->grant);
    else
        wait_until(drive, MAX(drive->last.retry_at, settled), 5 * HIB_SECOND);
    return true;
}

TestOutcome
test_drive(TestDrive *drive, int most)
{
    TestOutcome end = TEST_UNKNOWN;
    for (; drive->n_calls < most; drive->n_calls++) {
        if (drive->is_unknown) {
            if (!look(drive))
                return TEST_PUBLISHED;
            continue;
        }
        HibNetStep next = drive->network->next_step(&drive->sending);
        if (next.kind == HIB_NET_STEP_EFFECT && !drive->sending.sent_at)
            drive->sending.sent_at = hib_clock_now(drive->net.clock);
        drive->last = drive->network->run_step(&drive->net, &drive->grant, &drive->sending);
        if (!after_step(drive, next.kind, &end))
            return end;
    }
    return TEST_UNKNOWN;
}
