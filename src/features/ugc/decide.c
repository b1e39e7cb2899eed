/* What came of a request: a person says it. Granted, the medium's card says whose it is and until when; withdrawn, nothing more goes out with it. */
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/messages.h"
#include "days/days.h"
#include "engage/engage.h"
#include "team/team.h"
#include "ugc/ugc_private.h"

#define PICTURE_MOST (20u << 20)

static bool
today_of(HibDb *db, int days, const char **ret, HibInstant *ret_start, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) opened = hib_zone_open(workspace->zone);
    const HibZone *zone = opened ? opened : hib_zone_utc();
    *ret = hib_day_text(hib_db_arena(db), hib_day_plus(hib_day_at(zone, hib_db_now(db)), days));
    if (ret_start)
        *ret_start = hib_day_start(zone, hib_db_now(db), days);
    return true;
}

/* --- the card ---------------------------------------------------------------------------------------------------------------- */
static bool
write_card(HibDb *db, const HibUgcItem *item, const char *media, const char *expires_on,
           const char *terms, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibMedia *found;
    HibMediaCard *card;
    if (!hib_media_get(db, media, &found, error) ||
        !hib_media_cards(db, &media, 1, &found, &card, error))
        return false;
    card->owner = hib_arena_printf(arena, "%s (@%s, %s)", item->author_name, item->author_handle,
                                   item->network);
    card->licence = HIB_LICENCE_UGC_PERMITTED;
    card->terms = terms;
    card->source = item->url;
    card->consent_paper = item->proof;
    card->expires_on = expires_on;
    return hib_media_set_card(db, media, card, error);
}

static const char *
terms_of(HibDb *db, const HibUgcItem *item)
{
    return *item->purpose || *item->places
               ? hib_arena_printf(hib_db_arena(db), "%s / %s", item->purpose, item->places)
               : "";
}

/* Its picture is in the library: the card says what was granted. In the caller's transaction. */
static bool
attach(HibDb *db, const char *item, const char *media, GError **error)
{
    HibUgcItem *row;
    int64_t changed = 0;
    if (!hib_sql_ugc_item_media(db, item, media, &changed, error) ||
        !hib_ugc_item(db, item, &row, error))
        return false;
    return !changed || (write_card(db, row, media, row->until_day, terms_of(db, row), error) &&
                        hib_ugc_step(db, item, HIB_UGC_STEP_TAKEN, "", media, error));
}

/* --- deciding ---------------------------------------------------------------------------------------------------------------- */
static bool
may_decide(const HibUgcItem *item, const HibUgcDecision *decision, GError **error)
{
    bool is_granted = item->state == HIB_UGC_GRANTED || item->state == HIB_UGC_EXPIRED;
    if (decision->until_day && !hib_day_number(decision->until_day))
        hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.bad_day", "/until_day", "no day %s",
                         decision->until_day);
    else if (decision->state == HIB_UGC_WITHDRAWN ? !is_granted : item->state == HIB_UGC_WITHDRAWN)
        hib_error_set(error, HIB_ERROR_CONFLICT,
                      decision->state == HIB_UGC_WITHDRAWN ? "ugc.not_granted" : "ugc.decided",
                      "state %" G_GINT64_FORMAT, item->state);
    else if (decision->state == HIB_UGC_REFUSED && is_granted)
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.decided", "granted: it can be withdrawn");
    else if (decision->state == HIB_UGC_GRANTED && !item->answer_id &&
             (!decision->proof || !*decision->proof))
        hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.no_proof", "/proof",
                         "no answer and nothing that shows it");
    else
        return true;
    return false;
}

static bool
tell_user(HibDb *db, const HibUgcItem *item, const HibSqlUgcUses *use, GError **error)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "person", use->created_by);
    const char *const values[] = {"handle", item->author_handle, NULL};
    cJSON_AddStringToObject(
        json, "what", hib_ugc_fill(hib_db_arena(db), hib_message("ja", "ugc.withdrawn"), values));
    cJSON_AddStringToObject(json, "place",
                            hib_arena_printf(hib_db_arena(db), "/compose/%s", use->post_id));
    cJSON_AddStringToObject(json, "name", "");
    return hib_event_emit(db, "notify.person", use->post_id, hib_json_print(hib_db_arena(db), json),
                          error);
}

