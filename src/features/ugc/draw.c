/* Closing a campaign, and drawing: once, however many press. What was published when it closed binds the draw. */
#include "base/error.h"
#include "base/secrets.h"
#include "team/team.h"
#include "ugc/condition_private.h"
#include "ugc/ugc_private.h"
#include <string.h>

#define PURPOSE "ugc.seed"
#define SEED_BYTES 32

static bool
refuse(GError **error, const char *reason, const HibContest *contest)
{
    hib_error_set(error, HIB_ERROR_CONFLICT, reason, "state %" G_GINT64_FORMAT, contest->state);
    return false;
}

bool
hib_contest_eligible(HibDb *db, const char *contest, const char *const **ret, size_t *ret_n,
                     GError **error)
{
    HibSqlEntryEligible *rows;
    if (!hib_sql_entry_eligible(db, contest, &rows, ret_n, error))
        return false;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        ids[i] = rows[i].id;
    *ret = ids;
    return true;
}

/* A seed nobody has seen: its hash in the open, itself sealed. */
static bool
commit_seed(HibDb *db, HibKeys *keys, const char *contest, int64_t n, const char *reason,
            const char *entries_hash, size_t n_entries, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    guchar bytes[SEED_BYTES];
    char seed[2 * SEED_BYTES + 1];
    hib_random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        g_snprintf(seed + 2 * i, 3, "%02x", bytes[i]);
    return hib_sql_draw_add(db, contest, n, reason, hib_sha256_hex(arena, seed, strlen(seed)),
                            hib_db_now(db), hib_seal(keys, arena, PURPOSE, seed), entries_hash,
                            (int64_t)n_entries, error);
}

bool
hib_contest_seal(HibDb *db, HibKeys *keys, const char *contest, const char *entries_hash,
                 size_t n_entries, GError **error)
{
    return commit_seed(db, keys, contest, 1, "", entries_hash, n_entries, error);
}

static bool
tell(HibDb *db, const char *action, const char *contest, GError **error)
{
    return hib_audit(db, action, "ugc_campaign", contest, NULL, NULL, error) &&
           hib_event_emit(db, "ugc.changed", contest, NULL, error);
}

bool
hib_contest_draws(HibDb *db, const char *contest, HibDraw **ret, size_t *ret_n, GError **error)
{
    return hib_sql_draw_list(db, contest, ret, ret_n, error);
}

/* --- closing ----------------------------------------------------------------------------------------------------------------- */
/* Entries are sealed at once; with conditions, once the networks were asked (condition.c). */
static bool
seal_now(HibDb *db, HibKeys *keys, const HibContest *row, GError **error)
{
    const char *const *ids;
    size_t n;
    int64_t changed = 0;
    HibInstant now = hib_db_now(db);
    if (!hib_contest_eligible(db, row->id, &ids, &n, error))
        return false;
    const char *hash = hib_lottery_entries_hash(hib_db_arena(db), ids, n);
    if (!hib_sql_contest_close(db, row->id, MIN(row->closes_at, now), now, hash, &changed, error))
        return false;
    if (!changed)
        return refuse(error, "ugc.not_open", row);
    return hib_contest_seal(db, keys, row->id, hash, n, error);
}

bool
hib_contest_close(HibDb *db, HibKeys *keys, const char *contest, GError **error)
{
    HibContest *row;
    if (!hib_contest_gather(db, contest, error) || !hib_contest(db, contest, &row, error) ||
        (row->state == HIB_CONTEST_OPEN && !hib_contest_judge(db, row, error)))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contest_gather_last(db, contest, error) ||
        !hib_contest(db, contest, &row, error))
        return false;
    return (*row->asks ? hib_contest_check(db, row, error) : seal_now(db, keys, row, error)) &&
           tell(db, "ugc_campaign.close", contest, error) && hib_tx_commit(tx, error);
}

