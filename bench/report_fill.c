/* Fills workspaces that are there with a month of posts that are out, each with its text and readings of four metrics, as collection would have left them: what a report is made of.
 *
 *   report_fill DATA_DIR FIRST_SECONDS POSTS WORKSPACE…   posts of the 31 days from FIRST_SECONDS on */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/log.h"
#include "base/secrets.h"
#include "measure/measure.h"
#include "plan/plan.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { ACCOUNTS = 5, METRICS = 4, READINGS = 3, BATCH = 1000, DAYS = 31 };
static const char *const metrics[METRICS] = {"likes", "reposts", "replies", "quotes"};
static const int later_h[READINGS] = {1, 24, 24 * 7};

typedef struct {
    HibStore *store;
    HibServices services;
    HibSeeded seeded;
    HibInstant first;
    int64_t n_posts;
    const char *accounts[ACCOUNTS];
} Fill;

static bool
add_accounts(Fill *fill, HibDb *db, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    for (int i = 0; i < ACCOUNTS; i++) {
        const char *handle =
            hib_arena_printf(arena, "cafe%d.%s.example", i, hib_db_workspace(db) + 24);
        const HibGrant grant = {.service = "https://bsky.social",
                                .remote_id = hib_arena_printf(arena, "did:plc:%s", handle),
                                .handle = handle,
                                .display_name = hib_arena_printf(arena, "喫茶ひびき %d号店", i + 1),
                                .avatar_url = "",
                                .access = "no-access",
                                .refresh = "no-refresh"};
        if (!hib_accounts_add(db, &fill->services, "bluesky", &grant, fill->first,
                              &fill->accounts[i], error))
            return false;
    }
    return true;
}

static bool
add_post(Fill *fill, HibDb *db, int64_t i, HibSnapshot *rows, size_t *n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibInstant at = fill->first + i * DAYS * HIB_DAY / fill->n_posts;
    const char *account = fill->accounts[i % ACCOUNTS], *id = hib_db_new_id(db);
    HibPostVariant variant = {.account_id = account};
    const HibPost post = {.id = hib_db_new_id(db),
                          .text = hib_arena_printf(arena,
                                                   "%" G_GINT64_FORMAT
                                                   " 番目の投稿です。焼きたてのパンが並びました "
                                                   "#パン #朝",
                                                   i + 1),
                          .state = HIB_POST_PUBLISHED,
                          .variants = &variant,
                          .n_variants = 1,
                          .has_due_at = true,
                          .due_at = at,
                          .created_at = at,
                          .updated_at = at,
                          .version = 1};
    const HibDelivery delivery = {.id = id,
                                  .post_id = post.id,
                                  .account_id = account,
                                  .network = "bluesky",
                                  .handle = "cafe.example",
                                  .text = post.text,
                                  .state = HIB_DELIVERY_PUBLISHED,
                                  .due_at = at,
                                  .has_sent_at = true,
                                  .sent_at = at,
                                  .has_published_at = true,
                                  .published_at = at,
                                  .attempts = 1,
                                  .remote_id = id,
                                  .url = "https://bsky.app/"};
    for (int m = 0; m < METRICS; m++)
        for (int64_t r = 0, value = 0; r < READINGS; r++) {
            value += hib_seeded_below(&fill->seeded, 60 / (m + 1) + 1);
            rows[(*n)++] = (HibSnapshot){.delivery = id,
                                         .metric = metrics[m],
                                         .as_of = at + later_h[r] * HIB_HOUR,
                                         .value = value};
        }
    return hib_plan_add_past(db, &post, error) && hib_publish_add_past(db, &delivery, error);
}

static bool
fill_workspace(Fill *fill, const char *workspace, GError **error)
{
    g_autofree HibSnapshot *rows = g_new(HibSnapshot, (gsize)BATCH * METRICS * READINGS);
    for (int64_t i = 0; i < fill->n_posts;) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(fill->store, arena, workspace);
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        size_t n = 0;
        if (!tx || (i == 0 && !add_accounts(fill, db, error)))
            return false;
        for (int k = 0; k < BATCH && i < fill->n_posts; k++, i++)
            if (!add_post(fill, db, i, rows, &n, error))
                return false;
        if (!hib_measure_add(db, rows, n, error) || !hib_tx_commit(tx, error))
            return false;
    }
    return true;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc < 5 || sodium_init() < 0)
        return 2;
    hib_log_set_level(HIB_WARN);
    g_autofree char *url = g_strdup_printf("sqlite:%s/hibiki.db", argv[1]),
                    *key = g_strdup_printf("%s/bench.key", argv[1]);
    HibStoreOptions options = {.url = url};
    g_autoptr(HibStore) store = hib_store_open(&options, &error);
    Fill fill = {.store = store,
                 .first = g_ascii_strtoll(argv[2], NULL, 10) * HIB_SECOND,
                 .n_posts = g_ascii_strtoll(argv[3], NULL, 10)};
    HibKeys *keys = store ? hib_keys_open(key, &error) : NULL;
    fill.services = (HibServices){
        .store = store, .keys = keys, .version = "bench", .base_url = "http://127.0.0.1"};
    hib_seeded_init(&fill.seeded, 43);
    bool ok = keys != NULL;
    for (int i = 4; ok && i < argc; i++) {
        HibArena *arena = hib_arena_new(); /* ids of the accounts are of this workspace alone */
        ok = fill_workspace(&fill, argv[i], &error);
        hib_arena_free(arena);
    }
    if (!ok)
        fprintf(stderr, "report_fill: %s\n", error ? error->message : "?");
    hib_keys_free(keys);
    return ok ? 0 : 1;
}