/* Nothing more goes out with it: what is scheduled becomes a draft again, and who made it hears of it. */
static bool
stop_use(HibDb *db, const HibUgcItem *item, GError **error)
{
    HibSqlUgcUses *uses;
    HibPost *post;
    const char *yesterday;
    size_t n;
    if (!item->media_id)
        return true;
    if (!today_of(db, -1, &yesterday, NULL, error) ||
        !write_card(db, item, item->media_id, yesterday, hib_message("ja", "ugc.withdrawnTerms"),
                    error) ||
        !hib_sql_ugc_uses(db, item->media_id, &uses, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((uses[i].state == HIB_POST_SCHEDULED &&
             !hib_publish_unschedule(db, uses[i].post_id, &post, error)) ||
            (uses[i].created_by && !tell_user(db, item, &uses[i], error)))
            return false;
    return true;
}

static bool
grant(HibDb *db, const HibUgcItem *item, const char *media, GError **error)
{
    size_t n_pictures;
    const char *day;
    HibInstant start;
    if (item->until_day) {
        int days = hib_day_number(item->until_day);
        if (!today_of(db, 0, &day, &start, error))
            return false;
        int ahead = days - hib_day_number(day) + 1;
        if (!today_of(db, MAX(ahead, 0), &day, &start, error) ||
            !hib_job_add(db, HIB_JOB_UGC_EXPIRE, item->id, item->id, NULL,
                         MAX(start, hib_db_now(db)), NULL, error))
            return false;
    }
    if (media)
        return attach(db, item->id, media, error);
    if (item->media_id) /* granted anew: the card says until when now */
        return write_card(db, item, item->media_id, item->until_day, terms_of(db, item), error);
    hib_ugc_pictures(hib_db_arena(db), item->attachments, &n_pictures);
    return !n_pictures || hib_job_add(db, HIB_JOB_UGC_FETCH, item->id, item->id, NULL,
                                      hib_db_now(db), NULL, error);
}

bool
hib_ugc_decide(HibDb *db, const char *item, const HibUgcDecision *decision, GError **error)
{
    static const HibUgcStepKind steps[] = {[HIB_UGC_GRANTED] = HIB_UGC_STEP_GRANTED,
                                           [HIB_UGC_REFUSED] = HIB_UGC_STEP_REFUSED,
                                           [HIB_UGC_WITHDRAWN] = HIB_UGC_STEP_WITHDRAWN};
    HibUgcItem *row;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_ugc_item(db, item, &row, error) || !may_decide(row, decision, error))
        return false;
    const char *answer_url = row->answer_url && *row->answer_url ? row->answer_url
                             : row->answer_id
                                 ? hib_arena_printf(hib_db_arena(db), "/ugc?item=%s", item)
                                 : row->proof;
    const char *proof = decision->proof && *decision->proof ? decision->proof : answer_url;
    const char *until = decision->until_day ? decision->until_day : row->until_day;
    if (!hib_sql_ugc_item_decide(db, item, decision->version, decision->state, until, proof,
                                 hib_db_now(db), &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.edited", "another version is stored");
        return false;
    }
    return hib_ugc_item(db, item, &row, error) &&
           (decision->state != HIB_UGC_GRANTED || grant(db, row, decision->media, error)) &&
           (decision->state != HIB_UGC_WITHDRAWN || stop_use(db, row, error)) &&
           hib_ugc_step(db, item, steps[decision->state], decision->note, NULL, error) &&
           hib_audit(db, "ugc.decide", "ugc", item, NULL, NULL, error) && hib_tx_commit(tx, error);
}

/* --- jobs -------------------------------------------------------------------------------------------------------------------- */
/* Said in the history, once: a person adds the picture by hand. */
static bool
lose(HibDb *db, const HibUgcItem *item, const char *why, GError **error)
{
    hib_log(HIB_WARN, "ugc.picture_lost", "item", item->id, "reason", why, NULL);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_ugc_step(db, item->id, HIB_UGC_STEP_LOST, why, NULL, error) &&
           hib_tx_commit(tx, error);
}

/* Twice: the first medium stays; the same picture is one row. A network that does not answer is asked again; a picture that is gone is said. */
bool
hib_ugc_fetch_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                  HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    const HibServices *services = context;
    g_autoptr(GError) failure = NULL;
    HibUgcItem *item;
    HibHttpReply reply;
    HibMedia *media;
    size_t n;
    *ret_end = HIB_JOB_DONE;
    if (!hib_ugc_item(db, job->subject, &item, error))
        return false;
    const char **pictures = hib_ugc_pictures(hib_db_arena(db), item->attachments, &n);
    if (item->state != HIB_UGC_GRANTED || item->media_id || !n)
        return true;
    const HibHttpRequest request = {.method = "GET",
                                    .url = pictures[0],
                                    .reply_cap = PICTURE_MOST,
                                    .redirects = 3,
                                    .is_foreign = !services->may_connect_private};
    if (!hib_http_do(services->http, hib_db_arena(db), &request, &reply, &failure)) {
        if (g_str_equal(hib_error_reason(failure), "http.reply_too_large"))
            return lose(db, item, "too_large", error);
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    if (reply.status >= 500 || reply.status == 429) {
        hib_error_set(error, HIB_ERROR_UPSTREAM, "http.no_answer", "status %d", reply.status);
        return false;
    }
    if (reply.status != 200)
        return lose(db, item, "gone", error);
    g_autoptr(GBytes) bytes = g_bytes_new(reply.body, reply.n_body);
    if (!hib_media_add(db, services, bytes, "", &media, &failure)) {
        if (hib_error_is(failure, HIB_ERROR_INVALID) || hib_error_is(failure, HIB_ERROR_TOO_LARGE))
            return lose(db, item, "no_picture", error);
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && attach(db, item->id, media->id, error) && hib_tx_commit(tx, error);
}

/* Twice: it is expired once. */
bool
hib_ugc_expire_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                   HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    const char *today;
    int64_t changed = 0;
    *ret_end = HIB_JOB_DONE;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && today_of(db, 0, &today, NULL, error) &&
           hib_sql_ugc_item_expire(db, job->subject, today, hib_db_now(db), &changed, error) &&
           (!changed || hib_ugc_step(db, job->subject, HIB_UGC_STEP_EXPIRED, "", NULL, error)) &&
           hib_tx_commit(tx, error);
}
