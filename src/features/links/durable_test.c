/* Clicks of many threads are kept when their caller goes on, each once, also when the process is killed or the disk takes nothing for a while. */
#include "links/durable.h"
#include "test_workspace.h"
#include <glib/gstdio.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#define THREADS 8
#define EACH 200

typedef struct {
    HibDurable *durable;
    int64_t first;
} Visitor;

static void *
click(void *data)
{
    const Visitor *visitor = data;
    for (int64_t i = 0; i < EACH; i++) {
        const HibClick one = {.id = visitor->first + i};
        hib_durable_record(visitor->durable, &one);
    }
    return NULL;
}

/* How often each click lies in the folder. */
static size_t
count(const char *folder, unsigned *times)
{
    HibSpool *spool = hib_spool_open(folder, NULL);
    HibSpoolFile *files = hib_spool_files(spool);
    g_autofree HibClick *out = g_new(HibClick, THREADS * EACH);
    size_t n_files = 0;
    for (HibSpoolFile *file = files; file->path; file++, n_files++) {
        size_t n = hib_spool_read(file, 0, out, THREADS * EACH);
        for (size_t i = 0; i < n; i++)
            times[out[i].id]++;
        hib_spool_drop(spool, file);
    }
    hib_spool_files_free(files);
    hib_spool_close(spool);
    return n_files;
}

static void
what_was_recorded_is_there_once(void)
{
    GError *error = NULL;
    g_autofree char *folder = g_dir_make_tmp("hib-durable-XXXXXX", NULL);
    HibDurable *durable = hib_durable_open(folder, &error);
    Visitor visitors[THREADS];
    pthread_t threads[THREADS];
    unsigned times[THREADS * EACH] = {0};
    HibDurableState state;
    hib_assert_ok(durable != NULL, error);
    for (int i = 0; i < THREADS; i++) {
        visitors[i] = (Visitor){durable, (int64_t)i * EACH};
        pthread_create(&threads[i], NULL, click, &visitors[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    hib_durable_state(durable, &state);
    g_assert_cmpint(state.n_spooled, ==, THREADS * EACH);
    g_assert_false(state.is_failing || state.n_held || state.n_lost || state.failed_at);
    hib_durable_end(durable);
    hib_durable_close(durable);
    g_assert_cmpuint(count(folder, times), >, 0);
    for (int i = 0; i < THREADS * EACH; i++)
        g_assert_cmpuint(times[i], ==, 1);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static void
a_killed_process_loses_nothing(void)
{
    g_autofree char *folder = g_dir_make_tmp("hib-durable-XXXXXX", NULL);
    unsigned times[THREADS * EACH] = {0};
    pid_t child = fork();
    if (child == 0) {
        Visitor visitor = {hib_durable_open(folder, NULL), 0};
        click(&visitor);
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    g_assert_cmpuint(count(folder, times), ==, 1);
    for (int i = 0; i < EACH; i++)
        g_assert_cmpuint(times[i], ==, 1);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static void
nobody_waits_once_a_file_is_there(void)
{
    GError *error = NULL;
    g_autofree char *folder = g_dir_make_tmp("hib-durable-XXXXXX", NULL);
    unsigned times[THREADS * EACH] = {0};
    HibDurable *durable = hib_durable_open(folder, &error);
    hib_assert_ok(durable != NULL, error);
    g_assert_false(hib_durable_is_ready(durable)); /* nobody came yet: no file lies about */
    hib_durable_record(durable, &(HibClick){.id = 1});
    g_assert_true(hib_durable_is_ready(durable));
    hib_durable_end(durable);
    hib_durable_close(durable);
    g_assert_cmpuint(count(folder, times), ==, 1);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

/* The thread tries again by itself. */
static void
wait_until_it_works(HibDurable *durable, HibDurableState *ret)
{
    for (int i = 0; i < 500; i++) {
        hib_durable_state(durable, ret);
        if (!ret->is_failing && !ret->n_held)
            return;
        g_usleep(10000);
    }
}

static void
what_cannot_be_written_is_held_and_written_when_it_can(void)
{
    GError *error = NULL;
    g_autofree char *parent = g_dir_make_tmp("hib-durable-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(parent, "spool", NULL);
    HibDurable *durable = hib_durable_open(folder, &error);
    unsigned times[THREADS * EACH] = {0};
    HibDurableState state;
    hib_assert_ok(durable != NULL, error);
    g_assert_cmpint(g_rmdir(folder), ==, 0); /* as a disk that takes no file */
    const HibClick first = {.id = 1}, second = {.id = 2};
    hib_durable_record(durable, &first); /* the visitor is let on */
    hib_durable_state(durable, &state);
    g_assert_true(state.is_failing && state.failed_at && *state.failure);
    g_assert_cmpint(state.n_held, ==, 1);
    g_assert_true(hib_durable_is_ready(durable)); /* in memory, without a wait */
    hib_durable_record(durable, &second);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    wait_until_it_works(durable, &state);
    g_assert_false(state.is_failing);
    g_assert_cmpint(state.n_held, ==, 0);
    g_assert_cmpint(state.n_spooled, ==, 2);
    g_assert_true(state.failed_at && *state.failure); /* the last one is still told */
    hib_durable_end(durable);
    hib_durable_close(durable);
    count(folder, times);
    g_assert_true(times[1] == 1 && times[2] == 1);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_assert_cmpint(g_rmdir(parent), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/durable/once", what_was_recorded_is_there_once);
    g_test_add_func("/links/durable/killed", a_killed_process_loses_nothing);
    g_test_add_func("/links/durable/ready", nobody_waits_once_a_file_is_there);
    g_test_add_func("/links/durable/held", what_cannot_be_written_is_held_and_written_when_it_can);
    return g_test_run();
}
