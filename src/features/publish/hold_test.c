/* The hold switch: what is held never goes out and is never marked as sent; what is released goes out in order. */
#include "base/error.h"
#include "networks/test_wire.h"
#include "practice/bluesky_face.h"
#include "publish/fixture_test.h"

static void
set_hold(HibTestPublish *t, bool is_held)
{
    HibHold *hold;
    GError *error = NULL;
    hib_assert_ok(hib_publish_set_hold(t->db, HIB_HOLD_WORKSPACE, "", is_held,
                                       is_held ? "台風のため" : NULL, &hold, &error),
                  error);
    g_assert_cmpint(hold->is_held, ==, is_held);
}

static void
nothing_goes_out_while_held_and_nothing_is_failed(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibHold *hold;
    GError *error = NULL;
    const char *post = hib_test_scheduled(t, "止まっている", 0, HIB_MINUTE);
    set_hold(t, true);
    hib_test_advance(t, 3 * HIB_DAY);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_WAITING);
    g_assert_true(d->is_held && !d->has_sent_at && !d->has_error);
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_HELD), ==, 1);
    g_assert_cmpint(hib_face_count_text(t->face, "止まっている"), ==, 0);
    hib_assert_ok(hib_publish_hold(t->db, &hold, &error), error);
    g_assert_cmpstr(hold->switches[0].reason, ==, "台風のため");
    g_assert_cmpint(hold->n_waiting, ==, 1);
    set_hold(t, false);
    hib_test_advance(t, HIB_SECOND);
    d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(d->lateness_ms, <, 1000); /* counted from the release */
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_RELEASED), ==, 1);
}

static void
note_order(const char *did G_GNUC_UNUSED, const char *rkey, const char *text,
           HibInstant at G_GNUC_UNUSED, void *data)
{
    g_ptr_array_add(data, g_strdup_printf("%s %s", rkey, text));
}

static int
by_key(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
what_is_released_goes_out_in_the_order_it_was_due(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free);
    static const int order[] = {7, 2, 9, 1, 8, 3, 6, 4, 5, 0};
    set_hold(t, true);
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
        hib_test_scheduled(t, hib_arena_printf(t->arena, "%d 番", order[i]), 0,
                           order[i] * HIB_MINUTE);
    hib_test_advance(t, HIB_HOUR);
    set_hold(t, false);
    hib_test_advance(t, HIB_MINUTE);
    hib_face_each(t->face, note_order, seen);
    g_assert_cmpint(seen->len, ==, G_N_ELEMENTS(order));
    qsort(seen->pdata, seen->len, sizeof(void *), by_key); /* record keys grow with time */
    for (guint i = 0; i < seen->len; i++) {
        g_autofree char *wanted = g_strdup_printf("%u 番", i);
        g_assert_true(g_str_has_suffix(seen->pdata[i], wanted));
    }
}

/* A LINE that loses the answer to the first sending, without acting on it. */
typedef struct {
    int n_sent, n_tried;
} Line;

static void
on_line(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    Line *line = data;
    answer->body = "{}";
    if (g_str_equal(call->path, "/oauth2/v3/token"))
        answer->body = "{\"access_token\":\"token\",\"expires_in\":90000}";
    else if (g_str_equal(call->path, "/v2/bot/info"))
        answer->body = "{\"userId\":\"Ubot\",\"basicId\":\"@hibiki\",\"displayName\":\"喫茶\"}";
    else if (g_str_equal(call->path, "/v2/bot/message/broadcast")) {
        answer->is_cut = ++line->n_tried == 1;
        line->n_sent += !answer->is_cut;
    }
}

