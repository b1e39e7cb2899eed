/* Winners: each is told once, where they took part; who does not answer in time makes room for the next substitute. */
#include "base/error.h"
#include "base/log.h"
#include "base/messages.h"
#include "days/days.h"
#include "engage/engage.h"
#include "team/team.h"
#include "ugc/search_private.h"
#include "ugc/ugc_private.h"

bool
hib_contest_winners(HibDb *db, const char *contest, HibWinner **ret, size_t *ret_n,
                    int64_t *ret_draw, GError **error)
{
    HibDraw *draws;
    size_t n;
    *ret_n = 0;
    *ret_draw = 0;
    if (!hib_contest_draws(db, contest, &draws, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (draws[i].has_drawn_at)
            *ret_draw = draws[i].n;
    return hib_sql_winner_list(db, contest, *ret_draw, ret, ret_n, error);
}

static bool
queue(HibDb *db, const char *kind, const char *contest, HibInstant at, GError **error)
{
    return hib_job_add(db, kind, contest, contest, NULL, at, NULL, error);
}

bool
hib_contest_tell(HibDb *db, const char *contest, GError **error)
{
    HibContest *row;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contest(db, contest, &row, error))
        return false;
    if (row->state != HIB_CONTEST_DRAWN) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.not_drawn", "state %" G_GINT64_FORMAT,
                      row->state);
        return false;
    }
    return queue(db, HIB_JOB_UGC_TELL, contest, hib_db_now(db), error) &&
           hib_audit(db, "ugc_campaign.tell", "ugc_campaign", contest, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}

/* --- room for a substitute ----------------------------------------------------------------------------------------------------- */
static bool
move_up(HibDb *db, const char *contest, int64_t draw, int64_t prize, GError **error)
{
    HibWinner *rows;
    size_t n;
    if (!hib_sql_winner_list(db, contest, draw, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        int64_t changed = 0;
        if (rows[i].state != HIB_WINNER_SUBSTITUTE)
            continue;
        if (!hib_sql_winner_up(db, contest, draw, rows[i].rank, prize, &changed, error))
            return false;
        if (changed) /* else another who left was quicker: the prize goes to the next */
            return queue(db, HIB_JOB_UGC_TELL, contest, hib_db_now(db), error);
    }
    return true;
}

static bool
leave(HibDb *db, const char *contest, int64_t draw, const HibWinner *winner, GError **error)
{
    int64_t changed = 0;
    return hib_sql_winner_answer(db, contest, draw, winner->rank, HIB_WINNER_LAPSED, hib_db_now(db),
                                 &changed, error) &&
           (!changed || move_up(db, contest, draw, winner->prize, error));
}

bool
hib_contest_answer(HibDb *db, const char *contest, int64_t rank, bool is_accepted, GError **error)
{
    HibContest *row;
    HibWinner *rows;
    size_t n;
    int64_t draw, changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contest(db, contest, &row, error) ||
        !hib_contest_winners(db, contest, &rows, &n, &draw, error))
        return false;
    if (rank < 1 || rank > (int64_t)n) {
        hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "ugc.winner_unknown", "/rank", "none");
        return false;
    }
    const HibWinner *winner = &rows[rank - 1];
    if (!hib_sql_winner_answer(db, contest, draw, rank,
                               is_accepted ? HIB_WINNER_ACCEPTED : HIB_WINNER_LAPSED,
                               hib_db_now(db), &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.not_waiting", "state %" G_GINT64_FORMAT,
                      winner->state);
        return false;
    }
    return (is_accepted || move_up(db, contest, draw, winner->prize, error)) &&
           hib_audit(db, "ugc_campaign.answer", "ugc_campaign", contest, NULL, NULL, error) &&
           hib_event_emit(db, "ugc.changed", contest, NULL, error) && hib_tx_commit(tx, error);
}

