/* Rules at scheduling: what blocks is not scheduled until somebody says why; a change withdraws it; what is told is counted. */
#include "base/error.h"
#include "days/days.h"
#include "publish/fixture_test.h"

#include <string.h>

static bool
schedule(HibTestPublish *t, const char *post, const char *reason)
{
    g_autoptr(GError) error = NULL;
    HibPost *after;
    bool is_done =
        hib_publish_schedule(t->db, post, NULL, hib_clock_now(t->clock) + HIB_HOUR, &after, &error);
    if (reason)
        g_assert_cmpstr(hib_error_reason(error), ==, reason);
    else
        g_assert_no_error(error);
    return is_done;
}

static HibPost *
change(HibTestPublish *t, const char *id, const char *text)
{
    GError *error = NULL;
    HibPost *post, *after = NULL;
    hib_assert_ok(hib_plan_get(t->db, id, false, &post, &error), error);
    const HibPostContent content = {
        .text = text, .variants = post->variants, .n_variants = post->n_variants};
    if (!hib_publish_update(t->db, id, post->version, &content, &after, &error))
        g_assert_cmpstr(hib_error_reason(error), ==, "check.blocked");
    g_clear_error(&error);
    return after;
}

static void
what_blocks_is_not_scheduled_until_somebody_says_why(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *post = hib_test_draft(t, "オンカジの注意喚起です", 0, false)->id;
    g_assert_false(schedule(t, post, "check.blocked"));
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_DRAFT);
    g_assert_false(hib_publish_override(t->db, post, "  ", &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "check.no_reason");
    g_clear_error(&error);
    hib_assert_ok(hib_publish_override(t->db, post, "消費者庁の注意喚起の引用", &error), error);
    g_assert_true(schedule(t, post, NULL));
    /* other words need a reason of their own: the post stays as it was */
    g_assert_null(change(t, post, "オンカジで稼ごう"));
    g_assert_cmpstr(hib_test_post(t, post)->text, ==, "オンカジの注意喚起です");
    g_assert_nonnull(change(t, post, "本日もお待ちしています"));
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_SCHEDULED);
}