/* LINE is asked what became of a message by sending it again: while held that would bring it out. */
static void
an_unknown_outcome_is_not_settled_by_sending_while_held(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    Line line = {0};
    g_autoptr(TestWire) wire = test_wire_new(on_line, &line);
    HibAccount *account = NULL;
    HibPost *post = NULL;
    GError *error = NULL;
    hib_assert_ok(hib_accounts_connect(t->db, &t->services, "line", test_wire_url(wire),
                                       "1650000000", "00112233445566778899aabbccddeeff", &account,
                                       &error),
                  error);
    HibPostVariant variant = {
        .account_id = account->id, .format = HIB_FORMAT_BROADCAST, .options = "{\"silent\":true}"};
    const HibPostContent content = {
        .text = "本日は休業します", .variants = &variant, .n_variants = 1};
    hib_assert_ok(hib_plan_create(t->db, &content, &post, &error), error);
    hib_assert_ok(hib_publish_schedule(t->db, post->id, NULL, hib_clock_now(t->clock) + HIB_MINUTE,
                                       &post, &error),
                  error);
    hib_test_advance(t, HIB_MINUTE);
    g_assert_cmpint(line.n_tried, ==, 1);
    set_hold(t, true);
    hib_test_advance(t, HIB_HOUR);
    HibDelivery *d = hib_test_delivery_of(t, post->id, account->id);
    g_assert_cmpint(line.n_tried, ==, 1);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_UNKNOWN);
    set_hold(t, false);
    hib_test_advance(t, HIB_MINUTE);
    d = hib_test_delivery_of(t, post->id, account->id);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(line.n_sent, ==, 1);
}

static void
a_post_not_yet_due_is_not_touched_by_hold_and_release(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const char *post = hib_test_scheduled(t, "来週", 0, 7 * HIB_DAY);
    set_hold(t, true);
    g_assert_true(hib_test_delivery(t, post)->is_held);
    hib_test_advance(t, HIB_HOUR);
    set_hold(t, false);
    hib_test_advance(t, HIB_HOUR);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_WAITING);
    g_assert_false(d->is_held);
    hib_test_advance(t, 7 * HIB_DAY);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_PUBLISHED);
}

static void
hold_part(HibTestPublish *t, HibHoldScope scope, const char *subject, bool is_held)
{
    HibHold *hold;
    GError *error = NULL;
    hib_assert_ok(hib_publish_set_hold(t->db, scope, subject, is_held, NULL, &hold, &error), error);
    g_assert_false(hold->is_held);
    g_assert_cmpuint(hold->n_switches > 0, ==, is_held);
}

static void
an_account_is_held_and_the_others_go_out(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibPost *post, *after;
    GError *error = NULL;
    post = hib_test_draft(t, "ふたつのアカウント", 0, true);
    hib_assert_ok(hib_publish_schedule(t->db, post->id, NULL, hib_clock_now(t->clock) + HIB_MINUTE,
                                       &after, &error),
                  error);
    hold_part(t, HIB_HOLD_ACCOUNT, t->second, true);
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, post->id)->state, ==, HIB_DELIVERY_PUBLISHED);
    HibDelivery *held = hib_test_delivery_of(t, post->id, t->second);
    g_assert_cmpint(held->state, ==, HIB_DELIVERY_WAITING);
    g_assert_true(held->is_held);
    hold_part(t, HIB_HOLD_ACCOUNT, t->second, false);
    hib_test_advance(t, HIB_SECOND);
    g_assert_cmpint(hib_test_delivery_of(t, post->id, t->second)->state, ==,
                    HIB_DELIVERY_PUBLISHED);
}

static void
a_campaign_is_held_and_a_post_moved_out_of_it_goes(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibCampaign *campaign;
    GError *error = NULL;
    const char *in = hib_test_scheduled(t, "企画の投稿", 0, HIB_MINUTE),
               *out = hib_test_scheduled(t, "ふだんの投稿", 0, HIB_MINUTE);
    hib_assert_ok(
        hib_plan_add_campaign(t->db, &(HibCampaignContent){.name = "冬"}, &campaign, &error),
        error);
    hib_assert_ok(hib_plan_set_campaign(t->db, in, campaign->id, &error), error);
    hold_part(t, HIB_HOLD_CAMPAIGN, campaign->id, true);
    g_assert_true(hib_test_delivery(t, in)->is_held);
    g_assert_false(hib_test_delivery(t, out)->is_held);
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, in)->state, ==, HIB_DELIVERY_WAITING);
    g_assert_cmpint(hib_test_delivery(t, out)->state, ==, HIB_DELIVERY_PUBLISHED);
    hib_assert_ok(hib_plan_set_campaign(t->db, in, NULL, &error), error);
    hib_assert_ok(hib_publish_wake_released(t->db, &error), error);
    hib_test_advance(t, HIB_SECOND);
    g_assert_cmpint(hib_test_delivery(t, in)->state, ==, HIB_DELIVERY_PUBLISHED);
}

