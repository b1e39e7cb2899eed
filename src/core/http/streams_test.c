/* Event streams over bare sockets: live, replayed, reset, many at once. */
#include "http/test_server.h"

#include "base/limits.h"
#include "store/events.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY 1200

/* Opens a stream; everything until `what` appears is in *got. */
static int
listen_as(HibTestServer *test, const char *who, const char *last)
{
    int fd = hib_test_connect(test->port);
    g_autofree char *ask =
        g_strconcat("GET " TEST_EVENTS " HTTP/1.1\r\nHost: localhost\r\nCookie: who=", who, "\r\n",
                    last != NULL ? "Last-Event-ID: " : "", last != NULL ? last : "",
                    last != NULL ? "\r\n" : "", "\r\n", NULL);
    hib_test_send(fd, ask);
    return fd;
}

static int
listen_as_owner(HibTestServer *test, const char *last)
{
    return listen_as(test, "owner", last);
}

static char *
read_until(int fd, const char *what)
{
    GString *got = g_string_new(NULL);
    char buffer[4096];
    while (strstr(got->str, what) == NULL) {
        ssize_t n = recv(fd, buffer, sizeof buffer, 0);
        if (n <= 0)
            break;
        g_string_append_len(got, buffer, n);
    }
    return g_string_free(got, FALSE);
}

static void
emit_kind(HibTestServer *test, const char *workspace, const char *kind, const char *subject)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(test->store->store, arena, workspace);
    hib_assert_ok(hib_event_emit(db, kind, subject, "{\"a\":\"響\"}", &error), error);
}

static void
emit(HibTestServer *test, const char *workspace, const char *subject)
{
    emit_kind(test, workspace, "thing.made", subject);
}

static bool
ends_with_n_streams(HibTestServer *test, int n)
{
    for (int i = 0; i < 500 && hib_server_n_streams(test->server) != n; i++)
        g_usleep(10000);
    return hib_server_n_streams(test->server) == n;
}

static char *
id_of(const char *text, const char *subject)
{
    g_autofree char *mark = g_strdup_printf("\"subject\":\"%s\"", subject);
    const char *at = strstr(text, mark);
    g_assert_nonnull(at);
    const char *id = g_strrstr_len(text, at - text, "id: ");
    g_assert_nonnull(id);
    return g_strndup(id + 4, strcspn(id + 4, "\n"));
}

static void
an_event_reaches_the_listeners_of_its_workspace_only(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 0, 0);
    int fd = listen_as_owner(test, NULL);
    g_autofree char *head = read_until(fd, "retry: ");
    g_assert_nonnull(strstr(head, "Content-Type: text/event-stream"));
    emit(test, "01890f0a-0000-7000-8000-000000000002", "other");
    emit(test, TEST_WORKSPACE, "mine");
    g_autofree char *stored = read_until(fd, "\"data\":{\"a\":\"響\"}}\n\n");
    hib_events_tell(store->store, TEST_WORKSPACE, "progress", "told", NULL);
    g_autofree char *live = read_until(fd, "told");
    g_autofree char *got = g_strconcat(stored, live, NULL);
    g_assert_nonnull(strstr(got, "event: thing.made\ndata: {\"subject\":\"mine\",\"at\":\"20"));
    g_assert_nonnull(strstr(got, "\"data\":{\"a\":\"響\"}}\n\n"));
    g_assert_nonnull(strstr(got, "event: progress\n"));
    g_assert_null(strstr(got, "other"));
    close(fd);
}

static void
what_was_missed_is_replayed(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 0, 0);
    int fd = listen_as_owner(test, NULL);
    g_autofree char *head = read_until(fd, "retry"); /* from then on it hears what happens */
    emit(test, TEST_WORKSPACE, "first");
    g_autofree char *before = read_until(fd, "first");
    g_autofree char *last = id_of(before, "first");
    close(fd);
    emit(test, TEST_WORKSPACE, "second");
    emit(test, TEST_WORKSPACE, "third");
    int again = listen_as_owner(test, last);
    g_autofree char *got = read_until(again, "third");
    g_assert_nonnull(strstr(got, "\"second\""));
    g_assert_null(strstr(got, "\"first\""));
    g_assert_null(strstr(got, "event: reset"));
    close(again);
}

static void
what_is_too_old_to_replay_makes_the_listener_reload(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 0, 0);
    int fd = listen_as_owner(test, "7");
    g_autofree char *got = read_until(fd, "event: reset");
    g_assert_nonnull(strstr(got, "event: reset\ndata: {}\n\n"));
    close(fd);
    int other = listen_as_owner(test, NULL);
    g_autofree char *head = read_until(other, "retry");
    emit(test, TEST_WORKSPACE, "first");
    g_autofree char *first = read_until(other, "first");
    g_autofree char *last = id_of(first, "first");
    close(other);
    for (int i = 0; i < 1100; i++)
        hib_events_tell(store->store, TEST_WORKSPACE, "progress", "x", NULL);
    emit(test, TEST_WORKSPACE, "second");
    g_usleep(100000);
    int late = listen_as_owner(test, "0");
    g_autofree char *reset = read_until(late, "event: ");
    g_assert_nonnull(strstr(reset, "event: reset"));
    close(late);
}

