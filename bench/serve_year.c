/* What `hibiki serve` runs, with time played: the program of app/ with its HTTP server, job runner and store, and the practice networks in a process of their own; both go by one clock, which moves
 * only when it is told to and then from one due job to the next, as fast as the work is done.
 *
 *   serve_year DATA_DIR PORT FIRST STRIDE_S      FIRST: Unix seconds; STRIDE_S: how late reading may be (hib_jobs_play)
 *
 * Says {"pid":…,"world_pid":…,"world":{as `hibiki practice --json`}}, is told the setting `practice`, says "ready"; from then on each line it is told is an instant in Unix seconds, and
 * it says "at" when it has lived up to it. Ends with its input. */
#include "app/practice.h"
#include "app/program.h"
#include "base/log.h"
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int
run_world(HibClock *clock, pid_t server)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const HibWorldOptions options = {
        .clock = clock, .seed = 8470, .n_accounts = 6, .has_limits = true, .has_control = true};
    HibWorld *world = hib_world_start(&options, &error);
    if (!world)
        return 1;
    printf("{\"pid\":%d,\"world_pid\":%d,\"world\":%s}\n", (int)server, (int)getpid(),
           hib_practice_world_json(world, arena));
    fflush(stdout);
    for (;;)
        pause();
}

static const char *
told(char *line, int size)
{
    return fgets(line, size, stdin) ? g_strchomp(line) : NULL;
}

static bool
serve(HibClock *clock, const char *data_dir, const char *port, HibDuration stride, GError **error)
{
    char line[2048];
    const char *practice = told(line, sizeof line);
    g_autofree char *setting = g_strdup(practice ? practice : "no");
    char *words[] = {(char *)"--data-dir",
                     (char *)data_dir,
                     (char *)"--port",
                     (char *)port,
                     (char *)"--practice",
                     setting,
                     (char *)"--allow-private-services",
                     (char *)"yes"};
    char **argv = words;
    int argc = G_N_ELEMENTS(words);
    g_autoptr(HibSettingsBook) book = hib_settings_read(NULL, &argc, &argv, error);
    if (!book)
        return false;
    g_auto(HibPracticeWorld) elsewhere = {0};
    g_auto(HibProgram) program = {.clock = clock};
    const HibSettings *settings = hib_settings(book);
    hib_program_block_signals();
    if (!hib_program_open(&program, settings, false, error) ||
        !hib_practice_world_open(&elsewhere, settings->practice, data_dir, &program.services,
                                 error) ||
        !hib_program_start(&program, settings, error))
        return false;
    for (const char *say = "ready"; say; say = "at") {
        printf("%s\n", say);
        fflush(stdout);
        if (!told(line, sizeof line))
            break;
        hib_jobs_play(program.jobs, g_ascii_strtoll(line, NULL, 10) * HIB_SECOND, stride);
        hib_program_give_back();
    }
    return true;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc < 5)
        return 2;
    hib_log_set_level(HIB_WARN);
    g_autoptr(HibClock) clock =
        hib_clock_shared_new(g_ascii_strtoll(argv[3], NULL, 10) * HIB_SECOND);
    const pid_t server = getpid();
    if (!clock || sodium_init() < 0)
        return 1;
    if (fork() == 0)
        return run_world(clock, server);
    const HibDuration stride = g_ascii_strtoll(argv[4], NULL, 10) * HIB_SECOND;
    if (serve(clock, argv[1], argv[2], stride, &error))
        return 0;
    fprintf(stderr, "serve_year: %s\n", error->message);
    return 1;
}
