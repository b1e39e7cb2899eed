/* Clicks on their way into the store, for hibiki doctor: told by the running server where one answers (its /metrics), else read from the files it left. */
#include "app/doctor.h"
#include "base/messages.h"
#include "http/client.h"
#include "links/links.h"
#include <string.h>
#include <unistd.h>

#define PATIENCE (60 * HIB_SECOND) /* what waits longer is not taken in */

typedef struct {
    double waiting, held, lost, oldest_s, is_failing, failed_at_s;
} Clicks;

static double
value_of(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at ? g_ascii_strtod(at + strlen(name), NULL) : 0;
}

static bool
ask_server(const HibSettings *settings, Clicks *ret)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibHttp) http = hib_http_new();
    const HibHttpRequest request = {
        .method = "GET",
        .url = hib_arena_printf(arena, "http://127.0.0.1:%d/metrics", (int)settings->port),
        .connect_ms = 500,
        .total_ms = 2000};
    HibHttpReply reply;
    if (!hib_http_do(http, arena, &request, &reply, NULL) || reply.status != 200 ||
        !strstr(reply.body, "\nhibiki_clicks_oldest_seconds "))
        return false;
    *ret =
        (Clicks){.waiting = value_of(reply.body, "\nhibiki_clicks{state=\"waiting\"} "),
                 .held = value_of(reply.body, "\nhibiki_clicks{state=\"held\"} "),
                 .lost = value_of(reply.body, "\nhibiki_clicks{state=\"lost\"} "),
                 .oldest_s = value_of(reply.body, "\nhibiki_clicks_oldest_seconds "),
                 .is_failing = value_of(reply.body, "\nhibiki_clicks_failing "),
                 .failed_at_s = value_of(reply.body, "\nhibiki_clicks_failed_timestamp_seconds ")};
    return true;
}

static int
tell(const HibCommandCall *call, const Clicks *clicks, const char *folder, bool is_running)
{
    const bool is_closed = g_file_test(folder, G_FILE_TEST_EXISTS) && access(folder, W_OK) != 0;
    const bool is_stuck = is_running && clicks->oldest_s > (double)PATIENCE / HIB_SECOND;
    g_autofree char *waiting = g_strdup_printf("%.0f", clicks->waiting + clicks->held);
    g_autofree char *oldest = g_strdup_printf("%.0f", clicks->oldest_s);
    g_autofree char *lost = g_strdup_printf("%.0f", clicks->lost);
    char failed[HIB_INSTANT_TEXT] = "-";
    if (clicks->failed_at_s > 0)
        hib_instant_format((HibInstant)(clicks->failed_at_s * HIB_SECOND), failed);
    int n = hib_doctor_report(call, "clicks", waiting,
                              clicks->is_failing || is_closed ? "clicks_failing" : NULL);
    n += hib_doctor_report(call, "clicks_oldest", oldest, is_stuck ? "clicks_stuck" : NULL);
    n += hib_doctor_report(call, "clicks_failed", failed, NULL);
    if (clicks->lost > 0)
        n += hib_doctor_report(call, "clicks_lost", lost, "clicks_lost_why");
    return n;
}

int
hib_doctor_clicks(const HibCommandCall *call, HibStore *store, bool is_in_use, GError **error)
{
    g_autofree char *folder = g_build_filename(call->settings->data_dir, "clicks", NULL);
    HibLinksWaiting waiting = {.is_running = is_in_use};
    Clicks clicks = {0};
    if (!store && !is_in_use)
        return 0;
    if (store && !hib_links_waiting(store, folder, &waiting, error))
        return 1;
    if (waiting.is_running && !ask_server(call->settings, &clicks))
        return hib_doctor_report(call, "clicks",
                                 hib_message(call->locale, "cli.doctor.clicks_in_use"), NULL);
    if (!waiting.is_running && waiting.n) {
        const HibInstant now = hib_clock_now(hib_clock_real());
        clicks.waiting = (double)waiting.n;
        clicks.oldest_s = (double)(now - waiting.oldest_at) / HIB_SECOND;
    }
    return tell(call, &clicks, folder, waiting.is_running);
}
