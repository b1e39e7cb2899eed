/* What is sent about a run: an e-mail in words, a webhook as JSON. Pure. */
#include "base/json.h"
#include "base/messages.h"
#include "report/delivery.h"

static const char *
say(const HibReportMessage *message, const char *key)
{
    g_autofree char *whole = g_strconcat("report.mail.", key, NULL);
    return hib_message(message->locale, whole);
}

/* For whom it is: the client whose name stands on it, else the workspace. */
static const char *
whose(const HibMessagePart *part)
{
    return part->client && *part->client ? part->client : part->workspace;
}

const char *
hib_message_subject(HibArena *arena, const HibReportMessage *message)
{
    const char *who = message->n_parts == 1 ? whose(&message->parts[0]) : message->workspace;
    return hib_arena_printf(arena, "%s（%s）%s", message->name, message->period, who);
}

static void
add_part(GString *out, const HibReportMessage *message, const HibMessagePart *part)
{
    g_string_append_printf(out, "■ %s\n", whose(part));
    if (part->reason) {
        g_autofree char *key = g_strconcat("error.", part->reason, NULL);
        g_string_append_printf(out, "%s\n%s\n\n", say(message, "not_made"),
                               hib_message(message->locale, key));
        return;
    }
    for (size_t i = 0; i < part->n_sentences; i++)
        g_string_append_printf(out, "・%s\n", part->sentences[i].text);
    if (part->url)
        g_string_append_printf(out, "%s%s\n", part->n_sentences ? "\n" : "", part->url);
    g_string_append_c(out, '\n');
}

const char *
hib_message_text(HibArena *arena, const HibReportMessage *message)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_append_printf(out, "%s\n%s\n\n", message->name, message->period);
    for (size_t i = 0; i < message->n_parts; i++)
        add_part(out, message, &message->parts[i]);
    g_string_append_printf(out, "%s %s\n", say(message, "from"), message->workspace);
    return hib_arena_strndup(arena, out->str, out->len);
}

static void
add_text(cJSON *json, const char *name, const char *text)
{
    if (text)
        cJSON_AddStringToObject(json, name, text);
    else
        cJSON_AddNullToObject(json, name);
}

const char *
hib_message_json(HibArena *arena, const HibReportMessage *message)
{
    char text[HIB_INSTANT_TEXT];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "id", message->id);
    cJSON_AddStringToObject(json, "kind", "report");
    cJSON_AddStringToObject(json, "name", message->name);
    cJSON_AddStringToObject(json, "from", hib_measure_day_text(arena, message->from_day));
    cJSON_AddStringToObject(json, "until", hib_measure_day_text(arena, message->until_day));
    cJSON_AddStringToObject(json, "at", hib_instant_format(message->at, text));
    cJSON *parts = cJSON_AddArrayToObject(json, "reports");
    for (size_t i = 0; i < message->n_parts; i++) {
        const HibMessagePart *part = &message->parts[i];
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "workspace_id", part->workspace_id);
        cJSON_AddStringToObject(one, "workspace", part->workspace);
        add_text(one, "client", part->client);
        add_text(one, "report_id", part->reason ? NULL : part->report_id);
        add_text(one, "url", part->reason ? NULL : part->url);
        add_text(one, "failed", part->reason);
        cJSON_AddItemToArray(parts, one);
    }
    return hib_json_print(arena, json);
}
