/* The library: found by words and by what is the matter, page by page; where each is used, also in texts that follow; on both databases. */
#include "base/error.h"
#include "days/days.h"
#include "plan/plan_private.h"
#include "test_workspace.h"
#include <string.h>

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *ids[5];
} Fixture;

static void
fixture_free(Fixture *f)
{
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_free)

static void
fixture_open(Fixture *f, HibTestStore *test)
{
    hib_test_workspace_open(&f->ws, test);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    for (int i = 0; i < 5; i++)
        f->ids[i] = hib_test_picture(&f->ws, f->db, 10 + i);
}

static void
say(Fixture *f, int at, HibMediaCard card)
{
    GError *error = NULL;
    const char **texts[] = {&card.title, &card.note,   &card.alt,          &card.owner,
                            &card.terms, &card.source, &card.consent_paper};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (!*texts[i])
            *texts[i] = "";
    card.version = 1;
    hib_assert_ok(hib_media_set_card(f->db, f->ids[at], &card, &error), error);
}

/* Places in f->ids of what is found, oldest first: "0 2". */
static const char *
found(Fixture *f, HibLibraryQuery query)
{
    GError *error = NULL;
    HibLibraryItem *items;
    const char *next;
    size_t n;
    query.words = query.words ? query.words : "";
    query.limit = query.limit ? query.limit : 100;
    hib_assert_ok(hib_library_search(f->db, &query, &items, &n, &next, &error), error);
    g_autoptr(GString) out = g_string_new("");
    for (int at = 0; at < 5; at++)
        for (size_t i = 0; i < n; i++)
            if (strcmp(items[i].media->id, f->ids[at]) == 0)
                g_string_append_printf(out, "%s%d", out->len ? " " : "", at);
    return hib_arena_strdup(hib_db_arena(f->db), out->str);
}

static const char *
words(Fixture *f, const char *text)
{
    return found(f, (HibLibraryQuery){.words = text});
}

static const char *
only(Fixture *f, HibLibraryOnly what)
{
    return found(f, (HibLibraryQuery){.only = what});
}

static const char *
post_with(Fixture *f, int at, bool is_following, const char *alt)
{
    GError *error = NULL;
    HibPost *post;
    HibPostMedia media = {.media_id = f->ids[at], .alt = alt};
    HibPostPart part = {.text = "続き", .media = &media, .n_media = 1};
    HibPostVariant variant = {.account_id = hib_test_account(&f->ws, f->db, alt),
                              .thread = &part,
                              .n_thread = is_following};
    const HibPostContent content = {.text = "夏の新作のお知らせです",
                                    .variants = &variant,
                                    .n_variants = 1,
                                    .media = &media,
                                    .n_media = !is_following};
    hib_assert_ok(hib_plan_create(f->db, &content, &post, &error), error);
    return post->id;
}

static void
words_tags_and_kinds_are_found(HibTestStore *test)
{
    const char *const tags[] = {"夏", "店内"};
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    say(&f, 0, (HibMediaCard){.title = "夏のハーブティー", .tags = tags, .n_tags = 2});
    say(&f, 1, (HibMediaCard){.owner = "山田写真事務所", .note = "100% 天然_水"});
    post_with(&f, 2, false, "Brown cat on a sofa");
    g_assert_cmpstr(words(&f, ""), ==, "0 1 2 3 4");
    g_assert_cmpstr(words(&f, "はーぶ"), ==, "0");
    g_assert_cmpstr(words(&f, "ﾊｰﾌﾞ 店内"), ==, "0");
    g_assert_cmpstr(words(&f, "ハーブ 紅茶"), ==, "");
    g_assert_cmpstr(words(&f, "山田"), ==, "1");
    g_assert_cmpstr(words(&f, "%"), ==, "1"); /* a sign like others */
    g_assert_cmpstr(words(&f, "BROWN CAT"), ==, "2");
    g_assert_cmpstr(words(&f, "c_t"), ==, "");
    g_assert_cmpstr(found(&f, (HibLibraryQuery){.tag = "夏"}), ==, "0");
    g_assert_cmpstr(found(&f, (HibLibraryQuery){.tag = "冬"}), ==, "");
    g_assert_cmpstr(found(&f, (HibLibraryQuery){.kind = "image", .words = "夏"}), ==, "0");
    g_assert_cmpstr(found(&f, (HibLibraryQuery){.kind = "video"}), ==, "");
}

