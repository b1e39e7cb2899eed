/* Notices over HTTP: each person sees, reads and arranges their own. */
#include "api.gen.h"
#include "base/error.h"
#include "base/id.h"
#include "http/call.h"
#include "notify/notify_private.h"
#include <string.h>

#define PAGE_USUAL 30

static bool
n_unread(HibCall *call, int64_t *ret, GError **error)
{
    HibSqlNoticeUnread *row;
    if (!hib_sql_notice_unread(hib_call_db(call), hib_call_person(call), &row, error))
        return false;
    *ret = row->n;
    return true;
}

/* "<µs>.<id>" of the last row. */
static bool
read_cursor(HibCall *call, const char *text, HibInstant *ret_at, const char **ret_id,
            GError **error)
{
    const char *dot = strchr(text, '.');
    g_autofree char *number = dot ? g_strndup(text, (gsize)(dot - text)) : NULL;
    gint64 at = 0;
    if (number && hib_id_valid(dot + 1) &&
        g_ascii_string_to_signed(number, 10, G_MININT64, G_MAXINT64, &at, NULL)) {
        *ret_at = at;
        *ret_id = hib_arena_strdup(hib_call_arena(call), dot + 1);
        return true;
    }
    hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_cursor", "?cursor", "no cursor of ours");
    return false;
}

static HibApiNotice
to_api(HibCall *call, const HibSqlNoticeRow *row)
{
    return (HibApiNotice){.id = row->id,
                          .kind = (int)row->kind,
                          .text = hib_notice_sentence(hib_call_arena(call), hib_call_locale(call),
                                                      row->word, row->who, row->what),
                          .place = row->place,
                          .at = row->at,
                          .read_at = row->read_at,
                          .has_read_at = row->has_read_at};
}

bool
hib_on_list_notices(HibCall *call, const HibApiListNoticesQuery *in, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibSqlNoticeRow *rows;
    HibApiNoticeList list = {0};
    HibInstant before = HIB_NEVER;
    const char *before_id = "";
    size_t n, limit = in->has_limit ? (size_t)in->limit : PAGE_USUAL;
    if (in->has_cursor && !read_cursor(call, in->cursor, &before, &before_id, error))
        return false;
    if (!hib_sql_notice_page(hib_call_db(call), hib_call_person(call), before, before_id,
                             (int64_t)limit + 1, &rows, &n, error) ||
        !n_unread(call, &list.n_unread, error))
        return false;
    list.n_notices = MIN(n, limit);
    list.notices = hib_arena_array(arena, HibApiNotice, n + 1);
    for (size_t i = 0; i < list.n_notices; i++)
        list.notices[i] = to_api(call, &rows[i]);
    if (n > limit) {
        list.has_next_cursor = true;
        list.next_cursor = hib_arena_printf(arena, "%" G_GINT64_FORMAT ".%s", rows[limit - 1].at,
                                            rows[limit - 1].id);
    }
    return hib_reply_notice_list(call, 200, &list);
}

bool
hib_on_read_notices(HibCall *call, const HibApiNoticeMark *in, GError **error)
{
    HibApiNoticeCount out = {0};
    if (!hib_notice_read(hib_call_db(call), hib_call_person(call),
                         in->has_ids ? (const char *const *)in->ids : NULL, in->n_ids, error) ||
        !n_unread(call, &out.n_unread, error))
        return false;
    return hib_reply_notice_count(call, 200, &out);
}

/* --- choices and the webhook --------------------------------------------------------------------------------------------- */
static bool
reply_settings(HibCall *call, int status, const char *secret, GError **error)
{
    HibDb *db = hib_call_db(call);
    const HibServices *services = hib_call_context(call);
    HibNoticeChoices choices;
    HibSqlHookRow *hook;
    HibApiNoticeChoice rows[HIB_NOTICE_KINDS];
    if (!hib_notice_choices(db, hib_call_person(call), &choices, error) ||
        !hib_sql_hook_get(db, hib_call_person(call), &hook, error))
        return false;
    for (int kind = 0; kind < HIB_NOTICE_KINDS; kind++)
        rows[kind] = (HibApiNoticeChoice){.kind = kind,
                                          .app = (choices.ways[kind] & HIB_WAY_APP) != 0,
                                          .mail = (choices.ways[kind] & HIB_WAY_MAIL) != 0,
                                          .hook = (choices.ways[kind] & HIB_WAY_HOOK) != 0};
    HibApiNoticeSettings out = {.choices = rows,
                                .n_choices = HIB_NOTICE_KINDS,
                                .is_mail_ready = services->mail && *services->mail->url,
                                .has_hook = hook != NULL,
                                .secret = secret,
                                .has_secret = secret != NULL};
    if (hook)
        out.hook = (HibApiNoticeHook){.format = (int)hook->format,
                                      .host = hook->host,
                                      .recipient = hook->recipient,
                                      .has_recipient = hook->recipient != NULL,
                                      .sent_at = hook->sent_at,
                                      .has_sent_at = hook->has_sent_at,
                                      .failed_at = hook->failed_at,
                                      .has_failed_at = hook->has_failed_at,
                                      .reason = hook->reason,
                                      .has_reason = hook->reason != NULL};
    return hib_reply_notice_settings(call, status, &out);
}

bool
hib_on_get_notice_settings(HibCall *call, GError **error)
{
    return reply_settings(call, 200, NULL, error);
}

bool
hib_on_set_notice_choices(HibCall *call, const HibApiNoticeChoices *in, GError **error)
{
    HibNoticeChoices choices;
    if (!hib_notice_choices(hib_call_db(call), hib_call_person(call), &choices, error))
        return false;
    for (size_t i = 0; i < in->n_choices; i++)
        choices.ways[in->choices[i].kind] = (in->choices[i].app ? HIB_WAY_APP : 0u) |
                                            (in->choices[i].mail ? HIB_WAY_MAIL : 0u) |
                                            (in->choices[i].hook ? HIB_WAY_HOOK : 0u);
    return hib_notice_choose(hib_call_db(call), hib_call_person(call), &choices, error) &&
           reply_settings(call, 200, NULL, error);
}

bool
hib_on_set_notice_hook(HibCall *call, const HibApiNoticeHookDraft *in, GError **error)
{
    const char *secret;
    const HibHookDraft draft = {.format = (HibHookFormat)in->format,
                                .url = in->url,
                                .secret = in->has_secret ? in->secret : NULL,
                                .recipient = in->has_recipient ? in->recipient : NULL};
    if (!hib_hook_set(hib_call_db(call), hib_call_context(call), hib_call_person(call), &draft,
                      &secret, error))
        return false;
    bool is_told = draft.format != HIB_HOOK_LINE; /* who gave it knows it */
    return reply_settings(call, 200, is_told ? secret : NULL, error);
}

bool
hib_on_drop_notice_hook(HibCall *call, GError **error)
{
    return hib_hook_drop(hib_call_db(call), hib_call_person(call), error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_test_notice(HibCall *call, const HibApiNoticeTest *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    const HibSqlNoticeRow notice = {.id = hib_db_new_id(db),
                                    .person_id = hib_call_person(call),
                                    .kind = HIB_NOTICE_TASK,
                                    .word = "test",
                                    .who = "",
                                    .what = "",
                                    .place = "/settings/notices",
                                    .at = hib_db_now(db)};
    return hib_notice_send(db, hib_call_context(call), &notice,
                           in->way == HIB_API_NOTICE_TEST_WAY_MAIL ? HIB_WAY_MAIL : HIB_WAY_HOOK,
                           error) &&
           hib_call_reply_empty(call, 204);
}
