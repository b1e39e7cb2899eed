/* A million people: a segment of six conditions counted from the packed columns and by plain SQL in the same run, with changes that are not packed yet; the list and the search; and who may be
 * the same as somebody newly seen, where every tenth handle is had by two people and one by thousands.
 *
 *   segments STORE_URL N fill      puts the people there, in a few statements
 *   segments STORE_URL N           prints one line of JSON */
#include "base/error.h"
#include "contacts/contacts_private.h"
#include "migrations/migrations.h"
#include "segments.sql.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAMES = 64, CHANGED = 1000, TIMES = 5, MARKS = 5, SEEN = 2000 };
static const char workspace[] = "01890a5d-ac96-774b-bcce-b302099a8057";
static const struct {
    const char *kind, *ref;
    int percent;
} marks[MARKS] = {{"tag", "VIP", 30},
                  {"city", "大阪", 20},
                  {"intent", "complaint", 10},
                  {"given", "email:news", 60},
                  {"withdrawn", "email:news", 5}};
static const char *const names[] = {"山田", "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "小林"},
                         *const given[] = {"花子", "太郎", "美咲", "健",
                                           "陽菜", "蓮",   "結衣", "大翔"};

typedef struct {
    HibStore *store;
    HibSeeded seeded;
    int64_t n, ids[MARKS];
    HibInstant now;
} Bench;

/* The handle: one of a thousand is "official", every tenth is had by two. */
static const char *
handle_of(HibArena *arena, int64_t num)
{
    const int64_t who = num % 10 == 0 ? num / 20 * 20 : num;
    return num % 1000 == 7 ? "official_shop"
                           : hib_arena_printf(arena, "guest_%" G_GINT64_FORMAT, who);
}

static HibSqlIdentityAddIn
identity_of(HibDb *db, const HibSqlContactAddIn *contact)
{
    HibArena *arena = hib_db_arena(db);
    const char *network = contact->num % 2 ? "x" : "instagram";
    const char *handle = handle_of(arena, contact->num);
    return (HibSqlIdentityAddIn){.kind = HIB_IDENTITY_NETWORK,
                                 .network = network,
                                 .scope = "",
                                 .key = hib_arena_printf(arena, "%" G_GINT64_FORMAT, contact->num),
                                 .id = hib_db_new_id(db),
                                 .contact_id = contact->id,
                                 .handle = handle,
                                 .name = contact->name,
                                 .core = hib_contact_core(arena, network, handle),
                                 .first_at = contact->first_at};
}

static bool
add_batch(HibDb *db, Bench *bench, int64_t from, int64_t n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlContactAddIn *rows = hib_arena_array(arena, HibSqlContactAddIn, (size_t)n);
    g_autoptr(GArray) held = g_array_new(FALSE, FALSE, sizeof(HibSqlMarkAddIn));
    HibSqlIdentityAddIn *known = hib_arena_array(arena, HibSqlIdentityAddIn, (size_t)n);
    int64_t *nums = hib_arena_array(arena, int64_t, (size_t)n);
    HibSqlContactsNums *given_nums;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) || !hib_sql_contacts_nums(db, n, &given_nums, error))
        return false;
    for (int64_t i = 0; i < n; i++) {
        const HibInstant at = bench->now - hib_seeded_below(&bench->seeded, 730) * HIB_DAY;
        nums[i] = from + i;
        rows[i] = (HibSqlContactAddIn){
            .id = hib_db_new_id(db),
            .num = nums[i],
            .language = "ja",
            .city = "",
            .first_at = at,
            .last_at = at,
            .created_at = at,
            .n_messages = 1 + hib_seeded_below(&bench->seeded, 8),
            .name = hib_arena_printf(arena, "%s%s", names[i % 8], given[i / 8])};
        known[i] = identity_of(db, &rows[i]);
        for (int k = 0; k < MARKS; k++) {
            const HibSqlMarkAddIn row = {.num = nums[i], .mark = bench->ids[k]};
            if (hib_seeded_below(&bench->seeded, 100) < marks[k].percent)
                g_array_append_val(held, row);
        }
        if (!hib_contacts_words(db, nums[i], &rows[i].name, 1, false, error))
            return false;
    }
    return hib_sql_contact_add_many(db, rows, (size_t)n, error) &&
           hib_sql_identity_add_many(db, known, (size_t)n, error) &&
           hib_sql_mark_add_many(db, (const HibSqlMarkAddIn *)(void *)held->data, held->len,
                                 error) &&
           hib_contact_dirty(db, nums, (size_t)n, error) && hib_tx_commit(tx, error);
}

