/* GET /metrics: counts of this process in Prometheus' text format. Loopback only; holds no names, texts or tokens. */
#include "app/program.h"
#include "links/links.h"
#include "store/jobs.h"

char *
hib_program_metrics(void *context, HibArena *arena)
{
    const HibServices *services = context;
    g_autoptr(HibDb) db = hib_db_open(services->store, arena, NULL);
    HibJobsState state;
    HibLinksHealth clicks = hib_links_health(services->links);
    HibInstant oldest = clicks.oldest_at ? hib_db_now(db) - clicks.oldest_at : 0;
    if (!hib_jobs_state(db, &state, NULL))
        return NULL;
    return hib_arena_printf(
        arena,
        "# HELP hibiki_jobs Jobs by state.\n# TYPE hibiki_jobs gauge\n"
        "hibiki_jobs{state=\"waiting\"} %" G_GINT64_FORMAT "\n"
        "hibiki_jobs{state=\"running\"} %" G_GINT64_FORMAT "\n"
        "hibiki_jobs{state=\"failed\"} %" G_GINT64_FORMAT "\n"
        "# HELP hibiki_job_oldest_late_seconds How late the oldest due job is.\n"
        "# TYPE hibiki_job_oldest_late_seconds gauge\nhibiki_job_oldest_late_seconds %.3f\n"
        "# HELP hibiki_clicks Clicks on short links by where they are: waiting (in the spool, not "
        "in the "
        "store yet), held (in memory only), lost.\n# TYPE hibiki_clicks gauge\n"
        "hibiki_clicks{state=\"waiting\"} %" G_GINT64_FORMAT "\n"
        "hibiki_clicks{state=\"held\"} %" G_GINT64_FORMAT "\n"
        "hibiki_clicks{state=\"lost\"} %" G_GINT64_FORMAT "\n"
        "# HELP hibiki_clicks_oldest_seconds How long the oldest click waits that the store did "
        "not "
        "take; 0: none.\n# TYPE hibiki_clicks_oldest_seconds gauge\n"
        "hibiki_clicks_oldest_seconds %.3f\n"
        "# HELP hibiki_clicks_failing 1 while clicks cannot be written to the disk.\n"
        "# TYPE hibiki_clicks_failing gauge\nhibiki_clicks_failing %d\n"
        "# HELP hibiki_clicks_failed_timestamp_seconds When that happened last; 0: never.\n"
        "# TYPE hibiki_clicks_failed_timestamp_seconds gauge\n"
        "hibiki_clicks_failed_timestamp_seconds %.3f\n"
        "# HELP hibiki_info Version of this process.\n# TYPE hibiki_info gauge\n"
        "hibiki_info{version=\"%s\"} 1\n",
        state.n_waiting, state.n_running, state.n_failed, (double)state.oldest_late / HIB_SECOND,
        clicks.n_waiting, clicks.n_held, clicks.n_lost, (double)oldest / HIB_SECOND,
        clicks.is_failing, (double)clicks.failed_at / HIB_SECOND, services->version);
}
