/* The log's lines, read back through a pipe put in the place of standard error. */
#include "base/log.h"

#include "base/error.h"
#include "base/json.h"

#include <string.h>
#include <unistd.h>

typedef struct {
    HibArena *arena;
    int real_stderr;
    int pipe[2];
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->arena = hib_arena_new();
    f->real_stderr = dup(STDERR_FILENO);
    g_assert_cmpint(pipe(f->pipe), ==, 0);
    dup2(f->pipe[1], STDERR_FILENO);
    close(f->pipe[1]);
}

static char *
logged(Fixture *f)
{
    dup2(f->real_stderr, STDERR_FILENO); /* closes the pipe's last writing end */
    GString *all = g_string_new("");
    char part[4096];
    for (ssize_t n = read(f->pipe[0], part, sizeof part); n > 0;
         n = read(f->pipe[0], part, sizeof part))
        g_string_append_len(all, part, n);
    char *text = hib_arena_strdup(f->arena, all->str);
    g_string_free(all, TRUE);
    return text;
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    close(f->pipe[0]);
    close(f->real_stderr);
    hib_arena_free(f->arena);
    hib_log_set_level(HIB_INFO);
}

static HibJson
one_line(Fixture *f)
{
    char *text = logged(f);
    HibJson json = {0};
    size_t n = strlen(text);
    g_assert_cmpuint(n, >, 0);
    g_assert_true(strchr(text, '\n') == text + n - 1);
    g_assert_true(hib_json_parse(f->arena, text, n, &json, NULL));
    return json;
}

static void
assert_field(HibJson json, const char *key, const char *value)
{
    const char *got = NULL;
    g_assert_true(hib_json_text(json, key, &got, NULL));
    g_assert_cmpstr(got, ==, value);
}

static void
an_event_is_one_json_line_with_its_context(Fixture *f, gconstpointer data)
{
    hib_log_context("request", "r1");
    hib_log_context("workspace", "w1");
    hib_log_context("workspace", "w2");
    hib_log(HIB_WARN, "publish.unknown", "text", "a\"b\\c\n\x01\xff日", "none", NULL, NULL);
    hib_log_context("request", NULL);
    hib_log_context("workspace", NULL);
    HibJson json = one_line(f);
    HibInstant at = 0;
    g_assert_true(hib_json_time(json, "at", &at, NULL));
    assert_field(json, "level", "warn");
    assert_field(json, "event", "publish.unknown");
    assert_field(json, "text", "a\"b\\c\n\x01\xef\xbf\xbd日");
    assert_field(json, "request", "r1");
    assert_field(json, "workspace", "w2");
    g_assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(json.value, "none")));
}

static void
an_error_is_logged_with_its_reason(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    hib_error_set_at(&error, HIB_ERROR_HELD, "publish.held", "/at", "held by %s", "a@example.jp");
    hib_log_error(HIB_ALARM, "publish.failed", error, "delivery", "d1", NULL);
    HibJson json = one_line(f);
    assert_field(json, "error_kind", "held");
    assert_field(json, "error_reason", "publish.held");
    assert_field(json, "error_text", "held by a@example.jp");
    assert_field(json, "error_pointer", "/at");
    assert_field(json, "delivery", "d1");
}

static void
a_secret_is_not_printed_even_when_given(Fixture *f, gconstpointer data)
{
    hib_log(HIB_INFO, "e", "password", "hunter2", "Authorization", "hunter2", "access_token",
            "hunter2", NULL);
    g_assert_null(strstr(logged(f), "hunter2"));
}

static void
what_is_below_the_level_is_silent(Fixture *f, gconstpointer data)
{
    hib_log(HIB_DEBUG, "quiet", NULL);
    hib_log_set_level(HIB_ALARM);
    hib_log(HIB_WARN, "quiet", NULL);
    hib_log_error(HIB_WARN, "quiet", NULL, NULL);
    hib_log(HIB_ALARM, "loud", NULL);
    assert_field(one_line(f), "event", "loud");
}

static gpointer
log_many(gpointer data)
{
    hib_log_context("worker", data);
    for (int i = 0; i < 100; i++)
        hib_log(HIB_INFO, "many", "own", data, NULL);
    return NULL;
}

static void
lines_of_threads_never_mix_and_each_has_its_own_context(Fixture *f, gconstpointer data)
{
    static char names[4][2] = {"a", "b", "c", "d"};
    GThread *threads[4];
    for (int t = 0; t < 4; t++)
        threads[t] = g_thread_new("log", log_many, names[t]);
    for (int t = 0; t < 4; t++)
        g_thread_join(threads[t]);
    g_auto(GStrv) lines = g_strsplit(logged(f), "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 401);
    for (int i = 0; i < 400; i++) {
        HibJson json = {0};
        const char *own = NULL;
        g_assert_true(hib_json_parse(f->arena, lines[i], strlen(lines[i]), &json, NULL));
        g_assert_true(hib_json_text(json, "own", &own, NULL));
        assert_field(json, "worker", own);
    }
}

#define ADD(name) g_test_add("/log/" #name, Fixture, NULL, set_up, name, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(an_event_is_one_json_line_with_its_context);
    ADD(an_error_is_logged_with_its_reason);
    ADD(a_secret_is_not_printed_even_when_given);
    ADD(what_is_below_the_level_is_silent);
    ADD(lines_of_threads_never_mix_and_each_has_its_own_context);
    return g_test_run();
}
