/* hibiki doctor: looks at the places where an installation goes wrong and says what to do. Changes nothing. */
#include "app/doctor.h"
#include "app/program.h"
#include "base/error.h"
#include "base/messages.h"
#include "store/jobs.h"
#include <stdio.h>
#include <sys/statvfs.h>

int
hib_doctor_report(const HibCommandCall *call, const char *subject, const char *value,
                  const char *problem)
{
    g_autofree char *name = g_strconcat("cli.doctor.", subject, NULL);
    g_autofree char *what = problem ? g_strconcat("cli.doctor.", problem, NULL) : NULL;
    printf("%s %s: %s", problem ? "!" : "✓", hib_message(call->locale, name), value);
    if (what)
        printf("\n    %s", hib_message(call->locale, what));
    printf("\n");
    return problem != NULL;
}

static int
check_disk(const HibCommandCall *call)
{
    struct statvfs disk;
    if (statvfs(call->settings->data_dir, &disk) != 0)
        return 0;
    double gigabytes = (double)disk.f_bavail * (double)disk.f_frsize / 1e9;
    g_autofree char *value = g_strdup_printf("%.1f GB", gigabytes);
    return hib_doctor_report(call, "disk", value, gigabytes < 1 ? "disk_low" : NULL);
}

/* A clock before this program was built is wrong. */
static int
check_clock(const HibCommandCall *call)
{
    char text[HIB_INSTANT_TEXT];
    HibInstant now = hib_clock_now(hib_clock_real()), built = 0;
    bool is_early = hib_instant_parse(HIBIKI_BUILT, &built) && now < built;
    return hib_doctor_report(call, "clock", hib_instant_format(now, text),
                             is_early ? "clock_bad" : NULL);
}

static int
check_jobs(const HibCommandCall *call, HibProgram *program, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(program->services.store, arena, NULL);
    HibJobsState state;
    if (!hib_jobs_state(db, &state, error))
        return 1;
    g_autofree char *late = g_strdup_printf("%.1f", (double)state.oldest_late / HIB_SECOND);
    g_autofree char *failed = g_strdup_printf("%" G_GINT64_FORMAT, state.n_failed);
    hib_doctor_report(call, "jobs", late, NULL);
    return hib_doctor_report(call, "failed", failed, NULL);
}

int
hib_command_doctor(const HibCommandCall *call)
{
    const HibSettings *settings = call->settings;
    g_auto(HibProgram) program = {0};
    g_autoptr(GError) error = NULL;
    int problems = 0;
    bool is_in_use = false;
    hib_doctor_report(call, "data_dir", settings->data_dir, NULL);
    bool is_plain = !g_str_has_prefix(settings->base_url, "https://");
    hib_doctor_report(call, "base_url", *settings->base_url ? settings->base_url : "-",
                      is_plain ? "base_url_plain" : NULL);
    problems += check_clock(call);
    g_autofree char *file = g_build_filename(settings->data_dir, "hibiki.db", NULL);
    if (!*settings->database && !g_file_test(file, G_FILE_TEST_EXISTS)) {
        hib_doctor_report(call, "database", hib_message(call->locale, "cli.doctor.not_yet"), NULL);
    } else if (hib_program_open(&program, settings, false, &error)) {
        hib_doctor_report(call, "database",
                          hib_store_is_postgres(program.services.store) ? "PostgreSQL" : "SQLite",
                          NULL);
        hib_doctor_report(call, "key", "secret.key", NULL);
        problems += check_jobs(call, &program, &error);
    } else if (g_str_equal(hib_error_reason(error), "store.in_use")) {
        hib_doctor_report(call, "database", hib_message(call->locale, "cli.doctor.in_use"), NULL);
        is_in_use = true;
        g_clear_error(&error);
    } else {
        problems++;
    }
    problems += check_disk(call);
    if (!error)
        problems += hib_doctor_clicks(call, program.services.store, is_in_use, &error);
    if (error)
        hib_command_fail(call, error);
    if (!problems) {
        hib_command_say(call, "doctor.ok", NULL);
        return 0;
    }
    g_autofree char *count = g_strdup_printf("%d", problems);
    hib_command_say(call, "doctor.problems", count);
    return 1;
}