static bool
name_marks(Bench *bench, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(bench->store, arena, workspace);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error))
        return false;
    for (int k = 0; k < MARKS; k++)
        if (!hib_mark_of(db, marks[k].kind, marks[k].ref, &bench->ids[k], error))
            return false;
    return hib_tx_commit(tx, error);
}

/* The first have every name; all others are made by the database of what these are. */
static bool
fill(Bench *bench, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(bench->store, arena, workspace);
    HibSqlContactsNums *nums;
    if (!add_batch(db, bench, 0, NAMES, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin_large(db, error);
    if (!tx || !hib_sql_contacts_nums(db, bench->n - NAMES, &nums, error) ||
        !hib_sql_fill_people(db, NAMES, bench->n - NAMES, bench->now, HIB_DAY, error) ||
        !hib_sql_fill_identities(db, NAMES, error) || !hib_sql_fill_words(db, NAMES, error))
        return false;
    for (int k = 0; k < MARKS; k++)
        if (!hib_sql_fill_marks(db, NAMES, bench->ids[k], marks[k].percent, k + 1, error))
            return false;
    return hib_sql_fill_dirty(db, NAMES, error) && hib_tx_commit(tx, error);
}

static bool
pack_all(Bench *bench, GError **error)
{
    for (size_t n = 1; n;) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(bench->store, arena, workspace);
        if (!hib_contacts_pack(db, 250000, &n, error))
            return false;
    }
    return true;
}

/* What came since the last packing: some people have one more message. */
static bool
change_some(Bench *bench, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(bench->store, arena, workspace);
    int64_t *nums = hib_arena_array(arena, int64_t, CHANGED);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error))
        return false;
    for (int i = 0; i < CHANGED; i++) {
        HibSqlFoundPerson *row;
        nums[i] = hib_seeded_below(&bench->seeded, bench->n);
        if (!hib_sql_contact_by_num(db, nums[i], &row, error))
            return false;
        const HibSqlContactSeenIn seen = {
            .id = row->id, .first_at = bench->now, .last_at = bench->now, .n_messages = 1};
        if (!hib_sql_contact_seen_many(db, &seen, 1, error))
            return false;
    }
    return hib_contact_dirty(db, nums, CHANGED, error) && hib_tx_commit(tx, error);
}

static bool
count_packed(HibDb *db, int64_t *ret, GError **error)
{
    HibCondition any[] = {{.field = HIB_FIELD_CITY, .text = "大阪"},
                          {.field = HIB_FIELD_MESSAGES, .op = HIB_OP_AT_LEAST, .number = 5}},
                 all[] = {{.field = HIB_FIELD_LAST_SEEN, .op = HIB_OP_AT_MOST, .number = 90},
                          {.field = HIB_FIELD_TAG, .text = "VIP"},
                          {.field = HIB_FIELD_INTENT, .op = HIB_OP_IS_NOT, .text = "complaint"},
                          {.field = HIB_FIELD_CONSENT, .text = "email:news"}};
    HibSegmentRule group = {.is_any = true, .conditions = any, .n_conditions = 2},
                   rule = {.conditions = all, .n_conditions = 4, .groups = &group, .n_groups = 1};
    HibBits bits;
    if (!hib_segment_rule_people(db, &rule, &bits, error))
        return false;
    *ret = hib_bits_count(&bits);
    return true;
}

static bool
find(HibDb *db, const HibContactQuery *query, int64_t *ret, GError **error)
{
    HibSqlFoundPerson *rows;
    size_t n;
    const char *next;
    int64_t total;
    const bool is_read = hib_contact_list(db, query, &rows, &n, &next, &total, error);
    *ret = (int64_t)n;
    return is_read;
}

