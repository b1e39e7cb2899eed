/* The child: its walls stand, what it says is not believed, and whatever happens to it ends in a clear word. */
#include "base/error.h"
#include "media/media_private.h"
#include "store/test_store.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    struct HibMediaWorkers *workers;
    int in, out;
} Fixture;

static int
empty_file(void)
{
    char path[] = "/tmp/hibiki-child-XXXXXX";
    const int fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    g_assert_cmpint(fd, >=, 0);
    unlink(path);
    return fd;
}

static void
set_up(Fixture *f, const void *data)
{
    *f = (Fixture){hib_media_workers_new(), empty_file(), empty_file()};
}

static void
tear_down(Fixture *f, const void *data)
{
    hib_media_workers_free(f->workers);
    close(f->in);
    close(f->out);
}

/* What trying `what` in the child ends with; the text says by which signal. */
static GError *
try_it(Fixture *f, const char *what, int deadline_ms)
{
    HibWork work = {.kind = HIB_WORK_TRY, .max_bytes = 1000, .cpu_s = 2, .memory_mb = 1024};
    HibWorkReply reply;
    GError *error = NULL;
    const HibChildTask task = {
        .work = &work, .in = f->in, .out = f->out, .deadline_ms = deadline_ms};
    g_strlcpy(work.mime, what, sizeof work.mime);
    g_assert_false(hib_child_run(f->workers, &task, &reply, &error));
    g_assert_nonnull(error);
    g_test_message("%s: %s: %s", what, hib_error_reason(error), error->message);
    return error;
}

static void
opening_connecting_and_running_end_the_child(Fixture *f, const void *data)
{
    static const char *const deeds[] = {"open", "socket", "exec", "fork", "execute", "kill"};
    for (size_t i = 0; i < G_N_ELEMENTS(deeds); i++) {
        g_autoptr(GError) error = try_it(f, deeds[i], 20000);
        g_assert_cmpstr(hib_error_reason(error), ==, "media.damaged");
        g_assert_nonnull(strstr(error->message, "signal 31")); /* SIGSYS */
    }
}

static void
what_is_allowed_comes_back(Fixture *f, const void *data)
{
    g_autoptr(GError) error = try_it(f, "nothing", 20000);
    g_assert_nonnull(strstr(error->message, "tried"));
}

static void
endless_work_is_ended_by_its_own_limit_or_ours(Fixture *f, const void *data)
{
    g_autoptr(GError) spun = try_it(f, "spin", 20000); /* 2 s of CPU */
    g_assert_cmpstr(hib_error_reason(spun), ==, "media.took_too_long");
    const int64_t since = hib_monotonic_us();
    g_autoptr(GError) slept = try_it(f, "sleep", 700); /* uses none */
    g_assert_cmpstr(hib_error_reason(slept), ==, "media.took_too_long");
    g_assert_cmpint(hib_monotonic_us() - since, <, 5 * HIB_SECOND);
}

static void
memory_and_output_have_an_end(Fixture *f, const void *data)
{
#if !defined(__SANITIZE_ADDRESS__) &&                                                              \
    !defined(__SANITIZE_THREAD__) /* their shadow is not counted */
    g_autoptr(GError) eaten = try_it(f, "eat", 20000);
    g_assert_nonnull(strstr(eaten->message, "tried")); /* malloc said no */
#endif
    g_autoptr(GError) written = try_it(f, "write", 20000);
    g_assert_cmpstr(hib_error_reason(written), ==, "media.fit_bytes");
    g_assert_cmpint(lseek(f->out, 0, SEEK_END), <=, (1 << 20) + 2000);
}

static void
a_babbling_child_is_not_heard_out(Fixture *f, const void *data)
{
    g_autoptr(GError) error = try_it(f, "flood", 20000);
    g_assert_cmpstr(hib_error_reason(error), ==, "media.damaged");
}

static void *
stop_soon(void *workers)
{
    g_usleep(300 * 1000);
    hib_media_workers_stop(workers);
    return NULL;
}

static void
the_end_of_the_program_ends_the_child(Fixture *f, const void *data)
{
    GThread *thread = g_thread_new("stop", stop_soon, f->workers);
    g_autoptr(GError) error = try_it(f, "sleep", 20000);
    g_thread_join(thread);
    g_assert_cmpstr(hib_error_reason(error), ==, "media.stopping");
    g_assert_true(hib_error_is(error, HIB_ERROR_BUSY));
}

static void
long_work_leaves_a_place_for_short(Fixture *f, const void *data)
{
    int n_long = 0, n_short = 0;
    while (hib_media_workers_take(f->workers, true, 0))
        n_long++;
    while (hib_media_workers_take(f->workers, false, 0))
        n_short++;
    g_assert_cmpint(n_long, >=, 1);
    g_assert_cmpint(n_short, ==, 1);
    hib_media_workers_give(f->workers, true);
    g_assert_true(hib_media_workers_take(f->workers, true, 0));
    g_assert_false(hib_media_workers_take(NULL, false, 0));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add("/child/" #name, Fixture, NULL, set_up, name, tear_down)
    ADD(opening_connecting_and_running_end_the_child);
    ADD(what_is_allowed_comes_back);
    ADD(endless_work_is_ended_by_its_own_limit_or_ours);
    ADD(memory_and_output_have_an_end);
    ADD(a_babbling_child_is_not_heard_out);
    ADD(the_end_of_the_program_ends_the_child);
    ADD(long_work_leaves_a_place_for_short);
    return g_test_run();
}
