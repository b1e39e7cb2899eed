/* Which events people hear of, in which words, and by which ways as long as they did not choose; and what is sent. No store, no network. */
#include "base/json.h"
#include "base/messages.h"
#include "notify/notify_private.h"
#include <string.h>

const HibNoticeEvent hib_notice_events[] = {
    {"approval.asked", "asked", HIB_NOTICE_ASKED},
    {"approval.reminder", "reminder", HIB_NOTICE_ASKED},
    {"approval.withdrawn", "edited", HIB_NOTICE_ASKED},
    {"approval.approved", "approved", HIB_NOTICE_APPROVED},
    {"approval.changes", "changes", HIB_NOTICE_CHANGES},
    {"comment.added", "comment", HIB_NOTICE_COMMENT},
    {"delivery.failed", "failed", HIB_NOTICE_DELIVERY},
    {"delivery.unknown", "unknown", HIB_NOTICE_DELIVERY},
    {"report.unsent", "report_unsent", HIB_NOTICE_DELIVERY},
    {"account.needs_reconnect", "reconnect", HIB_NOTICE_ACCOUNT},
    {"account.expiring", "expiring", HIB_NOTICE_ACCOUNT},
    {"hold.changed", "held", HIB_NOTICE_HOLD},
    {"task.assigned", "task", HIB_NOTICE_TASK},
    {"idea.assigned", "idea", HIB_NOTICE_TASK},
    {"task.due", "due", HIB_NOTICE_TASK},
    {"idea.due", "due", HIB_NOTICE_TASK},
    {"notify.person", "task", HIB_NOTICE_TASK},
    {"goal.reached", "goal_reached", HIB_NOTICE_TASK},
    {"goal.missed", "goal_missed", HIB_NOTICE_TASK},
    {"rule.met", "rule", HIB_NOTICE_TASK},
    {"thread.assigned", "thread", HIB_NOTICE_TASK},
    {"threads.assigned", "threads", HIB_NOTICE_TASK},
    {"note.mentioned", "note", HIB_NOTICE_MENTION},
    {"reply.asked", "reply_asked", HIB_NOTICE_ASKED},
    {"reply.approved", "reply_approved", HIB_NOTICE_APPROVED},
    {"reply.refused", "reply_refused", HIB_NOTICE_CHANGES},
    {0},
};

const HibNoticeEvent *
hib_notice_event(const char *event)
{
    for (const HibNoticeEvent *one = hib_notice_events; one->event; one++)
        if (g_str_equal(one->event, event))
            return one;
    return NULL;
}

unsigned
hib_notice_usual(HibNoticeKind kind)
{
    switch (kind) {
    case HIB_NOTICE_APPROVED:
    case HIB_NOTICE_COMMENT:
    case HIB_NOTICE_HOLD:
        return HIB_WAY_APP;
    default: /* somebody waits, or something is broken */
        return HIB_WAY_APP | HIB_WAY_MAIL | HIB_WAY_HOOK;
    }
}

const char *
hib_notice_sentence(HibArena *arena, const char *locale, const char *word, const char *who,
                    const char *what)
{
    static const char *const words[][2] = {
        {"asked", "notice.asked"},
        {"reminder", "notice.reminder"},
        {"edited", "notice.edited"},
        {"approved", "notice.approved"},
        {"changes", "notice.changes"},
        {"comment", "notice.comment"},
        {"mention", "notice.mention"},
        {"failed", "notice.failed"},
        {"unknown", "notice.unknown"},
        {"reconnect", "notice.reconnect"},
        {"expiring", "notice.expiring"},
        {"held", "notice.held"},
        {"released", "notice.released"},
        {"task", "notice.task"},
        {"idea", "notice.idea"},
        {"due", "notice.due"},
        {"test", "notice.test"},
        {"goal_reached", "notice.goal_reached"},
        {"goal_missed", "notice.goal_missed"},
        {"report_unsent", "notice.report_unsent"},
        {"rule", "notice.rule"},
        {"thread", "notice.thread"},
        {"threads", "notice.threads"},
        {"note", "notice.note"},
        {"reply_asked", "notice.reply_asked"},
        {"reply_approved", "notice.reply_approved"},
        {"reply_refused", "notice.reply_refused"},
    };
    const char *text = word;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_equal(words[i][0], word))
            text = hib_message(locale, words[i][1]);
    GString *out = g_string_new(NULL);
    for (const char *open; (open = strchr(text, '{'));) {
        const char *close = strchr(open, '}');
        if (!close)
            break;
        g_string_append_len(out, text, open - text);
        g_string_append(out, g_str_has_prefix(open, "{who}")    ? who
                             : g_str_has_prefix(open, "{what}") ? what
                                                                : "");
        text = close + 1;
    }
    g_string_append(out, text);
    const char *sentence = hib_arena_strdup(arena, out->str);
    g_string_free(out, TRUE);
    return sentence;
}

const char *
hib_notice_short(HibArena *arena, const char *text, long most)
{
    g_autofree char *line = g_strdup(text);
    g_strdelimit(line, "\r\n\t", ' ');
    g_strstrip(line);
    if (g_utf8_strlen(line, -1) <= most)
        return hib_arena_strdup(arena, line);
    g_autofree char *cut = g_utf8_substring(line, 0, most - 1);
    return hib_arena_printf(arena, "%s…", cut);
}

bool
hib_notice_mentions(const char *text, const char *name)
{
    if (!*name)
        return false;
    g_autofree char *called = g_strconcat("@", name, NULL);
    return strstr(text, called) != NULL;
}

/* --- what is sent -------------------------------------------------------------------------------------------------- */
const char *
hib_hook_body(HibArena *arena, HibHookFormat format, const HibSqlNoticeRow *notice,
              const char *sentence, const char *url, const char *recipient)
{
    static const char *const kinds[] = {"asked",    "approved", "changes", "comment", "mention",
                                        "delivery", "account",  "hold",    "task"};
    const char *text = hib_arena_printf(arena, "%s\n%s", sentence, url);
    cJSON *json = cJSON_CreateObject();
    if (format == HIB_HOOK_SLACK) {
        cJSON_AddStringToObject(json, "text", text);
    } else if (format == HIB_HOOK_LINE) {
        cJSON_AddStringToObject(json, "to", recipient ? recipient : "");
        cJSON *message = cJSON_CreateObject();
        cJSON_AddStringToObject(message, "type", "text");
        cJSON_AddStringToObject(message, "text", text);
        cJSON_AddItemToArray(cJSON_AddArrayToObject(json, "messages"), message);
    } else {
        char at[HIB_INSTANT_TEXT];
        cJSON_AddStringToObject(json, "id", notice->id);
        cJSON_AddStringToObject(json, "kind", kinds[notice->kind]);
        cJSON_AddStringToObject(json, "word", notice->word);
        cJSON_AddStringToObject(json, "text", sentence);
        cJSON_AddStringToObject(json, "url", url);
        cJSON_AddStringToObject(json, "at", hib_instant_format(notice->at, at));
    }
    return hib_json_print(arena, json);
}

const char *
hib_hook_signature(HibArena *arena, const char *secret, HibInstant at, const char *body)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT ".%s", at / HIB_SECOND, body);
    g_autofree char *mac = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)secret,
                                                     strlen(secret), text, (gssize)strlen(text));
    return hib_arena_printf(arena, "t=%" G_GINT64_FORMAT ",v1=%s", at / HIB_SECOND, mac);
}