/* Two switches hold one post: it goes when the second is released, not before. */
static void
what_two_switches_hold_goes_when_both_are_released(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibHold *hold;
    GError *error = NULL;
    const char *post = hib_test_scheduled(t, "二重に止める", 0, HIB_MINUTE);
    hold_part(t, HIB_HOLD_ACCOUNT, t->account, true);
    set_hold(t, true);
    hib_test_advance(t, HIB_HOUR);
    hib_assert_ok(hib_publish_set_hold(t->db, HIB_HOLD_WORKSPACE, "", false, NULL, &hold, &error),
                  error);
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_WAITING);
    hold_part(t, HIB_HOLD_ACCOUNT, t->account, false);
    hib_test_advance(t, HIB_SECOND);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_PUBLISHED);
    hib_assert_refused(
        hib_publish_set_hold(t->db, HIB_HOLD_ACCOUNT, "nobody", true, NULL, &hold, &error), error,
        "accounts.unknown");
    hib_assert_refused(
        hib_publish_set_hold(t->db, HIB_HOLD_CAMPAIGN, "none", true, NULL, &hold, &error), error,
        "campaign.unknown");
}

static void
a_held_post_can_be_moved_and_taken_back(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *after;
    const char *moved = hib_test_scheduled(t, "動かす", 0, HIB_MINUTE),
               *taken = hib_test_scheduled(t, "やめる", 0, HIB_MINUTE);
    set_hold(t, true);
    hib_test_advance(t, HIB_HOUR);
    hib_assert_ok(
        hib_publish_schedule(t->db, moved, NULL, hib_clock_now(t->clock) + HIB_DAY, &after, &error),
        error);
    hib_assert_ok(hib_publish_unschedule(t->db, taken, &after, &error), error);
    set_hold(t, false);
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_face_count_text(t->face, "動かす") + hib_face_count_text(t->face, "やめる"),
                    ==, 0);
    hib_test_advance(t, HIB_DAY);
    g_assert_cmpint(hib_face_count_text(t->face, "動かす"), ==, 1);
    g_assert_cmpint(hib_face_count_text(t->face, "やめる"), ==, 0);
}

static void
a_claim_that_lost_to_the_switch_changes_nothing(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibDeliverWork *work;
    bool done;
    const char *post = hib_test_scheduled(t, "間一髪", 0, 0);
    hib_assert_ok(hib_deliver_load(t->db, hib_test_delivery(t, post)->id, &work, &error), error);
    set_hold(t, true); /* between the dispatcher's look and its claim */
    work->remote_key = "3kabcdefgh22a";
    hib_assert_ok(hib_deliver_claim(t->db, work, "f", "job", true, &done, &error), error);
    g_assert_false(done);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_WAITING);
    g_assert_cmpint(d->attempts, ==, 0);
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_SCHEDULED);
}

/* The switch is thrown while the dispatcher works: nothing may arrive that was claimed after. */
static void
held_within_a_tenth_of_a_second_of_full_work(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, true);
    HibFaceCounts then, later;
    GError *error = NULL;
    int64_t counts[6];
    hib_face_fault(t->face, &(HibFaceFault){.fault = HIB_FAULT_DELAY,
                                            .method = "com.atproto.repo.putRecord",
                                            .times = -1,
                                            .ms = 5});
    for (int i = 0; i < 300; i++)
        hib_test_scheduled(t, hib_arena_printf(t->arena, "連投 %d", i), 0, 300 * HIB_MILLISECOND);
    do {
        g_usleep(2000);
        hib_face_counts(t->face, &then);
    } while (then.n_created == 0);
    set_hold(t, true);
    g_usleep(100 * 1000);
    hib_face_counts(t->face, &then);
    g_usleep(300 * 1000);
    hib_face_counts(t->face, &later);
    g_assert_cmpint(later.n_created, ==, then.n_created);
    hib_assert_ok(hib_publish_counts(t->db, counts, &error), error);
    g_assert_cmpint(counts[HIB_DELIVERY_WAITING], ==, 300 - then.n_created);
    g_assert_cmpint(counts[HIB_DELIVERY_PUBLISHED], ==, then.n_created);
    set_hold(t, false);
    for (int i = 0; i < 2000 && counts[HIB_DELIVERY_PUBLISHED] < 300; i++) {
        g_usleep(5000);
        hib_assert_ok(hib_publish_counts(t->db, counts, &error), error);
    }
    hib_face_counts(t->face, &later);
    g_assert_cmpint(later.n_created, ==, 300);
    g_assert_cmpint(later.n_twice_text, ==, 0);
}

