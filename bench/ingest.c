/* Readings of many posts stored with their roll-ups: whole histories (as an import or a year of practice brings them), and one look at every post (as collection does it).
 *
 *   ingest STORE_URL POSTS HOURS [RAW POSTS_FILE]   prints one line of JSON
 *
 * With the last two it also writes every reading as a row (post, metric, second, value), and each post (number, second it was published, account, hashtag), for peers to be asked the same. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/log.h"
#include "base/secrets.h"
#include "measure/measure.h"
#include "migrations/migrations.h"
#include "plan/plan.h"
#include "team/team.h"
#include <glib/gstdio.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { ACCOUNTS = 10, SHELVES = 20, METRICS = 5, BATCH = 100000 };
static const char *const metrics[METRICS] = {"likes", "reposts", "replies", "impressions", "saves"};

typedef struct {
    HibStore *store;
    HibServices services;
    const char *workspace, *accounts[ACCOUNTS];
    char **posts;
    int64_t n_posts, n_hours;
    HibSeeded seeded;
    HibInstant start;
    int64_t *values;  /* of each post and metric */
    FILE *raw, *told; /* NULL: nobody wants them */
    HibArena *arena;
} Bench;

static double
seconds(void)
{
    return (double)g_get_monotonic_time() / 1e6;
}

static bool
found(Bench *bench, GError **error)
{
    const HibTeamFounding founding = {.name = "花子",
                                      .email = "hanako@example.jp",
                                      .password = "kissa-hibiki-2026",
                                      .workspace_name = "喫茶ひびき",
                                      .zone = "Asia/Tokyo",
                                      .locale = "ja",
                                      .is_practice = true};
    const char *person;
    g_autoptr(HibDb) db = hib_db_open(bench->store, bench->arena, NULL);
    if (!hib_team_found(db, &founding, &bench->workspace, &person, error))
        return false;
    g_autoptr(HibDb) scoped = hib_db_open(bench->store, bench->arena, bench->workspace);
    for (int i = 0; i < ACCOUNTS; i++) {
        const char *handle = hib_arena_printf(bench->arena, "cafe%d.example", i);
        const HibGrant grant = {.service = "https://bsky.social",
                                .remote_id = hib_arena_printf(bench->arena, "did:plc:%s", handle),
                                .handle = handle,
                                .display_name = handle,
                                .avatar_url = "",
                                .access = "no-access",
                                .refresh = "no-refresh"};
        if (!hib_accounts_add(scoped, &bench->services, "bluesky", &grant, bench->start,
                              &bench->accounts[i], error))
            return false;
    }
    return true;
}

static bool
add_post(Bench *bench, HibDb *db, int64_t i, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *account = bench->accounts[i % ACCOUNTS];
    const HibInstant at = bench->start + i * 42 * HIB_DAY / bench->n_posts;
    HibPostVariant variant = {.account_id = account};
    const HibPost post = {.id = hib_db_new_id(db),
                          .text = hib_arena_printf(arena, "焼きたてのパンが並びました #パン #棚%d",
                                                   (int)(i % SHELVES)),
                          .state = HIB_POST_PUBLISHED,
                          .variants = &variant,
                          .n_variants = 1,
                          .has_due_at = true,
                          .due_at = at,
                          .created_at = at,
                          .updated_at = at,
                          .version = 1};
    const char *id = hib_db_new_id(db);
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
    bench->posts[i] = hib_arena_strdup(bench->arena, id);
    if (bench->told)
        fprintf(bench->told, "%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%d,%d\n", i,
                at / HIB_SECOND, (int)(i % ACCOUNTS), (int)(i % SHELVES));
    return hib_plan_add_past(db, &post, error) && hib_publish_add_past(db, &delivery, error);
}

/* Posts that are out, one an hour or so, and followed. */
static bool
add_posts(Bench *bench, GError **error)
{
    bench->posts = hib_arena_array(bench->arena, char *, (size_t)bench->n_posts + 1);
    for (int64_t i = 0; i < bench->n_posts;) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(bench->store, arena, bench->workspace);
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        for (int k = 0; tx && k < 1000 && i < bench->n_posts; k++, i++)
            if (!add_post(bench, db, i, error))
                return false;
        if (!tx || !hib_tx_commit(tx, error))
            return false;
    }
    return true;
}

/* A counter grows by a little, less and less. */
static int64_t
next_value(Bench *bench, int64_t post, int metric, int64_t hour)
{
    int64_t *value = &bench->values[post * METRICS + metric];
    return *value += hib_seeded_below(&bench->seeded, 2 + 40 * (metric + 1) / (1 + hour));
}

static void
write_raw(Bench *bench, int64_t post, int metric, HibInstant at, int64_t value)
{
    if (bench->raw)
        fprintf(bench->raw, "%" G_GINT64_FORMAT ",%d,%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "\n",
                post, metric, at / HIB_SECOND, value);
}

