/* Readings: how what was said is meant, and what a workspace taught about it.
 *
 * A correction is kept with its text and learnt at once; the weights it gives belong to the workspace and are read with each batch that is stored, so that
 * every process knows them. With each correction all of them are learnt anew, beside what was dealt with and left as it was read: nothing of a wrong one stays. */
#include "base/error.h"
#include "base/limits.h"
#include "engage/engage_private.h"
#include "engage/reading.sql.h"
#include "engage/talk.sql.h"
#include "team/team.h"
#include <string.h>

#define REREAD_SINCE (14 * HIB_DAY)
#define REREAD_AT_ONCE 500
enum { MOST_CORRECTIONS = 1500, MOST_KEPT = 300, NEWEST_THREADS = 2000 };
G_STATIC_ASSERT(MOST_CORRECTIONS + MOST_KEPT <= HIB_TAUGHT_MOST);

void
hib_talk_classify(const HibClassifierLearnt *learnt, HibArena *arena, const char *text,
                  HibTalkReading *ret)
{
    HibClassified read;
    *ret = (HibTalkReading){.reasons = ""};
    if (!*text)
        return;
    hib_classify(hib_classifier_builtin(), learnt, text, strlen(text), &read);
    *ret = (HibTalkReading){.is_read = true,
                            .sentiment = read.sentiment,
                            .intent = read.intent,
                            .likely_intent = read.likely_intent,
                            .probability = read.intent_share,
                            .urgency = read.urgency,
                            .reasons = "",
                            .from = (int64_t)read.from,
                            .to = (int64_t)read.to};
    for (size_t i = 0; i < read.n_reasons; i++)
        ret->reasons =
            hib_arena_printf(arena, "%s%s%s", ret->reasons, i ? "," : "", read.reasons[i]);
}

bool
hib_talk_set_reading(HibDb *db, const char *talk, const HibTalkReading *reading, GError **error)
{
    int64_t sentiment = reading->sentiment, intent = reading->intent,
            likely = reading->likely_intent;
    int64_t urgency = reading->urgency;
    bool is = reading->is_read;
    return hib_sql_reading_set(
        db, talk, is ? &sentiment : NULL, is ? &intent : NULL, is ? &likely : NULL,
        is ? &reading->probability : NULL, is ? &urgency : NULL, is ? reading->reasons : NULL,
        is ? &reading->from : NULL, is ? &reading->to : NULL, reading->corrected_by, error);
}

/* --- as the full text has it ------------------------------------------------------------------------------------------------------ */
const char *
hib_talk_folded(HibArena *arena, const char *text)
{
    g_autofree char *same = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *lower = g_utf8_strdown(same ? same : text, -1);
    GString *out = g_string_sized_new(strlen(lower) + 1);
    for (const char *c = lower; *c; c = g_utf8_next_char(c)) {
        gunichar one = g_utf8_get_char(c);
        g_string_append_unichar(out, one >= 0x30a1 && one <= 0x30f6 ? one - 0x60 : one);
    }
    const char *copy = hib_arena_strndup(arena, out->str, out->len);
    g_string_free(out, TRUE);
    return copy;
}

/* --- corrections -------------------------------------------------------------------------------------------------------------- */
static bool
learn_all(HibDb *db, HibClassifierLearnt **ret, GError **error)
{
    HibSqlReadingCorrections *corrected;
    HibSqlReadingKept *kept;
    size_t n_corrected, n_kept, n = 0;
    if (!hib_sql_reading_corrections(db, MOST_CORRECTIONS, &corrected, &n_corrected, error) ||
        !hib_sql_reading_kept(db, NEWEST_THREADS, MOST_KEPT, &kept, &n_kept, error))
        return false;
    HibTaught *taught = hib_arena_array(hib_db_arena(db), HibTaught, n_corrected + n_kept);
    for (size_t i = 0; i < n_corrected; i++)
        taught[n++] = (HibTaught){
            .text = corrected[i].text,
            .n = strlen(corrected[i].text),
            .sentiment = corrected[i].has_sentiment ? (HibSentiment)corrected[i].sentiment
                                                    : HIB_SENTIMENT_UNSURE,
            .intent = corrected[i].has_intent ? (HibIntent)corrected[i].intent : HIB_INTENT_UNSURE};
    for (size_t i = 0; i < n_kept; i++)
        taught[n++] = (HibTaught){.text = kept[i].text,
                                  .n = strlen(kept[i].text),
                                  .sentiment = (HibSentiment)kept[i].sentiment,
                                  .intent = (HibIntent)kept[i].intent,
                                  .is_kept = true};
    *ret = hib_classifier_learn(hib_classifier_builtin(), taught, n);
    return true;
}

/* Learns all anew and keeps it. */
static bool
relearn(HibDb *db, HibClassifierLearnt **ret, GError **error)
{
    g_autoptr(HibClassifierLearnt) learnt = NULL;
    if (!learn_all(db, &learnt, error))
        return false;
    g_autoptr(GBytes) bytes = hib_classifier_learnt_bytes(learnt);
    HibBytes weights = {g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)};
    *ret = g_steal_pointer(&learnt);
    return hib_sql_reading_set_learnt(db, weights, hib_db_now(db), error);
}