/* Pictures were still going up when the switch was thrown: the post waits, and what is uploaded is kept. */
static void
a_post_whose_pictures_are_going_up_is_held_too(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, true);
    HibFaceCounts counts;
    hib_face_fault(t->face, &(HibFaceFault){.fault = HIB_FAULT_DELAY,
                                            .method = "com.atproto.repo.uploadBlob",
                                            .times = -1,
                                            .ms = 60});
    const char *post = hib_test_scheduled(t, "写真つき", 4, 0);
    do {
        g_usleep(2000);
        hib_face_counts(t->face, &counts);
    } while (counts.n_uploads == 0);
    set_hold(t, true);
    for (int i = 0; i < 1000 && hib_test_delivery(t, post)->state != HIB_DELIVERY_WAITING; i++)
        g_usleep(5000);
    g_usleep(100 * 1000);
    HibDelivery *d = hib_test_delivery(t, post);
    hib_face_counts(t->face, &counts);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_WAITING);
    g_assert_true(d->is_held && !d->has_sent_at && !d->has_error);
    g_assert_cmpint(counts.n_created, ==, 0);
    g_assert_cmpint(hib_test_post(t, post)->state, ==, HIB_POST_SCHEDULED);
    set_hold(t, false);
    for (int i = 0; i < 1000 && hib_test_delivery(t, post)->state != HIB_DELIVERY_PUBLISHED; i++)
        g_usleep(5000);
    hib_face_counts(t->face, &counts);
    g_assert_cmpint(counts.n_created, ==, 1);
    g_assert_cmpint(counts.n_uploads, ==, 4);
    g_assert_cmpint(hib_test_delivery(t, post)->attempts, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/publish/hold/an_account_is_held_and_the_others_go_out",
                        an_account_is_held_and_the_others_go_out);
    hib_test_add_manual("/publish/hold/a_campaign_is_held_and_a_post_moved_out_of_it_goes",
                        a_campaign_is_held_and_a_post_moved_out_of_it_goes);
    hib_test_add_manual("/publish/hold/what_two_switches_hold_goes_when_both_are_released",
                        what_two_switches_hold_goes_when_both_are_released);
    hib_test_add_manual("/publish/hold/nothing_goes_out_while_held_and_nothing_is_failed",
                        nothing_goes_out_while_held_and_nothing_is_failed);
    hib_test_add_manual("/publish/hold/what_is_released_goes_out_in_the_order_it_was_due",
                        what_is_released_goes_out_in_the_order_it_was_due);
    hib_test_add_manual("/publish/hold/a_post_not_yet_due_is_not_touched_by_hold_and_release",
                        a_post_not_yet_due_is_not_touched_by_hold_and_release);
    hib_test_add_manual("/publish/hold/a_held_post_can_be_moved_and_taken_back",
                        a_held_post_can_be_moved_and_taken_back);
    hib_test_add_manual("/publish/hold/a_claim_that_lost_to_the_switch_changes_nothing",
                        a_claim_that_lost_to_the_switch_changes_nothing);
    hib_test_add_manual("/publish/hold/an_unknown_outcome_is_not_settled_by_sending_while_held",
                        an_unknown_outcome_is_not_settled_by_sending_while_held);
    hib_test_add("/publish/hold/held_within_a_tenth_of_a_second_of_full_work",
                 held_within_a_tenth_of_a_second_of_full_work);
    hib_test_add("/publish/hold/a_post_whose_pictures_are_going_up_is_held_too",
                 a_post_whose_pictures_are_going_up_is_held_too);
    return g_test_run();
}
