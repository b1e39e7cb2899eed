/* Asking for permission: the words, the request as an answer where it was posted, and what the author's answer seems to say. */
#include "base/error.h"
#include "base/messages.h"
#include "days/days.h"
#include "engage/engage.h"
#include "team/team.h"
#include "ugc/search_private.h"
#include "ugc/ugc_private.h"
#include <string.h>

/* --- words ------------------------------------------------------------------------------------------------------------------- */
const char *
hib_ugc_fill(HibArena *arena, const char *wording, const char *const *values)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = wording; *at;) {
        const char *value = NULL;
        size_t n = 1;
        for (size_t i = 0; *at == '{' && values[i] && !value; i += 2)
            if (g_str_has_prefix(at + 1, values[i]) && at[1 + strlen(values[i])] == '}') {
                value = values[i + 1];
                n = strlen(values[i]) + 2;
            }
        if (value)
            g_string_append(out, value);
        else
            g_string_append_len(out, at, (gssize)n);
        at += n;
    }
    return hib_arena_strdup(arena, out->str);
}

/* Whom one writes to reads Japanese when they wrote it. */
static bool
is_japanese(const char *text)
{
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if ((c >= 0x3041 && c <= 0x30ff) || (c >= 0x4e00 && c <= 0x9fff))
            return true;
    }
    return !*text;
}

static const char *
first_line(HibArena *arena, const char *lines)
{
    const char *end = strchr(lines, '\n');
    return end ? hib_arena_strndup(arena, lines, (size_t)(end - lines)) : lines;
}

static bool
check_day(const char *day, GError **error)
{
    if (!day || hib_day_number(day))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.bad_day", "/until_day", "no day %s", day);
    return false;
}

bool
hib_ugc_request(HibDb *db, const HibUgcItem *item, const HibUgcAsk *ask, const char **ret,
                GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibUgcSetting setting;
    *ret = ask->text;
    if (!check_day(ask->until_day, error) || (!*ret && !hib_ugc_setting(db, &setting, error)))
        return false;
    if (*ret)
        return true;
    const char *locale = is_japanese(item->text) ? "ja" : "en";
    const char *const values[] = {
        "name",    *item->author_name ? item->author_name : item->author_handle,
        "purpose", ask->purpose,
        "places",  ask->places,
        "until",   ask->until_day ? ask->until_day : hib_message(locale, "ugc.noEnd"),
        "yes",     first_line(arena, setting.yes_words),
        NULL};
    *ret = hib_ugc_fill(
        arena, *setting.wording ? setting.wording : hib_message(locale, "ugc.request"), values);
    return true;
}

/* --- asking ------------------------------------------------------------------------------------------------------------------ */
static bool
may_ask(const HibUgcItem *item, bool again, GError **error)
{
    bool is_out = item->delivery_id && item->asked_state != HIB_DELIVERY_FAILED &&
                  item->asked_state != HIB_DELIVERY_CANCELLED;
    if (item->state == HIB_UGC_GRANTED || item->state == HIB_UGC_WITHDRAWN)
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.decided", "state %" G_GINT64_FORMAT,
                      item->state);
    else if (item->state == HIB_UGC_ASKED && is_out && !again)
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.asked", "asked by delivery %s",
                      item->delivery_id);
    else
        return true;
    return false;
}

bool
hib_ugc_ask(HibDb *db, const char *item, const HibUgcAsk *ask, GError **error)
{
    HibUgcItem *row;
    HibTalk *was, *talk;
    const char *text = NULL, *said = NULL;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_ugc_item(db, item, &row, error) || !may_ask(row, ask->again, error) ||
        !hib_ugc_request(db, row, ask, &text, error) || !hib_ugc_talk_of(db, row, &said, error) ||
        !hib_engage_get(db, said, &was, error) ||
        !hib_engage_reply(db, said, text, true, &talk, error))
        return false;
    if (g_strcmp0(was->answer_id, talk->answer_id) ==
        0) { /* it would wait for somebody's approval: nothing would follow it */
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.needs_approval", "answers wait here");
        return false;
    }
    if (!hib_sql_ugc_item_ask(db, item, row->version, ask->purpose, ask->places, ask->until_day,
                              hib_db_now(db), text, talk->answer_id, &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.edited", "somebody was quicker");
        return false;
    }
    return hib_ugc_step(db, item, HIB_UGC_STEP_ASKED, text, talk->answer_id, error) &&
           hib_audit(db, "ugc.ask", "ugc", item, NULL, NULL, error) && hib_tx_commit(tx, error);
}

/* --- answers ----------------------------------------------------------------------------------------------------------------- */
static bool
is_latin(char c)
{
    return g_ascii_isalnum(c);
}

/* A Latin word counts only as a whole one: "no" does not stand in "note". */
static bool
has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = text; n && (at = strstr(at, word)); at++) {
        bool is_begun = at > text && is_latin(at[-1]) && is_latin(word[0]);
        bool is_going_on = is_latin(at[n]) && is_latin(word[n - 1]);
        if (!is_begun && !is_going_on)
            return true;
    }
    return false;
}

static bool
has_any(HibArena *arena, const char *text, const char *words)
{
    g_auto(GStrv) all = g_strsplit(words, "\n", -1);
    for (size_t i = 0; all[i]; i++)
        if (has_word(text, hib_media_fold(arena, g_strstrip(all[i]))))
            return true;
    return false;
}

HibUgcReading
hib_ugc_read_answer(HibArena *arena, const char *text, const char *yes_words, const char *no_words)
{
    const char *folded = hib_media_fold(arena, text);
    return has_any(arena, folded, no_words)    ? HIB_UGC_NO
           : has_any(arena, folded, yes_words) ? HIB_UGC_YES
                                               : HIB_UGC_UNCLEAR;
}

bool
hib_ugc_answers(HibDb *db, GError **error)
{
    HibSqlUgcItemUnanswered *rows;
    HibUgcSetting setting;
    size_t n;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_ugc_setting(db, &setting, error) ||
        !hib_sql_ugc_item_unanswered(db, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        int64_t changed = 0;
        HibUgcReading reading = hib_ugc_read_answer(hib_db_arena(db), rows[i].text,
                                                    setting.yes_words, setting.no_words);
        if (!hib_sql_ugc_item_answer(db, rows[i].item_id, rows[i].talk_id, reading, &changed,
                                     error) ||
            (changed && !hib_ugc_step(db, rows[i].item_id, HIB_UGC_STEP_ANSWERED, rows[i].text,
                                      rows[i].talk_id, error)))
            return false;
    }
    return hib_tx_commit(tx, error);
}