/* --- telling ------------------------------------------------------------------------------------------------------------------- */
static bool
words_for(HibDb *db, const HibContest *contest, const HibWinner *winner, HibInstant answer_by,
          const char **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    const char *const values[] = {
        "name",     *winner->author_name ? winner->author_name : winner->author_handle,
        "prize",    winner->prize_name ? winner->prize_name : "",
        "campaign", contest->name,
        "deadline", hib_day_text(arena, hib_day_at(zone ? zone : hib_zone_utc(), answer_by)),
        NULL};
    const char *wording = *contest->wording ? contest->wording : hib_message("ja", "ugc.won");
    *ret = hib_ugc_fill(arena, wording, values);
    return true;
}

/* Where they took part: something said, or what a search found. */
static bool
talk_of_entry(HibDb *db, const char *entry, const char **ret, GError **error)
{
    HibUgcTalk *talk;
    HibUgcItem *item;
    if (!hib_sql_ugc_talk(db, entry, &talk, error))
        return false;
    *ret = entry;
    return talk || (hib_ugc_item(db, entry, &item, error) && hib_ugc_talk_of(db, item, ret, error));
}

/* Somebody may draw again between the order to tell and the telling. Held to the end of the transaction: another draw waits, and then sees who was told. Its number is asked
 * too, since the campaign may be drawn anew by now. *ret false: the draw is void, nobody is told of it. */
static bool
hold_draw(HibDb *db, const char *contest, int64_t draw, bool *ret, GError **error)
{
    HibDraw *draws;
    size_t n;
    int64_t is_drawn = 0;
    if (!hib_sql_contest_hold(db, contest, HIB_CONTEST_DRAWN, &is_drawn, error) ||
        !hib_contest_draws(db, contest, &draws, &n, error))
        return false;
    *ret = is_drawn && n && draws[n - 1].n == draw;
    return true;
}

/* Marked and sent in one transaction: a crash leaves both or neither. Of a void draw nothing happens, without an error. */
static bool
tell_one(HibDb *db, const HibContest *contest, int64_t draw, const HibWinner *winner,
         GError **error)
{
    HibInstant now = hib_db_now(db), answer_by = now + contest->answer_days * HIB_DAY;
    const char *text = NULL, *said = NULL;
    HibTalk *talk;
    bool stands = false;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hold_draw(db, contest->id, draw, &stands, error))
        return false;
    if (!stands)
        return true;
    if (!words_for(db, contest, winner, answer_by, &text, error) ||
        !hib_sql_winner_take(db, contest->id, draw, winner->rank, now, answer_by, &changed, error))
        return false;
    if (!changed)
        return true;
    return talk_of_entry(db, winner->entry_id, &said, error) &&
           hib_engage_reply(db, said, text, true, &talk, error) &&
           hib_sql_winner_sent(db, contest->id, draw, winner->rank, talk->answer_id, error) &&
           queue(db, HIB_JOB_UGC_LAPSE, contest->id, answer_by, error) && hib_tx_commit(tx, error);
}

/* What can never be sent like this is a person's to see; anything else is tried again. */
static bool
is_final(const GError *error)
{
    return hib_error_is(error, HIB_ERROR_INVALID) || hib_error_is(error, HIB_ERROR_CONFLICT) ||
           hib_error_is(error, HIB_ERROR_NOT_FOUND);
}

/* --- a message beside the answer -------------------------------------------------------------------------------------------------- */
/* To whom, in the network's own terms; NULL with *ret_fault: why none is sent. A comment on Instagram or Facebook is answered privately, once, within days;
 * elsewhere it goes to the person. What was entered by a message was answered by one: *ret_fault "". */
static const char *
recipient_of(HibArena *arena, const HibWinner *winner, int64_t kind, const char *remote_id,
             const char **ret_fault)
{
    const HibNetwork *network = hib_network_find(winner->network);
    *ret_fault = "";
    if (kind == HIB_TALK_MESSAGE)
        return NULL;
    *ret_fault = "ugc.no_message";
    if (!network || !network->can_message)
        return NULL;
    if (g_str_equal(winner->network, "instagram") || g_str_equal(winner->network, "facebook"))
        return kind == HIB_TALK_COMMENT ? hib_arena_printf(arena, "comment:%s", remote_id) : NULL;
    const char *to =
        g_str_equal(winner->network, "mastodon") ? winner->author_handle : winner->author_id;
    return *to ? to : NULL;
}

