/* What is done to a post that is out, and answers: on the network in memory. */
#include "base/error.h"
#include "publish/fixture_test.h"
#include "test_scripted.h"

static void
begin(HibTestPublish *t)
{
    HibAccount *account;
    GError *error = NULL;
    hib_test_scripted_reset(&(HibTestShape){0});
    hib_assert_ok(hib_accounts_connect(t->db, &t->services, "scripted", NULL, "scripted.practice",
                                       "password", &account, &error),
                  error);
    t->account = account->id;
}

static HibDelivery *
out(HibTestPublish *t, const char *text)
{
    const char *post = hib_test_scheduled(t, text, 0, 0);
    hib_test_advance(t, HIB_SECOND);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_PUBLISHED);
    return d;
}

static void
a_post_is_removed_when_the_network_says_so(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibDelivery *after;
    begin(t);
    HibDelivery *d = out(t, "消す");
    hib_test_scripted_fault("remove", HIB_TEST_CUT_BEFORE, 1);
    hib_assert_refused(hib_publish_remove(t->db, &t->services, d->id, &after, &error), error,
                       "accounts.unreachable");
    hib_test_scripted_fault("remove", HIB_TEST_REFUSED, 1);
    g_assert_false(hib_publish_remove(t->db, &t->services, d->id, &after, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "publish.network_refused");
    g_assert_cmpstr(hib_error_detail(error, "message"), ==, "the scripted network says so");
    g_clear_error(&error);
    hib_test_scripted_fault("remove", HIB_TEST_RATE_LIMITED, 1);
    hib_assert_refused(hib_publish_remove(t->db, &t->services, d->id, &after, &error), error,
                       "network.rate_limited");
    hib_assert_ok(hib_publish_get(t->db, d->id, &after, &error), error);
    g_assert_false(after->has_removed_at);
    g_assert_cmpint(hib_test_scripted_count("消す"), ==, 1);
    hib_assert_ok(hib_publish_remove(t->db, &t->services, d->id, &after, &error), error);
    g_assert_true(after->has_removed_at);
    g_assert_cmpint(hib_test_scripted_count("消す"), ==, 0);
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_REMOVED), ==, 1);
    hib_assert_refused(hib_publish_remove(t->db, &t->services, d->id, &after, &error), error,
                       "publish.not_published");
    const char *waiting = hib_test_scheduled(t, "まだ", 0, HIB_DAY);
    hib_assert_refused(
        hib_publish_remove(t->db, &t->services, hib_test_delivery(t, waiting)->id, &after, &error),
        error, "publish.not_published");
}

static void
a_text_is_changed_while_the_network_lets_it(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibDelivery *after;
    begin(t);
    HibDelivery *d = out(t, "直す前");
    g_autofree char *over = g_strnfill(501, 'a');
    hib_assert_refused(hib_publish_edit(t->db, &t->services, d->id, over, &after, &error), error,
                       "post.over_limit");
    hib_assert_ok(hib_publish_edit(t->db, &t->services, d->id, "直した後", &after, &error), error);
    g_assert_cmpstr(after->text, ==, "直した後");
    g_assert_cmpstr(after->remote_id, ==, d->remote_id);
    g_assert_cmpint(hib_test_scripted_count("直した後"), ==, 1);
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_EDITED), ==, 1);
    hib_test_advance(t, 2 * HIB_HOUR);
    hib_assert_refused(hib_publish_edit(t->db, &t->services, d->id, "遅い", &after, &error), error,
                       "publish.edit_over");
}

