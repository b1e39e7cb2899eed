/* The words a workspace uses again: what may be kept, and who changed it first. */
#include "base/error.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

static void
sets_and_mentions_come_back_tidy_and_by_name(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *tags[] = {"#夏の新作", "＃カフェ", "カフェ", " coffee "};
    const HibHandle handles[] = {{"x", " @ao_coffee"}, {"mastodon", "＠ao@example.social"}};
    HibTagSet set;
    HibMention mention;
    HibKit kit;
    hib_assert_ok(hib_plan_put_tag_set(db, NULL, 0, " 夏 ", tags, 4, &set, &error), error);
    hib_assert_ok(hib_plan_put_tag_set(db, NULL, 0, "あき", tags, 1, &set, &error), error);
    hib_assert_ok(hib_plan_put_mention(db, NULL, 0, "あお", handles, 2, &mention, &error), error);
    hib_assert_ok(hib_plan_kit(db, &kit, &error), error);
    g_assert_cmpuint(kit.n_tag_sets, ==, 2);
    g_assert_cmpstr(kit.tag_sets[0].name, ==, "あき");
    g_assert_cmpstr(kit.tag_sets[1].name, ==, "夏");
    g_assert_cmpstr(kit.tag_sets[1].tags, ==, "夏の新作\nカフェ\ncoffee");
    g_assert_cmpuint(kit.n_mentions, ==, 1);
    g_assert_cmpuint(kit.mentions[0].n_handles, ==, 2);
    g_assert_cmpstr(kit.mentions[0].handles[0].handle, ==, "ao_coffee");
    g_assert_cmpstr(kit.mentions[0].handles[1].network, ==, "mastodon");
    g_assert_cmpstr(kit.mentions[0].handles[1].handle, ==, "ao@example.social");
    g_assert_false(kit.links.is_on);
    g_assert_cmpstr(kit.links.medium, ==, "social");
}

static void
the_second_of_two_people_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *tag = "夏";
    HibTagSet set, after;
    HibMention who;
    hib_assert_ok(hib_plan_put_tag_set(db, NULL, 0, "a", &tag, 1, &set, &error), error);
    hib_assert_ok(hib_plan_put_tag_set(db, set.id, 1, "b", &tag, 1, &after, &error), error);
    g_assert_cmpint(after.version, ==, 2);
    hib_assert_refused(hib_plan_put_tag_set(db, set.id, 1, "c", &tag, 1, &after, &error), error,
                       "kit.edited");
    hib_assert_refused(hib_plan_put_tag_set(db, NULL, 0, "b", &tag, 1, &after, &error), error,
                       "kit.name_taken");
    hib_assert_ok(hib_plan_put_mention(db, NULL, 0, "b", NULL, 0, &who, &error), error);
    hib_assert_refused(hib_plan_put_mention(db, who.id, 9, "c", NULL, 0, &who, &error), error,
                       "kit.edited");
    hib_assert_refused(hib_plan_put_mention(db, NULL, 0, "b", NULL, 0, &who, &error), error,
                       "kit.name_taken");
    hib_assert_ok(hib_plan_drop_tag_set(db, set.id, &error), error);
    hib_assert_refused(hib_plan_drop_tag_set(db, set.id, &error), error, "kit.unknown");
    hib_assert_refused(hib_plan_drop_mention(db, set.id, &error), error, "kit.unknown");
}

static void
check_refused(bool is_kept, GError *error, const char *reason, const char *pointer)
{
    g_assert_false(is_kept);
    g_assert_cmpstr(hib_error_reason(error), ==, reason);
    g_assert_cmpstr(hib_error_pointer(error), ==, pointer);
    g_clear_error(&error);
}