static void
what_is_the_matter_is_told_apart(HibTestStore *test)
{
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibInstant now = hib_db_now(f.db);
    HibArena *arena = hib_db_arena(f.db);
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    const int today = hib_day_at(zone, now);
    const char *yesterday = hib_day_text(arena, hib_day_plus(today, -1)),
               *last = hib_day_text(arena, today),
               *soon = hib_day_text(arena, hib_day_plus(today, 30)),
               *later = hib_day_text(arena, hib_day_plus(today, 31));
    say(&f, 0, (HibMediaCard){.licence = HIB_LICENCE_LICENSED, .expires_on = yesterday});
    say(&f, 1, (HibMediaCard){.licence = HIB_LICENCE_STOCK, .expires_on = last});
    say(&f, 2,
        (HibMediaCard){
            .licence = HIB_LICENCE_OWN, .consent = HIB_CONSENT_OBTAINED, .consent_until = soon});
    say(&f, 3,
        (HibMediaCard){
            .licence = HIB_LICENCE_UNKNOWN, .consent = HIB_CONSENT_MISSING, .expires_on = later});
    g_assert_cmpstr(only(&f, HIB_LIBRARY_EXPIRED), ==, "0");
    g_assert_cmpstr(only(&f, HIB_LIBRARY_EXPIRING), ==, "1 2");
    g_assert_cmpstr(only(&f, HIB_LIBRARY_NO_RIGHTS), ==, "3 4");
    g_assert_cmpstr(only(&f, HIB_LIBRARY_NO_CONSENT), ==, "3");
    g_assert_cmpstr(only(&f, HIB_LIBRARY_ALIKE), ==, "");
}

static void
uses_are_told_also_of_what_follows_and_of_ideas(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const char *shown = post_with(&f, 0, false, "a"), *following = post_with(&f, 0, true, "b");
    const char *idea;
    const HibIdeaContent content = {.title = "夏の企画", .note = "", .media_id = f.ids[1]};
    hib_assert_ok(hib_plan_add_idea(f.db, &content, &idea, &error), error);
    g_assert_cmpstr(only(&f, HIB_LIBRARY_UNUSED), ==, "2 3 4");
    HibLibraryDetail detail;
    hib_assert_ok(hib_library_get(f.db, f.ids[0], &detail, &error), error);
    g_assert_cmpuint(detail.n_uses, ==, 2);
    for (size_t i = 0; i < 2; i++)
        g_assert_true(detail.uses[i].is_following == (strcmp(detail.uses[i].post, following) == 0));
    hib_assert_ok(hib_plan_set_deleted(f.db, shown, &error), error);
    hib_assert_ok(hib_library_get(f.db, f.ids[0], &detail, &error), error);
    g_assert_cmpuint(detail.n_uses, ==, 1);
    hib_assert_ok(hib_library_get(f.db, f.ids[1], &detail, &error), error);
    g_assert_cmpuint(detail.n_ideas, ==, 1);
    g_assert_cmpstr(detail.ideas[0].title, ==, "夏の企画");
    hib_assert_refused(hib_library_get(f.db, shown, &detail, &error), error, "media.unknown");
}

static void
pages_follow_each_other_without_gaps(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const char *cursor = NULL;
    size_t pages = 0;
    do {
        HibLibraryItem *items;
        size_t n;
        const HibLibraryQuery query = {.words = "", .limit = 2, .cursor = cursor};
        hib_assert_ok(hib_library_search(f.db, &query, &items, &n, &cursor, &error), error);
        for (size_t i = 0; i < n; i++)
            g_assert_true(g_hash_table_add(seen, (gpointer)items[i].media->id));
        pages++;
    } while (cursor);
    g_assert_cmpuint(pages, ==, 3);
    g_assert_cmpuint(g_hash_table_size(seen), ==, 5);
    HibLibraryItem *items;
    size_t n;
    const HibLibraryQuery bad = {.words = "", .limit = 2, .cursor = "x"};
    hib_assert_refused(hib_library_search(f.db, &bad, &items, &n, &cursor, &error), error,
                       "media.bad_cursor");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/library/" #name, name)
    ADD(words_tags_and_kinds_are_found);
    ADD(what_is_the_matter_is_told_apart);
    ADD(uses_are_told_also_of_what_follows_and_of_ideas);
    ADD(pages_follow_each_other_without_gaps);
    return g_test_run();
}
