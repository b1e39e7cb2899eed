/* Cards in the store: one person's words do not go over another's, tags of many are all changed or none, everything stands in the audit log. */
#include "base/error.h"
#include "test_workspace.h"
#include <string.h>

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *ids[3];
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
    for (int i = 0; i < 3; i++)
        f->ids[i] = hib_test_picture(&f->ws, f->db, 10 + i);
}

static HibMediaCard
card_of(Fixture *f, const char *id)
{
    GError *error = NULL;
    HibMedia *media = NULL;
    HibMediaCard *card = NULL;
    hib_assert_ok(hib_media_cards(f->db, &id, 1, &media, &card, &error), error);
    g_assert_nonnull(card);
    return *card;
}

static void
the_second_writer_is_told_and_nothing_is_lost(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const char *const tags[] = {"夏", "店内"};
    HibMediaCard first = card_of(&f, f.ids[0]), second = first;
    g_assert_cmpint(first.version, ==, 1);
    g_assert_cmpint(first.licence, ==, HIB_LICENCE_UNSAID);
    first.title = "店の前";
    first.licence = HIB_LICENCE_OWN;
    first.expires_on = "2027-03-31";
    first.tags = tags;
    first.n_tags = 2;
    hib_assert_ok(hib_media_set_card(f.db, f.ids[0], &first, &error), error);
    second.title = "ほかの人の題";
    hib_assert_refused(hib_media_set_card(f.db, f.ids[0], &second, &error), error, "media.edited");
    const HibMediaCard now = card_of(&f, f.ids[0]);
    g_assert_cmpstr(now.title, ==, "店の前");
    g_assert_cmpstr(now.expires_on, ==, "2027-03-31");
    g_assert_cmpint(now.version, ==, 2);
    g_assert_cmpuint(now.n_tags, ==, 2);
    hib_assert_refused(hib_media_set_card(f.db, f.ws.person, &second, &error), error,
                       "media.unknown");
    hib_assert_ok(hib_media_delete(f.db, f.ids[0], &error), error);
    hib_assert_refused(hib_media_set_card(f.db, f.ids[0], &now, &error), error, "media.deleted");
}

static void
tags_of_many_change_together_or_not_at_all(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const char *const add[] = {"#夏", "秋"}, *const drop[] = {"秋"};
    int64_t n = 0;
    hib_assert_ok(hib_media_tag(f.db, f.ids, 3, add, 2, NULL, 0, &n, &error), error);
    g_assert_cmpint(n, ==, 3);
    hib_assert_ok(hib_media_tag(f.db, f.ids, 3, add, 1, NULL, 0, &n, &error), error);
    g_assert_cmpint(n, ==, 0); /* they have it */
    hib_assert_ok(hib_media_tag(f.db, f.ids, 1, NULL, 0, drop, 1, &n, &error), error);
    g_assert_cmpint(n, ==, 1);
    g_assert_cmpuint(card_of(&f, f.ids[0]).n_tags, ==, 1);
    HibMediaTagCount *tags = NULL;
    size_t n_tags = 0;
    hib_assert_ok(hib_media_tags(f.db, &tags, &n_tags, &error), error);
    g_assert_cmpuint(n_tags, ==, 2);
    g_assert_cmpstr(tags[0].tag, ==, "夏");
    g_assert_cmpint(tags[0].n, ==, 3);
    g_assert_cmpint(tags[1].n, ==, 2);
    const char *const some[] = {f.ids[1], f.ws.person}, *const other[] = {"冬"};
    hib_assert_refused(hib_media_tag(f.db, some, 2, other, 1, NULL, 0, &n, &error), error,
                       "media.unknown");
    g_assert_cmpuint(card_of(&f, f.ids[1]).n_tags, ==, 2);
}

static void
cards_come_in_the_order_asked_for_and_only_ones_own(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const char *ids[60];
    HibMedia *media[60];
    HibMediaCard *cards[60];
    for (size_t i = 0; i < 60; i++) /* beyond the 25 that a piece of the list holds */
        ids[i] = i % 10 == 9 ? f.ws.person : f.ids[i % 3];
    hib_assert_ok(hib_media_cards(f.db, ids, 60, media, cards, &error), error);
    for (size_t i = 0; i < 60; i++) {
        g_assert_true((cards[i] == NULL) == (i % 10 == 9));
        if (media[i])
            g_assert_cmpstr(media[i]->id, ==, ids[i]);
    }
    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, hib_db_new_id(f.db));
    hib_assert_ok(hib_media_cards(other, f.ids, 1, media, cards, &error), error);
    g_assert_null(media[0]);
    g_assert_null(cards[0]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/card_store/" #name, name)
    ADD(the_second_writer_is_told_and_nothing_is_lost);
    ADD(tags_of_many_change_together_or_not_at_all);
    ADD(cards_come_in_the_order_asked_for_and_only_ones_own);
    return g_test_run();
}