/* People newly seen: the longest that looking for one's like took, in seconds; one in a hundred calls itself what thousands do. */
static bool
see_some(Bench *bench, double *ret, GError **error)
{
    *ret = 0;
    for (int i = 0; i < SEEN; i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(bench->store, arena, workspace);
        HibSqlFoundPerson *row;
        const int64_t num = hib_seeded_below(&bench->seeded, bench->n / 10) * 10;
        const char *handle = i % 100 ? handle_of(arena, num) : "official_shop";
        if (!hib_sql_contact_by_num(db, hib_seeded_below(&bench->seeded, bench->n), &row, error))
            return false;
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        const int64_t began = g_get_monotonic_time();
        if (!tx || !hib_contact_suggest(db, row->id, "youtube", handle, "山田花子", error))
            return false;
        *ret = MAX(*ret, (double)(g_get_monotonic_time() - began) / 1e6);
        if (!hib_tx_commit(tx, error))
            return false;
    }
    return true;
}

enum { PACKED, PLAIN, LIST, SEARCH, PAIRS, WHAT };

static bool
ask(Bench *bench, int what, int64_t *ret, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(bench->store, arena, workspace);
    HibSqlPlainSegment *plain;
    if (what == PACKED)
        return count_packed(db, ret, error);
    if (what == LIST)
        return find(db, &(HibContactQuery){0}, ret, error);
    if (what == PAIRS) {
        HibSqlPairList *pairs;
        size_t n;
        const bool is_read = hib_contact_pairs(db, 100, &pairs, &n, error);
        *ret = (int64_t)n;
        return is_read;
    }
    if (what == SEARCH)
        return find(db, &(HibContactQuery){.words = "美咲"}, ret, error);
    if (!hib_sql_plain_segment(db, hib_db_now(db) - 90 * HIB_DAY, bench->ids[0], bench->ids[1],
                               bench->ids[2], bench->ids[3], bench->ids[4], &plain, error))
        return false;
    *ret = plain->n;
    return true;
}

static double
seconds(void)
{
    return (double)g_get_monotonic_time() / 1e6;
}

static bool
measure(Bench *bench, double suggested, GError **error)
{
    double best[WHAT], worst[WHAT] = {0};
    int64_t n[WHAT] = {0};
    for (int what = 0; what < WHAT; what++) {
        best[what] = 1e9;
        for (int i = 0; i < TIMES; i++) {
            const double begun = seconds();
            if (!ask(bench, what, &n[what], error))
                return false;
            const double took = seconds() - begun;
            best[what] = MIN(best[what], took);
            worst[what] = MAX(worst[what], took);
        }
    }
    printf("{\"packed\": %f, \"packed_worst\": %f, \"plain\": %f, \"n_packed\": %" G_GINT64_FORMAT
           ", \"n_plain\": %" G_GINT64_FORMAT
           ", \"list\": %f, \"search\": %f, \"n_search\": %" G_GINT64_FORMAT
           ", \"pairs\": %f, \"n_pairs\": %" G_GINT64_FORMAT ", \"suggest\": %f}\n",
           best[PACKED], worst[PACKED], best[PLAIN], n[PACKED], n[PLAIN], worst[LIST],
           worst[SEARCH], n[SEARCH], worst[PAIRS], n[PAIRS], suggested);
    return true;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc < 3 || sodium_init() < 0)
        return 2;
    g_autoptr(HibStore) store = hib_store_open(&(HibStoreOptions){.url = argv[1]}, &error);
    double suggested = 0;
    Bench bench = {.store = store, .n = g_ascii_strtoll(argv[2], NULL, 10)};
    if (store) {
        hib_seeded_init(&bench.seeded, 7);
        bench.now = hib_clock_now(hib_store_clock(store));
    }
    const bool is_filling = argc == 4;
    if (!store || !hib_store_migrate(store, hib_migrations, hib_n_migrations, &error) ||
        !name_marks(&bench, &error) ||
        !(is_filling
              ? fill(&bench, &error)
              : pack_all(&bench, &error) && change_some(&bench, &error) &&
                    see_some(&bench, &suggested, &error) && measure(&bench, suggested, &error))) {
        fprintf(stderr, "%s\n", error ? error->message : "no store");
        return 1;
    }
    return 0;
}
