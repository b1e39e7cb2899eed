/* hibiki queue, hibiki hold, hibiki connect: what waits, the switch that stops it, and where the command line goes. */
#include "api.gen.h"
#include "app/command.h"
#include "app/remote.h"
#include "base/error.h"
#include "base/time.h"
#include <stdio.h>

static const char *const valued[] = {"state", "reason", "url", "token", NULL};

static void
print_delivery(HibRemote *remote, const HibZone *zone, const HibApiDelivery *delivery)
{
    HibWall due = hib_wall_at(zone, delivery->due_at);
    g_autofree char *line = g_strdelimit(g_strdup(delivery->text), "\n\r\t", ' ');
    printf("%s  %04d-%02d-%02d %02d:%02d  %-9s%s  @%s  %s\n", delivery->id, due.year, due.month,
           due.day, due.hour, due.minute, hib_api_delivery_state_names[delivery->state],
           delivery->is_held ? " (held)" : "", delivery->handle, line);
    if (delivery->has_lateness_ms)
        printf("      +%.3f s  %s\n", (double)delivery->lateness_ms / 1000,
               delivery->url ? delivery->url : "");
    if (delivery->has_error)
        printf("      %d %s %s → %s\n", (int)delivery->error.http_status, delivery->error.code,
               delivery->error.message, hib_api_delivery_next_action_names[delivery->next_action]);
}

/* Without a state: what was due since yesterday and all that comes; with one: all in it. */
static const char *
queue_path(HibRemote *remote, const char *state, const char *cursor)
{
    char from[HIB_INSTANT_TEXT];
    HibInstant yesterday = hib_clock_now(hib_clock_real()) - HIB_DAY;
    const char *which =
        state ? hib_arena_printf(remote->arena, "state=%s", hib_url_escape(remote->arena, state))
              : hib_arena_printf(remote->arena, "from=%s", hib_instant_format(yesterday, from));
    const char *page = cursor ? hib_url_escape(remote->arena, cursor) : "";
    return hib_arena_printf(remote->arena, "/deliveries?limit=500&%s%s%s", which,
                            cursor ? "&cursor=" : "", page);
}

static bool
show_queue(HibRemote *remote, const HibCommandCall *call, GError **error)
{
    const char *state = hib_command_option(call, "state"), *cursor = NULL, *raw = NULL;
    g_autoptr(HibZone) zone = hib_zone_open(remote->zone);
    size_t n_shown = 0;
    do {
        HibApiDeliveryList list = {0};
        if (!hib_remote_call(remote, "GET", queue_path(remote, state, cursor), NULL, NULL,
                             &hib_api_delivery_list_shape, &list, &raw, error))
            return false;
        if (call->is_json)
            printf("%s\n", raw);
        for (size_t i = 0; !call->is_json && i < list.n_deliveries; i++)
            print_delivery(remote, zone ? zone : hib_zone_utc(), &list.deliveries[i]);
        n_shown += list.n_deliveries;
        cursor = list.has_next_cursor ? list.next_cursor : NULL;
    } while (cursor);
    if (!n_shown && !call->is_json)
        hib_command_say(call, "queue.empty", NULL);
    return true;
}

static bool
retry(HibRemote *remote, const char *id, GError **error)
{
    HibApiDelivery delivery = {0};
    const char *path =
        hib_arena_printf(remote->arena, "/deliveries/%s/retry", hib_url_escape(remote->arena, id));
    if (!hib_remote_call(remote, "POST", path, NULL, NULL, &hib_api_delivery_shape, &delivery, NULL,
                         error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(remote->zone);
    print_delivery(remote, zone ? zone : hib_zone_utc(), &delivery);
    return true;
}

int
hib_command_queue(const HibCommandCall *call)
{
    g_auto(HibRemote) remote = {0};
    g_autoptr(GError) error = NULL;
    const char *verb = hib_command_word(call, 0, valued), *id = hib_command_word(call, 1, valued);
    if (verb && (!g_str_equal(verb, "retry") || !id)) {
        hib_command_say(call, "queue.usage", NULL);
        return 2;
    }
    if (!hib_remote_open(&remote, call, &error))
        return hib_command_fail(call, error);
    bool ok = verb ? retry(&remote, id, &error) : show_queue(&remote, call, &error);
    return ok ? 0 : hib_command_fail(call, error);
}

int
hib_command_hold(const HibCommandCall *call)
{
    g_auto(HibRemote) remote = {0};
    g_autoptr(GError) error = NULL;
    const char *verb = hib_command_word(call, 0, valued);
    bool is_change = verb && !g_str_equal(verb, "status");
    if (is_change && !g_str_equal(verb, "on") && !g_str_equal(verb, "off")) {
        hib_command_say(call, "hold.usage", NULL);
        return 2;
    }
    if (!hib_remote_open(&remote, call, &error))
        return hib_command_fail(call, error);
    HibApiHoldChange change = {.is_held = is_change && g_str_equal(verb, "on")};
    change.reason = hib_command_option(call, "reason");
    change.has_reason = change.reason != NULL;
    HibApiHold hold = {0};
    const char *raw = NULL;
    if (!hib_remote_call(&remote, is_change ? "PUT" : "GET", "/hold",
                         is_change ? &hib_api_hold_change_shape : NULL, &change,
                         &hib_api_hold_shape, &hold, &raw, &error))
        return hib_command_fail(call, error);
    if (call->is_json)
        return printf("%s\n", raw) < 0;
    g_autofree char *waiting = g_strdup_printf("%d", (int)hold.n_waiting);
    hib_command_say(call, hold.is_held ? "hold.is_on" : "hold.is_off", waiting);
    return 0;
}

int
hib_command_connect(const HibCommandCall *call)
{
    g_autoptr(GError) error = NULL;
    const char *url = hib_command_word(call, 0, valued), *token = hib_command_word(call, 1, valued);
    if (!url || !token) {
        hib_command_say(call, "connect.usage", NULL);
        return 2;
    }
    if (!hib_remote_remember(call->settings->data_dir, url, token, &error))
        return hib_command_fail(call, error);
    g_auto(HibRemote) remote = {0};
    if (!hib_remote_open(&remote, call, &error))
        return hib_command_fail(call, error);
    hib_command_say(call, "connect.done", remote.workspace_name);
    return 0;
}