/* Its delivery is queued and noted in one transaction; why there is none is noted too, so that either happens once. */
static bool
message_one(HibDb *db, const HibContest *contest, int64_t draw, const HibWinner *winner,
            GError **error)
{
    HibSqlUgcEntryTalk *said;
    HibDelivery *delivery;
    const char *text = NULL, *fault, *queued = NULL;
    bool stands = false;
    int64_t changed = 0;
    HibInstant answer_by =
        winner->has_answer_by ? winner->answer_by : hib_db_now(db) + contest->answer_days * HIB_DAY;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hold_draw(db, contest->id, draw, &stands, error))
        return false;
    if (!stands)
        return true;
    if (!hib_sql_ugc_entry_talk(db, winner->entry_id, &said, error) ||
        !words_for(db, contest, winner, answer_by, &text, error))
        return false;
    const char *to = recipient_of(hib_db_arena(db), winner, said ? said->kind : HIB_TALK_MENTION,
                                  said ? said->remote_id : "", &fault);
    if (!to && !*fault)
        return true;
    const HibReplyDraft draft = {.account = winner->account_id, .text = text, .recipient = to};
    if (to) {
        if (!hib_publish_reply(db, &draft, &delivery, error))
            return false;
        queued = delivery->id;
        fault = "";
    }
    return hib_sql_winner_message(db, contest->id, draw, winner->rank, queued, fault, &changed,
                                  error) &&
           changed && hib_tx_commit(tx, error);
}

static bool
message_or_why(HibDb *db, const HibContest *contest, int64_t draw, const HibWinner *winner,
               GError **error)
{
    g_autoptr(GError) failure = NULL;
    int64_t changed;
    if (winner->message_id || *winner->message_fault ||
        message_one(db, contest, draw, winner, &failure))
        return true;
    if (failure && !is_final(failure)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    return hib_sql_winner_message(db, contest->id, draw, winner->rank, NULL,
                                  failure ? hib_error_reason(failure) : "ugc.no_message", &changed,
                                  error);
}

/* Twice: whom it told already it does not tell again. */
bool
hib_ugc_tell_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                 HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibContest *contest;
    HibWinner *rows;
    size_t n;
    int64_t draw;
    *ret_end = HIB_JOB_DONE;
    if (!hib_contest(db, job->subject, &contest, error) ||
        !hib_contest_winners(db, job->subject, &rows, &n, &draw, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        g_autoptr(GError) failure = NULL;
        if (rows[i].state == HIB_WINNER_DRAWN && tell_one(db, contest, draw, &rows[i], &failure))
            rows[i].state = HIB_WINNER_TOLD;
        if (rows[i].state == HIB_WINNER_TOLD && !message_or_why(db, contest, draw, &rows[i], error))
            return false;
        if (!failure)
            continue;
        if (!is_final(failure)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return false;
        }
        hib_log(HIB_WARN, "ugc.winner_not_told", "contest", contest->id, "reason",
                hib_error_reason(failure), NULL);
        if (!message_or_why(db, contest, draw, &rows[i], error) ||
            !hib_sql_winner_fail(db, contest->id, draw, rows[i].rank, hib_error_reason(failure),
                                 error))
            return false;
    }
    return hib_event_emit(db, "ugc.changed", contest->id, NULL, error);
}

/* Whose time is over and who said nothing; comes again for the next. Twice: nobody leaves twice. */
bool
hib_ugc_lapse_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                  HibInstant *ret_at, GError **error)
{
    HibWinner *rows;
    size_t n;
    int64_t draw;
    HibInstant now = hib_db_now(db), next = INT64_MAX;
    *ret_end = HIB_JOB_DONE;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contest_winners(db, job->subject, &rows, &n, &draw, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].state != HIB_WINNER_TOLD || rows[i].answer_text)
            continue;
        if (rows[i].answer_by > now)
            next = MIN(next, rows[i].answer_by);
        else if (!leave(db, job->subject, draw, &rows[i], error))
            return false;
    }
    if (next != INT64_MAX) {
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = next;
    }
    return hib_event_emit(db, "ugc.changed", job->subject, NULL, error) && hib_tx_commit(tx, error);
}