static void
a_silent_stream_gets_heartbeats(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 80, 100);
    int fd = listen_as_owner(test, NULL);
    g_autofree char *first = read_until(fd, "\n:\n\n");
    g_autofree char *second = read_until(fd, ":\n\n");
    g_assert_nonnull(strstr(second, ":\n\n"));
    close(fd);
}

static void
nobody_else_may_listen(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 0, 0);
    g_autofree char *a =
        hib_test_ask(test->port, "GET " TEST_EVENTS " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    g_assert_cmpint(hib_test_status(a), ==, 401);
    g_autofree char *b =
        hib_test_ask(test->port, "GET " TEST_EVENTS
                                 " HTTP/1.1\r\nHost: localhost\r\nCookie: who=client\r\n\r\n");
    g_assert_cmpint(hib_test_status(b), ==, 403);
}

static void
more_than_a_thousand_listeners_all_hear_each_event(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 0, 0);
    static int fds[MANY];
    for (int i = 0; i < MANY; i++) {
        g_autofree char *who = g_strdup_printf("owner.%d", i / 4);
        fds[i] = listen_as(test, who, NULL);
    }
    for (int i = 0; i < MANY; i++) {
        g_autofree char *head = read_until(fds[i], "retry: ");
        g_assert_nonnull(strstr(head, "retry: "));
    }
    g_assert_cmpint(hib_server_n_streams(test->server), ==, MANY);
    gint64 start = g_get_monotonic_time();
    for (int n = 0; n < 5; n++) {
        g_autofree char *subject = g_strdup_printf("event-%d", n);
        emit(test, TEST_WORKSPACE, subject);
    }
    for (int i = 0; i < MANY; i++) {
        g_autofree char *got = read_until(fds[i], "event-4");
        g_assert_nonnull(strstr(got, "event-0"));
        g_assert_nonnull(strstr(got, "event-4"));
        close(fds[i]);
    }
    g_test_message("%d events to %d listeners in %d ms", 5, MANY,
                   (int)((g_get_monotonic_time() - start) / 1000));
    emit(test, TEST_WORKSPACE, "to nobody");
    for (int i = 0; i < 500 && hib_server_n_streams(test->server) > 0; i++) {
        emit(test, TEST_WORKSPACE, "so that closed ones are noticed");
        g_usleep(10000);
    }
    g_assert_cmpint(hib_server_n_streams(test->server), ==, 0);
}

static void
a_listener_that_has_left_is_noticed_without_an_event(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 80, 0);
    int left = listen_as_owner(test, NULL), stays = listen_as_owner(test, NULL);
    g_autofree char *a = read_until(left, "retry: ");
    g_autofree char *b = read_until(stays, "retry: ");
    g_assert_cmpint(hib_server_n_streams(test->server), ==, 2);
    close(left);
    g_assert_true(ends_with_n_streams(test, 1));
    emit(test, TEST_WORKSPACE, "still heard");
    g_autofree char *c = read_until(stays, "still heard");
    g_assert_nonnull(strstr(c, "still heard"));
    close(stays);
}

static void
one_person_cannot_take_every_stream(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 0, 0);
    int fds[HIB_LIMIT_STREAMS_PER_PERSON];
    for (int i = 0; i < HIB_LIMIT_STREAMS_PER_PERSON; i++) {
        fds[i] = listen_as_owner(test, NULL);
        g_autofree char *head = read_until(fds[i], "retry: ");
        g_assert_nonnull(strstr(head, "200 OK"));
    }
    int more = listen_as_owner(test, NULL), other = listen_as(test, "owner.other", NULL);
    g_autofree char *refused = hib_test_receive(more, false);
    g_assert_cmpint(hib_test_status(refused), ==, 503);
    g_autofree char *head = read_until(other, "retry: ");
    g_assert_nonnull(strstr(head, "200 OK"));
    close(more);
    close(other);
    for (int i = 0; i < HIB_LIMIT_STREAMS_PER_PERSON; i++)
        close(fds[i]);
}

/* Whoever was removed hears nothing more; the others open theirs anew and miss nothing. */
static void
a_stream_ends_when_rights_may_have_changed(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 0, 0);
    int a = listen_as_owner(test, NULL), b = listen_as(test, "owner.other", NULL);
    g_autofree char *head_a = read_until(a, "retry: ");
    g_autofree char *head_b = read_until(b, "retry: ");
    emit_kind(test, "01890f0a-0000-7000-8000-000000000002", "member.removed", "p");
    emit_kind(test, NULL, "session.ended", "owner.other");
    g_assert_true(ends_with_n_streams(test, 1));
    emit_kind(test, TEST_WORKSPACE, "member.removed", "p");
    g_autofree char *rest = read_until(a, "never said");
    g_assert_nonnull(strstr(rest, "event: member.removed"));
    g_assert_true(ends_with_n_streams(test, 0));
    close(a);
    close(b);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
#define ADD(name) hib_test_add("/http/streams/" #name, name)
    ADD(an_event_reaches_the_listeners_of_its_workspace_only);
    ADD(what_was_missed_is_replayed);
    ADD(what_is_too_old_to_replay_makes_the_listener_reload);
    ADD(a_silent_stream_gets_heartbeats);
    ADD(nobody_else_may_listen);
    ADD(a_listener_that_has_left_is_noticed_without_an_event);
    ADD(one_person_cannot_take_every_stream);
    ADD(a_stream_ends_when_rights_may_have_changed);
    ADD(more_than_a_thousand_listeners_all_hear_each_event);
    return g_test_run();
}