bool
hib_talk_learnt(HibDb *db, HibClassifierLearnt **ret, GError **error)
{
    HibSqlReadingLearnt *row;
    *ret = NULL;
    if (!hib_sql_reading_learnt(db, &row, error))
        return false;
    if (row)
        *ret = hib_classifier_learnt_read(row->weights.data, row->weights.n);
    return !row || *ret || relearn(db, ret, error); /* of an earlier way of learning */
}

/* Keeps the correction and gives what is known with it. */
static bool
teach(HibDb *db, const char *talk, const char *text, const int64_t *sentiment,
      const int64_t *intent, HibClassifierLearnt **ret, GError **error)
{
    const char *person = NULL;
    hib_db_actor(db, &person);
    return hib_sql_reading_correct(db, talk, text, sentiment, intent, person, hib_db_now(db),
                                   error) &&
           relearn(db, ret, error);
}

static bool
may_correct(const HibTalk *talk, GError **error)
{
    if (talk->is_deleted)
        hib_error_set(error, HIB_ERROR_CONFLICT, "engage.deleted", "its author took it away");
    else if (talk->is_own || !talk->reading.is_read)
        hib_error_set(error, HIB_ERROR_CONFLICT, "engage.unread", "it has no reading");
    else
        return true;
    return false;
}

bool
hib_engage_correct(HibDb *db, const char *talk, HibSentiment sentiment, HibIntent intent,
                   HibTalk **ret, GError **error)
{
    HibTalk *row;
    HibTalkReading reading;
    g_autoptr(HibClassifierLearnt) learnt = NULL;
    int64_t sentiment_is = sentiment, intent_is = intent;
    const char *person = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_engage_get(db, talk, &row, error) || !may_correct(row, error) ||
        !teach(db, talk, row->text, sentiment < HIB_SENTIMENT_UNSURE ? &sentiment_is : NULL,
               intent < HIB_INTENT_UNSURE ? &intent_is : NULL, &learnt, error))
        return false;
    hib_db_actor(db, &person);
    hib_talk_classify(learnt, hib_db_arena(db), row->text, &reading);
    if (sentiment < HIB_SENTIMENT_UNSURE)
        reading.sentiment = sentiment;
    if (intent < HIB_INTENT_UNSURE)
        reading.intent = reading.likely_intent = intent;
    reading.corrected_by = person ? person : "";
    return hib_talk_set_reading(db, talk, &reading, error) &&
           hib_thread_refresh(db, row->thread_id, error) &&
           hib_audit(db, "talk.correct", "talk", talk, NULL, NULL, error) &&
           hib_event_emit(db, "talk.read", row->account_id, NULL, error) &&
           hib_job_add(db, HIB_JOB_TALK_REREAD, "all", NULL, NULL, hib_db_now(db), NULL, error) &&
           hib_engage_get(db, talk, ret, error) && hib_tx_commit(tx, error);
}

/* --- what waits is read anew ------------------------------------------------------------------------------------------------------- */
static bool
reread_one(HibDb *db, const HibClassifierLearnt *learnt, const HibSqlReadingWaiting *row,
           bool *ret_changed, GError **error)
{
    HibTalkReading reading;
    int64_t is_free = 0;
    hib_talk_classify(learnt, hib_db_arena(db), row->text, &reading);
    *ret_changed = reading.is_read && (!row->has_intent || row->intent != (int64_t)reading.intent ||
                                       row->sentiment != (int64_t)reading.sentiment ||
                                       row->urgency != reading.urgency);
    if (*ret_changed && !hib_sql_reading_hold(db, row->id, &is_free, error))
        return false;
    *ret_changed = is_free;
    return !*ret_changed || (hib_talk_set_reading(db, row->id, &reading, error) &&
                             hib_thread_refresh(db, row->thread_id, error));
}

static bool
reread_some(HibDb *db, const char **after, size_t *ret_n, bool *ret_changed, GError **error)
{
    HibSqlReadingWaiting *rows;
    g_autoptr(HibClassifierLearnt) learnt = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_talk_learnt(db, &learnt, error) ||
        !hib_sql_reading_waiting(db, hib_db_now(db) - REREAD_SINCE, *after, REREAD_AT_ONCE, &rows,
                                 ret_n, error))
        return false;
    for (size_t i = 0; i < *ret_n; i++) {
        bool is_changed;
        if (!reread_one(db, learnt, &rows[i], &is_changed, error))
            return false;
        *ret_changed |= is_changed;
        *after = rows[i].id;
    }
    return hib_tx_commit(tx, error);
}

bool
hib_engage_reread_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                      HibJobEnd *ret_end, HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    const char *after = "";
    bool is_changed = false;
    size_t n;
    *ret_end = HIB_JOB_DONE;
    do {
        if (!reread_some(db, &after, &n, &is_changed, error))
            return false;
    } while (n == REREAD_AT_ONCE);
    return !is_changed || hib_event_emit(db, "talk.read", NULL, NULL, error);
}
