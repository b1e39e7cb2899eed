/* The draw as a document: everything that is needed to compute it again (docs/lottery.md), and who may not win and why. */
#include "base/error.h"
#include "base/json.h"
#include "table/table.h"
#include "ugc/ugc_private.h"
#include <string.h>

#define PAGE 1000
static const char *const reasons[] = {
    "eligible", "early",   "late",          "duplicate",    "blocked",   "staff",    "own",
    "gone",     "unknown", "not_following", "not_reposted", "not_liked", "unchecked"};
static const char *const outcomes[] = {"no", "yes", "unknown"};
static const char *const states[] = {"drawn", "told", "accepted", "lapsed", "substitute", "failed"};

typedef struct {
    HibContest *contest;
    HibDraw *draws;
    HibWinner *winners;
    HibEntry *entries;
    size_t n_draws, n_winners, n_entries;
    int64_t draw;
} Protocol;

static bool
read_all(HibDb *db, const char *contest, Protocol *ret, GError **error)
{
    return hib_contest(db, contest, &ret->contest, error) &&
           hib_contest_draws(db, contest, &ret->draws, &ret->n_draws, error) &&
           hib_contest_winners(db, contest, &ret->winners, &ret->n_winners, &ret->draw, error) &&
           hib_sql_entry_list(db, contest, INT64_MIN, "", NULL, INT64_MAX, &ret->entries,
                              &ret->n_entries, error);
}

static const char *
instant_text(HibArena *arena, HibInstant at)
{
    char text[HIB_INSTANT_TEXT];
    return hib_arena_strdup(arena, hib_instant_format(at, text));
}

static void
add_time(HibArena *arena, cJSON *to, const char *name, HibInstant at)
{
    cJSON_AddStringToObject(to, name, instant_text(arena, at));
}

static cJSON *
draw_json(HibArena *arena, const HibDraw *draw)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddNumberToObject(out, "draw", (double)draw->n);
    cJSON_AddStringToObject(out, "reason", draw->reason);
    cJSON_AddStringToObject(out, "commitment", draw->commitment);
    add_time(arena, out, "committed_at", draw->committed_at);
    cJSON_AddStringToObject(out, "entries_sha256", draw->entries_hash);
    if (draw->has_drawn_at) {
        cJSON_AddStringToObject(out, "seed", draw->seed);
        cJSON_AddStringToObject(out, "outside", draw->outside);
        add_time(arena, out, "drawn_at", draw->drawn_at);
    }
    return out;
}

/* What a network said of the conditions, and when. */
static void
add_facts(HibArena *arena, cJSON *row, const HibEntry *entry)
{
    if (entry->has_followed)
        cJSON_AddStringToObject(row, "followed", outcomes[entry->followed]);
    if (entry->has_reposted)
        cJSON_AddStringToObject(row, "reposted", outcomes[entry->reposted]);
    if (entry->has_liked)
        cJSON_AddStringToObject(row, "liked", outcomes[entry->liked]);
    if (entry->has_checked_at)
        add_time(arena, row, "checked_at", entry->checked_at);
}