static void
findings_stand_at_their_texts_and_are_counted_once(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *id = hib_test_draft(t, "業界最安値です", 0, false)->id;
    HibPost *post = hib_test_post(t, id);
    HibPostPart part = {.text = "宅急便でお届け"};
    post->variants[0].first_comment = "女子力アップ";
    post->variants[0].thread = &part;
    post->variants[0].n_thread = 1;
    HibPostFinding *found;
    size_t n;
    hib_assert_ok(hib_publish_findings(t->db, post, &found, &n, &error), error);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpstr(found[0].pointer, ==, "/text");
    g_assert_cmpstr(found[0].finding->rule->id, ==, "KHY-05");
    g_assert_null(found[0].account_id);
    g_assert_cmpstr(found[1].pointer, ==, "/variants/0/first_comment");
    g_assert_cmpstr(found[2].pointer, ==, "/variants/0/thread/0/text");
    g_assert_cmpstr(found[2].finding->replacement, ==, "宅配便");
    for (int twice = 0; twice < 2; twice++)
        g_assert_true(schedule(t, id, NULL));
    HibCheckCount *counts;
    hib_assert_ok(hib_check_counts(t->db, &counts, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpint(counts[0].n_told, ==, 1);
}

static void
industry_and_disclosure_bring_their_rules(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    static const char *const alcohol[] = {"alcohol", NULL};
    const char *id = hib_test_draft(t, "純米酒が入荷しました", 0, false)->id;
    hib_assert_ok(hib_check_set_setting(t->db, &(HibCheckSetting){.industries = alcohol}, &error),
                  error);
    g_assert_false(schedule(t, id, "check.blocked"));
    HibCheckSetting setting;
    hib_assert_ok(hib_check_setting(t->db, &setting, &error), error);
    g_assert_cmpstr(setting.industries[0], ==, "alcohol");
    HibPost *post = hib_test_post(t, id);
    post->disclosure.is_advertising = true;
    HibPostFinding *found;
    size_t n;
    hib_assert_ok(hib_publish_findings(t->db, post, &found, &n, &error), error);
    g_assert_cmpuint(n, ==, 2); /* the notice, and 【PR】 */
    post->text = "【PR】純米酒が入荷しました。お酒は20歳になってから";
    hib_assert_ok(hib_publish_findings(t->db, post, &found, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

static bool
finds(HibTestPublish *t, HibPost *post, const char *rule, HibCheckSeverity *ret)
{
    GError *error = NULL;
    HibPostFinding *found;
    size_t n;
    hib_assert_ok(hib_publish_findings(t->db, post, &found, &n, &error), error);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(found[i].finding->rule->id, rule) != 0)
            continue;
        *ret = found[i].finding->severity;
        return true;
    }
    return false;
}

/* What the campaign says of all its posts holds for each, unless the post says it is its own. */
static void
a_campaign_brings_its_industries_and_its_relation(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *id = hib_test_draft(t, "毎日飲むだけで痩せる", 0, false)->id;
    HibCheckSeverity severity;
    HibCampaign *campaign;
    const HibCampaignContent content = {
        .name = "夏のモニター", .industries = "supp", .relation = HIB_RELATION_GIFTED};
    g_assert_false(finds(t, hib_test_post(t, id), "YKK-10", &severity));
    g_assert_false(finds(t, hib_test_post(t, id), "STM-01", &severity));
    hib_assert_ok(hib_plan_add_campaign(t->db, &content, &campaign, &error), error);
    hib_assert_ok(hib_plan_set_campaign(t->db, id, campaign->id, &error), error);
    HibPost *post = hib_test_post(t, id);
    g_assert_true(finds(t, post, "YKK-10", &severity));
    g_assert_true(finds(t, post, "STM-01", &severity));
    post->disclosure.is_own_brand = true;
    g_assert_false(finds(t, post, "STM-01", &severity));
    post->disclosure.is_advertising = true;
    g_assert_true(finds(t, post, "STM-01", &severity));
}

static void
disaster_and_election_make_words_block(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibPost *quake = hib_test_post(t, hib_test_draft(t, "激震セール、震度7の安さ", 0, false)->id);
    HibPost *vote = hib_test_post(t, hib_test_draft(t, "選挙よりセール", 0, false)->id);
    HibCheckSeverity severity;
    HibHold *hold;
    g_assert_true(finds(t, quake, "SEN-01", &severity));
    g_assert_cmpint(severity, ==, HIB_CHECK_WARN);
    hib_assert_ok(
        hib_publish_set_hold(t->db, HIB_HOLD_DISASTER, "", true, "震度6弱", &hold, &error), error);
    g_assert_true(finds(t, quake, "SEN-01", &severity));
    g_assert_cmpint(severity, ==, HIB_CHECK_BLOCK);
    /* The clock stands at 2026-01-05: what counts is the day the post goes out. */
    const HibCheckElection election = {"2026-01-20", "2026-02-08"};
    static const char *const none[] = {NULL};
    hib_assert_ok(hib_check_set_setting(t->db, &(HibCheckSetting){none, &election, 1}, &error),
                  error);
    g_assert_true(finds(t, vote, "SEN-03", &severity));
    g_assert_cmpint(severity, ==, HIB_CHECK_WARN);
    vote->has_due_at = true;
    vote->due_at = hib_db_now(t->db) + 20 * HIB_DAY;
    g_assert_true(finds(t, vote, "SEN-03", &severity));
    g_assert_cmpint(severity, ==, HIB_CHECK_BLOCK);
}

/* --- the rights of media ---------------------------------------------------------------------------------------------------------- */
static void
say(HibTestPublish *t, HibMediaCard card)
{
    GError *error = NULL;
    HibMedia *media;
    HibMediaCard *before, after;
    hib_assert_ok(
        hib_media_cards(t->db, (const char *const *)&t->image, 1, &media, &before, &error), error);
    after = *before;
    after.licence = card.licence;
    after.consent = card.consent;
    after.expires_on = card.expires_on;
    hib_assert_ok(hib_media_set_card(t->db, t->image, &after, &error), error);
}

/* The day `after` from now, where the workspace is. */
static const char *
day(HibTestPublish *t, HibDuration after)
{
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    return hib_day_text(t->arena, hib_day_at(zone, hib_clock_now(t->clock) + after));
}

static void
a_medium_whose_rights_end_before_the_day_is_not_scheduled(HibTestStore *test)
{
    GError *error = NULL;
    HibPostFinding *rows;
    size_t n;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    say(t, (HibMediaCard){.licence = HIB_LICENCE_LICENSED, .expires_on = day(t, 0)});
    const char *post = hib_test_draft(t, "店の前で", 1, false)->id;
    g_assert_true(schedule(
        t, post, NULL)); /* an hour from now it is still the last day, or the next has begun */
    hib_assert_ok(hib_publish_findings(t->db, hib_test_post(t, post), &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    say(t, (HibMediaCard){.licence = HIB_LICENCE_LICENSED, .expires_on = day(t, -HIB_DAY)});
    hib_assert_ok(hib_publish_findings(t->db, hib_test_post(t, post), &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(rows[0].finding->rule->id, ==, "RGT-01");
    g_assert_cmpstr(rows[0].pointer, ==, "/media/0");
    const char *other = hib_test_draft(t, "店の前で、また", 1, false)->id;
    g_assert_false(schedule(t, other, "check.blocked"));
    hib_assert_ok(hib_publish_override(t->db, other, "延長の書面は今日届く", &error), error);
    g_assert_true(schedule(t, other, NULL));
    /* what stands against it later is another matter */
    say(t, (HibMediaCard){.licence = HIB_LICENCE_LICENSED,
                          .expires_on = day(t, -HIB_DAY),
                          .consent = HIB_CONSENT_MISSING});
    g_assert_false(schedule(t, other, "check.blocked"));
}

static void
advertising_asks_for_more(HibTestStore *test)
{
    GError *error = NULL;
    HibPostFinding *rows;
    size_t n;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibPost post = *hib_test_draft(t, "【PR】新作です", 1, false);
    hib_assert_ok(hib_publish_findings(t->db, &post, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0); /* nothing said of the rights, and no advertising */
    post.disclosure.is_advertising = true;
    hib_assert_ok(hib_publish_findings(t->db, &post, &rows, &n, &error), error);
    bool is_asked = false;
    for (size_t i = 0; i < n; i++)
        is_asked |= strcmp(rows[i].finding->rule->id, "RGT-06") == 0;
    g_assert_true(is_asked);
    say(t, (HibMediaCard){.licence = HIB_LICENCE_UNKNOWN});
    hib_assert_ok(hib_publish_findings(t->db, &post, &rows, &n, &error), error);
    HibCheckSeverity gravest = HIB_CHECK_INFO;
    for (size_t i = 0; i < n; i++)
        gravest = MAX(gravest, rows[i].finding->severity);
    g_assert_cmpint(gravest, ==, HIB_CHECK_BLOCK);
}

/* Nobody looks at what waits: it is looked at once more when it is due. */
static void
what_ended_while_it_waited_is_held_until_it_is_mended(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *post = hib_test_scheduled(t, "店の前で", 1, HIB_HOUR);
    say(t, (HibMediaCard){.licence = HIB_LICENCE_LICENSED, .expires_on = day(t, -HIB_DAY)});
    hib_test_advance(t, 2 * HIB_HOUR);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_WAITING);
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_HELD), ==, 1);
    say(t, (HibMediaCard){.licence = HIB_LICENCE_LICENSED, .expires_on = day(t, 300 * HIB_DAY)});
    GError *error = NULL;
    hib_assert_ok(hib_job_add(t->db, HIB_JOB_RIGHTS, NULL, t->image, NULL, hib_clock_now(t->clock),
                              NULL, &error),
                  error); /* as the event media.card does in the program */
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_PUBLISHED);
}

static void
what_a_person_lets_pass_while_it_is_held_goes_out(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *post = hib_test_scheduled(t, "店の前で", 1, HIB_HOUR);
    say(t, (HibMediaCard){.licence = HIB_LICENCE_OWN, .consent = HIB_CONSENT_MISSING});
    hib_test_advance(t, 2 * HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_WAITING);
    hib_assert_ok(hib_publish_override(t->db, post, "口頭で同意を得た", &error), error);
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_PUBLISHED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/publish/findings/block", what_blocks_is_not_scheduled_until_somebody_says_why);
    hib_test_add("/publish/findings/places", findings_stand_at_their_texts_and_are_counted_once);
    hib_test_add("/publish/findings/industry", industry_and_disclosure_bring_their_rules);
    hib_test_add("/publish/findings/campaign", a_campaign_brings_its_industries_and_its_relation);
    hib_test_add_manual("/publish/findings/around", disaster_and_election_make_words_block);
    hib_test_add_manual("/publish/findings/rights",
                        a_medium_whose_rights_end_before_the_day_is_not_scheduled);
    hib_test_add_manual("/publish/findings/advertising", advertising_asks_for_more);
    hib_test_add_manual("/publish/findings/held",
                        what_ended_while_it_waited_is_held_until_it_is_mended);
    hib_test_add_manual("/publish/findings/passed",
                        what_a_person_lets_pass_while_it_is_held_goes_out);
    return g_test_run();
}