static bool
add(Bench *bench, const HibSnapshot *rows, size_t n, double *took, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(bench->store, arena, bench->workspace);
    const double begun = seconds();
    if (!hib_measure_add(db, rows, n, error))
        return false;
    *took += seconds() - begun;
    return true;
}

static bool
add_histories(Bench *bench, double *took, int64_t *ret_n, GError **error)
{
    g_autofree HibSnapshot *rows = g_new(HibSnapshot, BATCH + METRICS * bench->n_hours);
    size_t n = 0;
    for (int64_t post = 0; post < bench->n_posts; post++) {
        HibInstant at = bench->start + post * 42 * HIB_DAY / bench->n_posts;
        for (int64_t hour = 0; hour < bench->n_hours; hour++)
            for (int m = 0; m < METRICS; m++) {
                rows[n] = (HibSnapshot){.delivery = bench->posts[post],
                                        .metric = metrics[m],
                                        .as_of = at + (hour + 1) * HIB_HOUR,
                                        .value = next_value(bench, post, m, hour)};
                write_raw(bench, post, m, rows[n].as_of, rows[n].value);
                n++;
            }
        *ret_n += METRICS * bench->n_hours;
        if (n < BATCH && post + 1 < bench->n_posts)
            continue;
        if (!add(bench, rows, n, took, error))
            return false;
        n = 0;
    }
    return true;
}

/* Every post once more, an hour after the last reading of any. */
static bool
look_at_all(Bench *bench, int64_t round, double *took, int64_t *ret_n, GError **error)
{
    g_autofree HibSnapshot *rows = g_new(HibSnapshot, (size_t)(bench->n_posts * METRICS + 1));
    HibInstant at = bench->start + 42 * HIB_DAY + (bench->n_hours + 1 + round) * HIB_HOUR;
    size_t n = 0;
    for (int64_t post = 0; post < bench->n_posts; post++)
        for (int m = 0; m < METRICS; m++) {
            rows[n] = (HibSnapshot){.delivery = bench->posts[post],
                                    .metric = metrics[m],
                                    .as_of = at,
                                    .value = next_value(bench, post, m, bench->n_hours)};
            write_raw(bench, post, m, at, rows[n].value);
            n++;
        }
    *ret_n += (int64_t)n;
    return add(bench, rows, n, took, error);
}

static bool
run(Bench *bench, GError **error)
{
    double took = 0, looking = 0;
    const HibInstant now = g_get_real_time();
    /* All of it is over: the last look was an hour ago. */
    bench->start = now - now % HIB_HOUR - 42 * HIB_DAY - (bench->n_hours + 7) * HIB_HOUR;
    int64_t n = 0, n_looked = 0;
    if (!hib_store_migrate(bench->store, hib_migrations, hib_n_migrations, error) ||
        !found(bench, error) || !add_posts(bench, error) || !add_histories(bench, &took, &n, error))
        return false;
    for (int64_t round = 0; round < 5; round++)
        if (!look_at_all(bench, round, &looking, &n_looked, error))
            return false;
    printf("{\"workspace\": \"%s\", \"rows\": %" G_GINT64_FORMAT
           ", \"seconds\": %f, \"looked\": %" G_GINT64_FORMAT ", \"looking\": %f}\n",
           bench->workspace, n, took, n_looked, looking);
    return true;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if ((argc != 4 && argc != 6) || sodium_init() < 0)
        return 2;
    hib_log_set_level(HIB_WARN);
    HibStoreOptions options = {.url = argv[1]};
    g_autoptr(HibStore) store = hib_store_open(&options, &error);
    g_autofree char *directory = g_dir_make_tmp("hibiki-ingest-XXXXXX", NULL);
    g_autofree char *key = g_build_filename(directory, "key", NULL);
    Bench bench = {.store = store,
                   .n_posts = g_ascii_strtoll(argv[2], NULL, 10),
                   .n_hours = g_ascii_strtoll(argv[3], NULL, 10),
                   .arena = hib_arena_new(),
                   .raw = argc == 6 ? fopen(argv[4], "w") : NULL,
                   .told = argc == 6 ? fopen(argv[5], "w") : NULL};
    hib_seeded_init(&bench.seeded, 40);
    bench.values = g_new0(int64_t, (gsize)(bench.n_posts * METRICS + 1));
    bench.services = (HibServices){.store = store,
                                   .keys = hib_keys_open(key, &error),
                                   .version = "bench",
                                   .base_url = "http://127.0.0.1"};
    const bool is_done = store && bench.services.keys && run(&bench, &error);
    if (!is_done)
        fprintf(stderr, "ingest: %s\n", error ? error->message : "?");
    if (bench.raw)
        fclose(bench.raw);
    if (bench.told)
        fclose(bench.told);
    hib_keys_free(bench.services.keys);
    hib_arena_free(bench.arena);
    g_free(bench.values);
    g_unlink(key);
    g_rmdir(directory);
    return is_done ? 0 : 1;
}