static GBytes *
as_json(HibArena *arena, const Protocol *all)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "campaign", all->contest->name);
    add_time(arena, out, "opens_at", all->contest->opens_at);
    add_time(arena, out, "closes_at", all->contest->closes_at);
    cJSON_AddStringToObject(out, "method",
                            "sha256(seed \\n outside \\n entries_sha256 \\n id), lowest first; "
                            "entries_sha256 = sha256 of the eligible ids in ascending order, each "
                            "with \\n behind it; commitment = sha256(seed)");
    if (*all->contest->asks)
        cJSON_AddStringToObject(out, "conditions", all->contest->asks);
    cJSON *draws = cJSON_AddArrayToObject(out, "draws");
    for (size_t i = 0; i < all->n_draws; i++)
        cJSON_AddItemToArray(draws, draw_json(arena, &all->draws[i]));
    cJSON *winners = cJSON_AddArrayToObject(out, "winners");
    for (size_t i = 0; i < all->n_winners; i++) {
        const HibWinner *one = &all->winners[i];
        cJSON *row = cJSON_CreateObject();
        cJSON_AddNumberToObject(row, "rank", (double)one->rank);
        cJSON_AddStringToObject(row, "id", one->entry_id);
        cJSON_AddStringToObject(row, "score", one->score);
        cJSON_AddStringToObject(row, "prize", one->prize_name ? one->prize_name : "");
        cJSON_AddStringToObject(row, "state", states[one->state]);
        cJSON_AddItemToArray(winners, row);
    }
    cJSON *entries = cJSON_AddArrayToObject(out, "entries");
    for (size_t i = 0; i < all->n_entries; i++) {
        const HibEntry *one = &all->entries[i];
        cJSON *row = cJSON_CreateObject();
        cJSON_AddStringToObject(row, "id", one->id);
        cJSON_AddStringToObject(row, "network", one->network);
        cJSON_AddStringToObject(row, "handle", one->author_handle);
        add_time(arena, row, "at", one->at);
        cJSON_AddStringToObject(row, "reason", reasons[one->reason]);
        add_facts(arena, row, one);
        cJSON_AddItemToArray(entries, row);
    }
    char *text = hib_json_print(arena, out);
    return g_bytes_new(text, strlen(text));
}

/* One table: what kind of row it is stands in front. */
static GBytes *
as_csv(HibArena *arena, const Protocol *all)
{
    GString *out = g_string_new("\xef\xbb\xbf");
    const char *const head[] = {"row", "n",      "id",    "network", "handle",
                                "at",  "result", "score", "prize",   "sha256"};
    hib_table_print_row(out, head, G_N_ELEMENTS(head), true);
    for (size_t i = 0; i < all->n_draws; i++) {
        const HibDraw *one = &all->draws[i];
        const char *const cells[] = {
            "draw",
            hib_arena_printf(arena, "%" G_GINT64_FORMAT, one->n),
            one->seed ? one->seed : "",
            "",
            one->outside ? one->outside : "",
            instant_text(arena, one->has_drawn_at ? one->drawn_at : one->committed_at),
            one->reason,
            one->commitment,
            "",
            one->entries_hash};
        hib_table_print_row(out, cells, G_N_ELEMENTS(cells), true);
    }
    for (size_t i = 0; i < all->n_winners; i++) {
        const HibWinner *one = &all->winners[i];
        const char *const cells[] = {"winner",
                                     hib_arena_printf(arena, "%" G_GINT64_FORMAT, one->rank),
                                     one->entry_id,
                                     one->network,
                                     one->author_handle,
                                     instant_text(arena, one->at),
                                     states[one->state],
                                     one->score,
                                     one->prize_name ? one->prize_name : "",
                                     ""};
        hib_table_print_row(out, cells, G_N_ELEMENTS(cells), true);
    }
    for (size_t i = 0; i < all->n_entries; i++) {
        const HibEntry *one = &all->entries[i];
        const char *const cells[] = {"entry",
                                     hib_arena_printf(arena, "%zu", i + 1),
                                     one->id,
                                     one->network,
                                     one->author_handle,
                                     instant_text(arena, one->at),
                                     reasons[one->reason],
                                     "",
                                     "",
                                     ""};
        hib_table_print_row(out, cells, G_N_ELEMENTS(cells), true);
    }
    return g_string_free_to_bytes(out);
}

bool
hib_contest_protocol(HibDb *db, const char *contest, bool is_json, GBytes **ret, GError **error)
{
    Protocol all = {0};
    if (!read_all(db, contest, &all, error))
        return false;
    if (!all.n_draws) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "ugc.not_closed", "state %" G_GINT64_FORMAT,
                      all.contest->state);
        return false;
    }
    *ret = is_json ? as_json(hib_db_arena(db), &all) : as_csv(hib_db_arena(db), &all);
    return true;
}
