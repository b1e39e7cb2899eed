/* Fills a workspace with scheduled posts, quickly, through the features' own faces (no statement of its own).
 *
 *   seed DATA_DIR WORKSPACE ACCOUNT[:FORMAT][,ACCOUNT…] N_LATER N_DUE FIRST [SPAN_S [DUE_SPAN_S]]
 *
 * The accounts take turns. N_DUE posts are due within the DUE_SPAN_S (usually one) that begin at FIRST (Unix seconds); N_LATER are spread evenly over the SPAN_S seconds that begin at FIRST when nothing is due in it,
 * else a day after it (default span 30 days). */
#include "base/error.h"
#include "base/log.h"
#include "publish/publish.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 500 };

enum { TARGETS = 64 };
typedef struct {
    const char *account;
    HibNetFormat format;
} Target;
typedef struct {
    HibStore *store;
    const char *workspace;
    Target targets[TARGETS];
    int n_targets;
} Seed;

/* "ID" or "ID:broadcast". */
static Target
read_target(char *text)
{
    Target target = {.account = text};
    char *colon = strchr(text, ':');
    if (!colon)
        return target;
    *colon = '\0';
    for (int f = 0; f < HIB_FORMAT_N; f++)
        if (g_str_equal(hib_net_format_name((HibNetFormat)f), colon + 1))
            target.format = (HibNetFormat)f;
    return target;
}

static bool
add(HibDb *db, const Seed *seed, int64_t n, const char *text, HibInstant at, GError **error)
{
    const Target *target = &seed->targets[n % seed->n_targets];
    HibPostVariant variant = {.account_id = target->account, .format = target->format};
    HibPostContent content = {.text = text, .variants = &variant, .n_variants = 1};
    HibPost *post = NULL;
    return hib_plan_create(db, &content, &post, error) &&
           hib_publish_schedule(db, post->id, NULL, at, &post, error);
}

/* `n` posts from `from` on, one every `step`, in transactions of BATCH. */
static bool
fill(const Seed *seed, const char *name, int64_t n, HibInstant from, double step, GError **error)
{
    for (int64_t i = 0; i < n;) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(seed->store, arena, seed->workspace);
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        if (!tx)
            return false;
        for (int k = 0; k < BATCH && i < n; k++, i++) {
            const char *text = hib_arena_printf(
                arena, "%s %" G_GINT64_FORMAT " 番目の投稿です。焼きたてをお届けします", name, i);
            if (!add(db, seed, i, text, from + (HibInstant)((double)i * step), error))
                return false;
        }
        if (!hib_tx_commit(tx, error))
            return false;
    }
    return true;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc < 7 || sodium_init() < 0)
        return 2;
    hib_log_set_level(HIB_WARN);
    g_autofree char *url = g_strdup_printf("sqlite:%s/hibiki.db", argv[1]);
    HibStoreOptions options = {.url = url};
    g_autoptr(HibStore) store = hib_store_open(&options, &error);
    Seed seed = {.store = store, .workspace = argv[2]};
    g_auto(GStrv) accounts = g_strsplit(argv[3], ",", TARGETS);
    for (; accounts[seed.n_targets]; seed.n_targets++)
        seed.targets[seed.n_targets] = read_target(accounts[seed.n_targets]);
    int64_t n_later = g_ascii_strtoll(argv[4], NULL, 10),
            n_due = g_ascii_strtoll(argv[5], NULL, 10);
    HibInstant first = g_ascii_strtoll(argv[6], NULL, 10) * HIB_SECOND;
    double span = argc > 7 ? g_ascii_strtod(argv[7], NULL) * HIB_SECOND : 30.0 * HIB_DAY;
    double due_span = argc > 8 ? g_ascii_strtod(argv[8], NULL) * HIB_SECOND : (double)HIB_SECOND;
    HibInstant later = n_due ? first + HIB_DAY : first;
    bool ok = store &&
              fill(&seed, "due", n_due, first, n_due ? due_span / (double)n_due : 0, &error) &&
              fill(&seed, "later", n_later, later, n_later ? span / (double)n_later : 0, &error);
    if (!ok)
        fprintf(stderr, "seed: %s\n", error ? error->message : "?");
    return ok ? 0 : 1;
}
