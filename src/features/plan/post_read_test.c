/* Lists of posts: order, ranges, and that paging loses and repeats nothing while others move. */
#include "base/error.h"
#include "base/secrets.h"
#include "plan/plan_private.h"
#include "test_workspace.h"
#include <stdlib.h>

#define BASE ((HibInstant)1796000000 * HIB_SECOND)

static const char *
add(HibDb *db, HibPostState state, HibInstant due_at, HibInstant created_at)
{
    GError *error = NULL;
    const char *id = hib_db_new_id(db);
    const HibPost post = {.id = id,
                          .text = "x",
                          .state = state,
                          .has_due_at = due_at != 0,
                          .due_at = due_at,
                          .created_at = created_at,
                          .updated_at = created_at};
    hib_assert_ok(hib_plan_add_past(db, &post, &error), error);
    return id;
}

/* The order a reader expects, told independently of the statements. */
static int
compare(const void *a, const void *b)
{
    const HibPost *x = a, *y = b;
    if (x->has_due_at != y->has_due_at)
        return x->has_due_at ? -1 : 1;
    if (x->has_due_at && x->due_at != y->due_at)
        return x->due_at < y->due_at ? -1 : 1;
    if (x->has_due_at)
        return g_strcmp0(x->id, y->id);
    if (x->created_at != y->created_at)
        return x->created_at > y->created_at ? -1 : 1;
    return -g_strcmp0(x->id, y->id);
}

/* n posts, many sharing an instant, some without a time. */
static HibPost *
many(HibDb *db, HibSeeded *seeded, size_t n)
{
    HibPost *all = hib_arena_array(hib_db_arena(db), HibPost, n);
    GError *error = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
    for (size_t i = 0; i < n; i++) {
        bool has_time = hib_seeded_below(seeded, 4) != 0;
        HibInstant due_at = has_time ? BASE + hib_seeded_below(seeded, 40) * HIB_HOUR : 0;
        HibInstant created_at = BASE - hib_seeded_below(seeded, 20) * HIB_DAY;
        HibPostState state = (HibPostState)hib_seeded_below(seeded, 3);
        all[i] = (HibPost){.id = add(db, state, due_at, created_at),
                           .state = state,
                           .has_due_at = has_time,
                           .due_at = due_at,
                           .created_at = created_at};
    }
    hib_assert_ok(hib_tx_commit(tx, &error), error);
    return all;
}

static void
pages_of_any_size_give_every_post_once_in_order(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibSeeded seeded;
    hib_seeded_init(&seeded, 7);
    const size_t n_all = 300;
    HibPost *all = many(db, &seeded, n_all);
    qsort(all, n_all, sizeof *all, compare);
    for (int round = 0; round < 12; round++) {
        size_t at = 0;
        const char *cursor = NULL;
        do {
            HibPost *rows = NULL;
            size_t n = 0;
            const HibPostQuery query = {.limit = (int)hib_seeded_below(&seeded, 90) + 1,
                                        .cursor = cursor};
            hib_assert_ok(hib_plan_list(db, &query, &rows, &n, &cursor, &error), error);
            g_assert_true(n == (size_t)query.limit || !cursor);
            for (size_t i = 0; i < n; i++)
                g_assert_cmpstr(rows[i].id, ==, all[at++].id);
        } while (cursor);
        g_assert_cmpuint(at, ==, n_all);
    }
}

/* Moves, deletes or makes a post between two pages; never one of the first `n_still`. */
static void
stir(HibDb *db, HibSeeded *seeded, const HibPost *all, size_t n_still, size_t n_all)
{
    GError *error = NULL;
    const HibPost *post =
        &all[n_still + (size_t)hib_seeded_below(seeded, (int64_t)(n_all - n_still))];
    const HibInstant at = BASE + hib_seeded_below(seeded, 40) * HIB_HOUR;
    switch (hib_seeded_below(seeded, 4)) {
    case 0:
        if (!hib_plan_set_deleted(db, post->id, &error))
            g_clear_error(&error);
        return;
    case 1:
        add(db, HIB_POST_DRAFT, at, BASE);
        return;
    default:
        if (!hib_plan_set_schedule(db, post->id, HIB_POST_SCHEDULED, &at, &error))
            g_clear_error(&error);
    }
}

static void
paging_neither_loses_nor_repeats_a_post_while_others_move(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibSeeded seeded;
    hib_seeded_init(&seeded, 11);
    const size_t n_all = 200, n_still = 100;
    HibPost *all = many(db, &seeded, n_all);
    for (int round = 0; round < 8; round++) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        const char *cursor = NULL;
        do {
            HibPost *rows = NULL;
            size_t n = 0;
            const HibPostQuery query = {.limit = (int)hib_seeded_below(&seeded, 30) + 1,
                                        .cursor = cursor};
            hib_assert_ok(hib_plan_list(db, &query, &rows, &n, &cursor, &error), error);
            for (size_t i = 0; i < n; i++) {
                bool is_new = g_hash_table_add(seen, (gpointer)rows[i].id);
                for (size_t k = 0; k < n_still && !is_new; k++)
                    g_assert_cmpstr(rows[i].id, !=, all[k].id);
            }
            for (int k = 0; k < 3; k++)
                stir(db, &seeded, all, n_still, n_all);
        } while (cursor);
        for (size_t k = 0; k < n_still; k++)
            g_assert_true(g_hash_table_contains(seen, all[k].id));
    }
}