/* --- drawing ----------------------------------------------------------------------------------------------------------------- */
/* One line, so that the value is copied into a verifier as it stands. */
static const char *
tidy(HibArena *arena, const char *outside)
{
    g_autofree char *text = g_strdup(outside);
    for (char *at = text; *at; at++)
        if ((guchar)*at < ' ' || *at == 127)
            *at = ' ';
    return hib_arena_strdup(arena, g_strstrip(text));
}

static bool
put_winners(HibDb *db, const HibContest *contest, int64_t draw, const HibDrawn *drawn, size_t n,
            GError **error)
{
    HibPrize *prizes;
    size_t n_prizes, at = 0;
    if (!hib_contest_prizes(db, contest->id, &prizes, &n_prizes, error))
        return false;
    for (size_t i = 0; i < n_prizes; i++)
        for (int64_t k = 0; k < prizes[i].n && at < n; k++, at++)
            if (!hib_sql_winner_add(db, contest->id, draw, (int64_t)at + 1, drawn[at].id,
                                    drawn[at].score, &prizes[i].at, HIB_WINNER_DRAWN, error))
                return false;
    for (int64_t k = 0; k < contest->n_substitutes && at < n; k++, at++)
        if (!hib_sql_winner_add(db, contest->id, draw, (int64_t)at + 1, drawn[at].id,
                                drawn[at].score, NULL, HIB_WINNER_SUBSTITUTE, error))
            return false;
    return true;
}

bool
hib_contest_draw(HibDb *db, HibKeys *keys, const char *contest, const char *outside, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibContest *row;
    HibDraw *draws;
    const char *const *ids;
    size_t n_draws, n;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contest(db, contest, &row, error) ||
        !hib_contest_draws(db, contest, &draws, &n_draws, error))
        return false;
    if (!n_draws)
        return refuse(error, "ugc.not_closed", row);
    const HibDraw *last = &draws[n_draws - 1];
    if (!last->n_entries)
        return refuse(error, "ugc.no_entries", row);
    const char *seed = hib_unseal(keys, arena, PURPOSE, last->sealed, error);
    outside = tidy(arena, outside);
    if (!seed || !hib_sql_draw_reveal(db, contest, last->n, seed, outside, hib_db_now(db), person,
                                      &changed, error))
        return false;
    if (!changed) /* somebody was quicker: the same winners stand, and are seen once this is durable */
        return hib_tx_commit(tx, error);
    if (!hib_contest_eligible(db, contest, &ids, &n, error))
        return false;
    /* Whatever happened since: only what was published when it closed is drawn from, or nobody could compute it again. */
    if (!g_str_equal(hib_lottery_entries_hash(arena, ids, n), last->entries_hash))
        return refuse(error, "ugc.edited", row);
    const HibDrawn *drawn = hib_lottery(arena, seed, outside, last->entries_hash, ids, n);
    return put_winners(db, row, last->n, drawn, n, error) &&
           hib_sql_contest_move(db, contest, HIB_CONTEST_CLOSED, HIB_CONTEST_DRAWN, &changed,
                                error) &&
           tell(db, "ugc_campaign.draw", contest, error) && hib_tx_commit(tx, error);
}

bool
hib_contest_redraw(HibDb *db, HibKeys *keys, const char *contest, const char *reason,
                   GError **error)
{
    HibContest *row;
    HibDraw *draws;
    HibSqlWinnerTold *told;
    size_t n_draws;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contest(db, contest, &row, error) ||
        !hib_sql_contest_move(db, contest, HIB_CONTEST_DRAWN, HIB_CONTEST_CLOSED, &changed,
                              error) ||
        !hib_sql_winner_told(db, contest, &told, error) ||
        !hib_contest_draws(db, contest, &draws, &n_draws, error))
        return false;
    if (!changed)
        return refuse(error, "ugc.not_drawn", row);
    if (told && told->n)
        return refuse(error, "ugc.told", row);
    const HibDraw *last = &draws[n_draws - 1];
    return commit_seed(db, keys, contest, last->n + 1, reason, last->entries_hash,
                       (size_t)last->n_entries, error) &&
           tell(db, "ugc_campaign.redraw", contest, error) && hib_tx_commit(tx, error);
}
