/* The posts of an account that findings are made of, and findings as they are kept.
 *
 * The one idea: what is kept is kept under the hash of all it was made of (the zone, and each post's time, hashtags, kind and number). So nothing has to tell that it no longer holds: an import that
 * came or was taken back, a late reading, an edited text, a post that grew a year old make another hash, and whatever leaves the posts as they were leaves the findings too. Reading the
 * posts takes a few milliseconds; working out, some fifty and more. */
#include "base/error.h"
#include "base/log.h"
#include "base/secrets.h"
#include "measure/finding.h"
#include "measure/finding.sql.h"
#include "measure/measure_private.h"
#include <string.h>

enum { LOOKED_AT_DAYS = 365 };
#define METHOD "3" /* another number when the same posts are to say something else */
enum { HEAD = 2 + HIB_FINDING_HASHTAG + 1, FIELDS = 10 };

/* --- posts ---------------------------------------------------------------------------------------------------------------- */
static bool
read_posts(HibDb *db, const HibZone *zone, const char *account, HibFindingPost **ret, size_t *ret_n,
           int64_t *ret_since, GError **error)
{
    HibMadePost *posts;
    size_t n;
    const HibInstant now = hib_db_now(db);
    const HibMadeQuery query = {.account = account,
                                .from = hib_day_start(zone, now, 1 - LOOKED_AT_DAYS),
                                .until = hib_day_start(zone, now, 1),
                                .only_settled = true};
    if (!hib_made_posts(db, &query, &posts, &n, error))
        return false;
    const size_t skip = hib_made_newest(zone, posts, n, HIB_POSTING_POSTS);
    *ret = hib_arena_array(hib_db_arena(db), HibFindingPost, n + 1);
    *ret_n = n - skip;
    *ret_since = skip && skip < n ? hib_measure_day(zone, posts[skip].published_at) : 0;
    for (size_t i = skip; i < n; i++)
        (*ret)[i - skip] = (HibFindingPost){posts[i].published_at, (double)MAX(posts[i].settled, 0),
                                            posts[i].tags, posts[i].made};
    return true;
}

static const char *
basis_of(HibArena *arena, const HibZone *zone, const HibFindingPost *posts, size_t n)
{
    HibSha256 sum;
    hib_sha256_begin(&sum);
    hib_sha256_add(&sum, METHOD, sizeof METHOD);
    hib_sha256_add(&sum, hib_zone_name(zone), strlen(hib_zone_name(zone)) + 1);
    for (size_t i = 0; i < n; i++) {
        const char *made = hib_made_name(posts[i].made);
        hib_sha256_add(&sum, &posts[i].published_at, sizeof posts[i].published_at);
        hib_sha256_add(&sum, &posts[i].result, sizeof posts[i].result);
        hib_sha256_add(&sum, made, strlen(made) + 1);
        hib_sha256_add(&sum, posts[i].tags, strlen(posts[i].tags) + 1);
    }
    return hib_sha256_end(&sum, arena);
}

/* --- as text: a line of the whole, then one a finding; fields between tabs, numbers so that they read back the same -------- */
static void
put_real(GString *out, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "%s\t", g_ascii_dtostr(text, sizeof text, value));
}

static const char *
write_findings(HibArena *arena, const HibFindings *all)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_append_printf(out, "%zu\t", all->n_posts);
    put_real(out, all->per_week);
    for (size_t i = 0; i < G_N_ELEMENTS(all->chance_none); i++)
        put_real(out, all->chance_none[i]);
    for (size_t i = 0; i < all->n; i++) {
        const HibFinding *one = &all->findings[i];
        g_string_append_printf(out, "\n%d\t%s\t%s\t%zu\t%d\t%zu\t%zu\t", (int)one->kind, one->key,
                               one->against ? one->against : "", one->n, one->is_told,
                               one->test_posts, one->test_weeks);
        put_real(out, one->lift);
        put_real(out, one->low);
        put_real(out, one->high);
    }
    return hib_arena_strndup(arena, out->str, out->len);
}

static size_t
count_of(const char *text)
{
    return (size_t)g_ascii_strtoull(text, NULL, 10);
}

static bool
read_finding(HibArena *arena, const char *line, HibFinding *ret)
{
    g_auto(GStrv) of = g_strsplit(line, "\t", -1);
    if (g_strv_length(of) != FIELDS + 1 || count_of(of[0]) > HIB_FINDING_HASHTAG)
        return false;
    *ret = (HibFinding){.kind = (HibFindingKind)count_of(of[0]),
                        .key = hib_arena_strdup(arena, of[1]),
                        .against = *of[2] ? hib_arena_strdup(arena, of[2]) : NULL,
                        .n = count_of(of[3]),
                        .is_told = count_of(of[4]),
                        .test_posts = count_of(of[5]),
                        .test_weeks = count_of(of[6]),
                        .lift = g_ascii_strtod(of[7], NULL),
                        .low = g_ascii_strtod(of[8], NULL),
                        .high = g_ascii_strtod(of[9], NULL)};
    return true;
}

static bool
read_findings(HibArena *arena, const char *text, HibFindings *ret)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const size_t n = g_strv_length(lines);
    g_auto(GStrv) head = g_strsplit(n ? lines[0] : "", "\t", -1);
    if (g_strv_length(head) != HEAD + 1)
        return false;
    *ret = (HibFindings){.n_posts = count_of(head[0]),
                         .per_week = g_ascii_strtod(head[1], NULL),
                         .findings = hib_arena_array(arena, HibFinding, n)};
    for (size_t i = 0; i < G_N_ELEMENTS(ret->chance_none); i++)
        ret->chance_none[i] = g_ascii_strtod(head[2 + i], NULL);
    for (; ret->n + 1 < n; ret->n++)
        if (!read_finding(arena, lines[ret->n + 1], &ret->findings[ret->n]))
            return false;
    return true;
}

/* --- kept ------------------------------------------------------------------------------------------------------------------- */
/* Not being able to is no reason not to answer. */
static void
keep(HibDb *db, const char *account, const char *basis, const HibFindings *all)
{
    GError *fault = NULL;
    if (hib_sql_finding_keep(db, account, basis, write_findings(hib_db_arena(db), all),
                             hib_db_now(db), &fault))
        return;
    hib_log_error(HIB_WARN, "measure.findings_not_kept", fault, NULL);
    g_error_free(fault);
}

/* As kept, or worked out now. */
static bool
look_up(HibDb *db, const HibZone *zone, const char *account, const HibFindingPost *posts, size_t n,
        HibFindings *ret, GError **error)
{
    HibSqlFindingKept *kept;
    HibArena *arena = hib_db_arena(db);
    const char *basis = basis_of(arena, zone, posts, n);
    if (!hib_sql_finding_kept(db, account, basis, &kept, error))
        return false;
    if (kept && read_findings(arena, kept->found, ret))
        return true;
    hib_findings_of(arena, zone, posts, n, ret);
    keep(db, account, basis, ret);
    return true;
}

bool
hib_findings(HibDb *db, const HibZone *zone, const char *account, HibFindings *ret, GError **error)
{
    HibAccount *known;
    HibFindingPost *posts;
    size_t n;
    int64_t since;
    if (!hib_accounts_get(db, account, &known, error) ||
        !read_posts(db, zone, account, &posts, &n, &since, error) ||
        !look_up(db, zone, account, posts, n, ret, error))
        return false;
    ret->since = since;
    return true;
}