static void
an_answer_goes_out_once_and_is_no_post(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibDelivery *reply;
    begin(t);
    HibReplyDraft draft = {.account = t->account,
                           .text = "ありがとうございます",
                           .reply_to = "comment-1",
                           .reply_root = "post-9"};
    hib_test_scripted_fault("publish", HIB_TEST_CUT_AFTER, 1);
    hib_assert_ok(hib_publish_reply(t->db, &draft, &reply, &error), error);
    g_assert_cmpint(reply->kind, ==, HIB_KIND_REPLY);
    g_assert_cmpstr(reply->post_id, ==, "");
    hib_test_advance(t, HIB_MINUTE);
    hib_assert_ok(hib_publish_get(t->db, reply->id, &reply, &error), error);
    g_assert_cmpint(reply->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(hib_test_scripted_count("ありがとうございます"), ==, 1);
    g_assert_cmpstr(hib_test_scripted_last_reply(), ==, "comment-1");
    /* Several answers stand beside each other; none is anybody's post. */
    draft.text = "二つ目の返事";
    hib_assert_ok(hib_publish_reply(t->db, &draft, &reply, &error), error);
    hib_test_scripted_fault("publish", HIB_TEST_REFUSED, 1);
    hib_test_advance(t, HIB_MINUTE);
    hib_assert_ok(hib_publish_get(t->db, reply->id, &reply, &error), error);
    g_assert_cmpint(reply->state, ==, HIB_DELIVERY_FAILED);
    hib_assert_ok(hib_publish_retry(t->db, reply->id, &reply, &error), error);
    hib_test_advance(t, HIB_MINUTE);
    g_assert_cmpint(hib_test_scripted_count("二つ目の返事"), ==, 1);
    draft.account = t->second; /* this one's network has no messages */
    draft.recipient = "somebody";
    hib_assert_refused(hib_publish_reply(t->db, &draft, &reply, &error), error,
                       "publish.cannot_reply");
    draft.recipient = NULL;
    draft.text = " ";
    hib_assert_refused(hib_publish_reply(t->db, &draft, &reply, &error), error, "post.empty");
}

static HibDelivery *
part(HibTestPublish *t, const char *post, int at)
{
    HibDeliveryQuery query = {.post = post};
    HibDelivery *rows;
    size_t n;
    const char *next;
    GError *error = NULL;
    hib_assert_ok(hib_publish_list(t->db, &query, &rows, &n, &next, &error), error);
    for (size_t i = 0; i < n; i++)
        if (rows[i].part == at)
            return &rows[i];
    return NULL;
}

static void
refuse_what_follows(void *data G_GNUC_UNUSED)
{
    hib_test_scripted_fault("publish", HIB_TEST_REFUSED, 2);
}

/* A text that fails stops what follows it, not the post; tried again the thread goes on from there. */
static void
a_thread_follows_part_by_part_and_never_fails_its_post(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *post;
    HibDelivery *again;
    begin(t);
    HibPostPart thread[] = {{.text = "二"}, {.text = "三"}};
    HibPostVariant variant = {
        .account_id = t->account, .thread = thread, .n_thread = 2, .first_comment = "豆はこちら"};
    HibPostContent content = {.text = "一", .variants = &variant, .n_variants = 1};
    hib_assert_ok(hib_plan_create(t->db, &content, &post, &error), error);
    hib_assert_ok(
        hib_publish_schedule(t->db, post->id, NULL, hib_clock_now(t->clock), &post, &error), error);
    g_assert_null(part(t, post->id, 1)); /* nothing follows what is not out */
    hib_test_scripted_between(refuse_what_follows, NULL);
    hib_test_advance(t, HIB_MINUTE);
    g_assert_cmpint(hib_test_post(t, post->id)->state, ==, HIB_POST_PUBLISHED);
    HibDelivery *second = part(t, post->id, 1), *comment = part(t, post->id, 3);
    g_assert_cmpint(second->state, ==, HIB_DELIVERY_FAILED);
    g_assert_cmpint(comment->state, ==, HIB_DELIVERY_FAILED);
    g_assert_null(part(t, post->id, 2));
    hib_assert_ok(hib_publish_retry(t->db, second->id, &again, &error), error);
    hib_assert_ok(hib_publish_retry(t->db, comment->id, &again, &error), error);
    hib_test_scripted_clear();
    hib_test_advance(t, HIB_HOUR);
    for (int at = 0; at <= 3; at++)
        g_assert_cmpint(part(t, post->id, at)->state, ==, HIB_DELIVERY_PUBLISHED);
    static const char *const texts[] = {"一", "二", "三", "豆はこちら"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_cmpint(hib_test_scripted_count(texts[i]), ==, 1);
    g_assert_cmpstr(part(t, post->id, 2)->parent_id, ==, part(t, post->id, 1)->id);
    g_assert_cmpint(hib_test_post(t, post->id)->state, ==, HIB_POST_PUBLISHED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/publish/remote/a_post_is_removed_when_the_network_says_so",
                        a_post_is_removed_when_the_network_says_so);
    hib_test_add_manual("/publish/remote/a_text_is_changed_while_the_network_lets_it",
                        a_text_is_changed_while_the_network_lets_it);
    hib_test_add_manual("/publish/remote/an_answer_goes_out_once_and_is_no_post",
                        an_answer_goes_out_once_and_is_no_post);
    hib_test_add_manual("/publish/remote/a_thread_follows_part_by_part_and_never_fails_its_post",
                        a_thread_follows_part_by_part_and_never_fails_its_post);
    return g_test_run();
}