static void
what_no_network_would_read_is_refused_at_its_place(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const struct {
        const char *name, *tag, *reason, *pointer;
    } sets[] = {{" ", "夏", "kit.bad_name", "/name"},     {"a}b", "夏", "kit.bad_name", "/name"},
                {"a", "夏 秋", "kit.bad_tag", "/tags/0"}, {"a", "2026", "kit.bad_tag", "/tags/0"},
                {"a", "#", "kit.bad_tag", "/tags/0"},     {"a", "夏。", "kit.bad_tag", "/tags/0"}};
    for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
        HibTagSet set;
        bool is_kept =
            hib_plan_put_tag_set(db, NULL, 0, sets[i].name, &sets[i].tag, 1, &set, &error);
        check_refused(is_kept, g_steal_pointer(&error), sets[i].reason, sets[i].pointer);
    }
    const struct {
        HibHandle handle;
        const char *reason, *pointer;
    } handles[] = {{{"x", "a b"}, "kit.bad_handle", "/handles/0/handle"},
                   {{"x", "@"}, "kit.bad_handle", "/handles/0/handle"},
                   {{"x", "a/b"}, "kit.bad_handle", "/handles/0/handle"},
                   {{"mixi", "a"}, "accounts.network_unknown", "/handles/0/network"}};
    for (size_t i = 0; i < G_N_ELEMENTS(handles); i++) {
        HibMention who;
        bool is_kept = hib_plan_put_mention(db, NULL, 0, "a", &handles[i].handle, 1, &who, &error);
        check_refused(is_kept, g_steal_pointer(&error), handles[i].reason, handles[i].pointer);
    }
    const char *hosts[] = {"", "localhost", "a b.jp", ".jp", "https://"};
    for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
        const HibLinkTags tags = {.hosts = &hosts[i], .n_hosts = 1, .medium = "m"};
        bool is_kept = hib_plan_set_link_tags(db, &tags, &error);
        check_refused(is_kept, g_steal_pointer(&error), "kit.bad_host", "/hosts/0");
    }
}

static void
links_are_marked_with_the_code_of_the_campaign(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibCampaign *spring, *autumn;
    HibWording wording;
    hib_assert_ok(hib_plan_add_campaign(db, &(HibCampaignContent){.name = "春"}, &spring, &error),
                  error);
    hib_assert_ok(hib_plan_add_campaign(db, &(HibCampaignContent){.name = "秋"}, &autumn, &error),
                  error);
    const HibLinkCode codes[] = {{spring->id, "spring26"}};
    const char *host = " https://Shop.Example.jp/top?a=1 ";
    HibLinkTags tags = {.is_on = true,
                        .hosts = &host,
                        .n_hosts = 1,
                        .medium = "social",
                        .codes = codes,
                        .n_codes = 1};
    hib_assert_ok(hib_plan_set_link_tags(db, &tags, &error), error);
    hib_assert_ok(hib_plan_wording(db, spring->id, &wording, &error), error);
    g_assert_cmpstr(wording.hosts[0], ==, "shop.example.jp");
    g_assert_cmpstr(wording.campaign, ==, "spring26");
    hib_assert_ok(hib_plan_wording(db, autumn->id, &wording, &error), error);
    g_assert_cmpstr(wording.campaign, ==, autumn->id);
    hib_assert_ok(hib_plan_wording(db, NULL, &wording, &error), error);
    g_assert_null(wording.campaign);
    tags.is_on = false;
    hib_assert_ok(hib_plan_set_link_tags(db, &tags, &error), error);
    hib_assert_ok(hib_plan_wording(db, spring->id, &wording, &error), error);
    g_assert_cmpuint(wording.n_hosts, ==, 0);
    const HibLinkCode no[] = {{"01890a5d-ac96-774b-bcce-b302099a8057", "x"}};
    tags.codes = no;
    bool is_kept = hib_plan_set_link_tags(db, &tags, &error);
    check_refused(is_kept, g_steal_pointer(&error), "campaign.unknown", "/codes/0/campaign_id");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add_manual("/plan/kit/" #name, name)
    ADD(sets_and_mentions_come_back_tidy_and_by_name);
    ADD(the_second_of_two_people_is_refused);
    ADD(what_no_network_would_read_is_refused_at_its_place);
    ADD(links_are_marked_with_the_code_of_the_campaign);
    return g_test_run();
}