static void
a_range_takes_its_start_and_leaves_its_end(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    add(db, HIB_POST_DRAFT, BASE - 1, BASE);
    const char *first = add(db, HIB_POST_DRAFT, BASE, BASE);
    const char *last = add(db, HIB_POST_SCHEDULED, BASE + HIB_DAY - 1, BASE);
    add(db, HIB_POST_DRAFT, BASE + HIB_DAY, BASE);
    add(db, HIB_POST_DRAFT, 0, BASE);
    const HibInstant from = BASE, to = BASE + HIB_DAY;
    HibPost *rows = NULL;
    size_t n = 0;
    const char *next = NULL;
    hib_assert_ok(hib_plan_list(db, &(HibPostQuery){.from = &from, .to = &to, .limit = 10}, &rows,
                                &n, &next, &error),
                  error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(rows[0].id, ==, first);
    g_assert_cmpstr(rows[1].id, ==, last);
    g_assert_null(next);
    const HibPostState state = HIB_POST_SCHEDULED;
    hib_assert_ok(
        hib_plan_list(db, &(HibPostQuery){.state = &state, .limit = 10}, &rows, &n, &next, &error),
        error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(rows[0].id, ==, last);
    hib_assert_refused(hib_plan_list(db, &(HibPostQuery){.from = &to, .to = &from, .limit = 10},
                                     &rows, &n, &next, &error),
                       error, "post.bad_range");
}

static void
every_post_of_a_page_has_its_own_variants_and_pictures(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *account = hib_test_account(&ws, db, "a.example"),
               *picture = hib_test_picture(&ws, db, 9);
    for (int i = 0; i < 40; i++) {
        const HibPostVariant variant = {account, hib_arena_printf(test->arena, "v%d", i)};
        const HibPostMedia image = {.media_id = picture,
                                    .alt = hib_arena_printf(test->arena, "a%d", i)};
        const HibPost post = {.id = hib_db_new_id(db),
                              .text = "x",
                              .has_due_at = true,
                              .due_at = BASE + i,
                              .variants = (HibPostVariant *)&variant,
                              .n_variants = i % 3 ? 1 : 0,
                              .media = (HibPostMedia *)&image,
                              .n_media = i % 2 ? 1 : 0};
        hib_assert_ok(hib_plan_add_past(db, &post, &error), error);
    }
    HibPost *rows = NULL;
    size_t n = 0;
    const char *next = NULL;
    hib_assert_ok(hib_plan_list(db, &(HibPostQuery){.limit = 500}, &rows, &n, &next, &error),
                  error);
    g_assert_cmpuint(n, ==, 40);
    for (int i = 0; i < 40; i++) {
        g_assert_cmpuint(rows[i].n_variants, ==, i % 3 ? 1 : 0);
        g_assert_cmpuint(rows[i].n_media, ==, i % 2 ? 1 : 0);
        if (i % 3)
            g_assert_cmpstr(rows[i].variants[0].text, ==, hib_arena_printf(test->arena, "v%d", i));
        if (i % 2)
            g_assert_cmpstr(rows[i].media[0].alt, ==, hib_arena_printf(test->arena, "a%d", i));
    }
}

static void
a_campaign_shows_its_own_posts_page_by_page(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibCampaign *campaign;
    hib_assert_ok(hib_plan_add_campaign(db, &(HibCampaignContent){.name = "冬"}, &campaign, &error),
                  error);
    const char *in[4];
    for (int i = 0; i < 4; i++) {
        HibPostState state = i == 1 ? HIB_POST_SCHEDULED : HIB_POST_DRAFT;
        in[i] = add(db, state, i < 3 ? BASE + i : 0, BASE + i);
        hib_assert_ok(hib_plan_set_campaign(db, in[i], campaign->id, &error), error);
        add(db, state, BASE + i, BASE);
    }
    HibPost *rows = NULL;
    size_t n = 0;
    const char *cursor = NULL, *next = NULL;
    for (int i = 0; i < 4; i++, cursor = next) {
        const HibPostQuery one = {.campaign = campaign->id, .limit = 1, .cursor = cursor};
        hib_assert_ok(hib_plan_list(db, &one, &rows, &n, &next, &error), error);
        g_assert_cmpuint(n, ==, 1);
        g_assert_cmpstr(rows[0].id, ==, in[i]);
        g_assert_cmpstr(rows[0].campaign_id, ==, campaign->id);
        g_assert_true((next == NULL) == (i == 3));
    }
    const HibPostState state = HIB_POST_DRAFT;
    const HibPostQuery drafts = {.campaign = campaign->id, .state = &state, .limit = 10};
    hib_assert_ok(hib_plan_list(db, &drafts, &rows, &n, &next, &error), error);
    g_assert_cmpuint(n, ==, 3);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/post_read/" #name, name)
    ADD(pages_of_any_size_give_every_post_once_in_order);
    ADD(paging_neither_loses_nor_repeats_a_post_while_others_move);
    ADD(a_range_takes_its_start_and_leaves_its_end);
    ADD(every_post_of_a_page_has_its_own_variants_and_pictures);
    ADD(a_campaign_shows_its_own_posts_page_by_page);
    return g_test_run();
}
