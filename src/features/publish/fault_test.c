/* The fault table: every kind of step × every fault, on a network that does a call twice when it is made twice. Then what no table lists: a run
 * given up between any two statements, faults in any order, two posts of the same words a second apart. */
#include "base/error.h"
#include "base/secrets.h"
#include "publish/fixture_test.h"
#include "test_faults.h"

/* --- given up between two statements -------------------------------------------------------------------------------------- */
/* Every call of the dispatcher into the store or the network is a place where a process can end: before it, or after it with nobody
 * left to hear the answer. Transactions end whole. */
static int places, give_up_at;

static bool
goes_on(GError **error)
{
    if (++places != give_up_at)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "internal.unexpected", "given up at %d", places);
    return false;
}

#define GIVEN_UP(name, declared, passed)                                                           \
    bool __real_##name declared;                                                                   \
    bool __wrap_##name declared;                                                                   \
    bool __wrap_##name declared                                                                    \
    {                                                                                              \
        return goes_on(error) && __real_##name passed && goes_on(error);                           \
    }
GIVEN_UP(hib_deliver_load, (HibDb * db, const char *delivery, HibDeliverWork **ret, GError **error),
         (db, delivery, ret, error))
GIVEN_UP(hib_deliver_claim,
         (HibDb * db, HibDeliverWork *work, const char *print, const char *job, bool is_effect,
          bool *ret, GError **error),
         (db, work, print, job, is_effect, ret, error))
GIVEN_UP(hib_deliver_keep,
         (HibDb * db, HibDeliverWork *work, const char *progress, const HibNetStep *step, bool *ret,
          GError **error),
         (db, work, progress, step, ret, error))
GIVEN_UP(hib_deliver_dispatch, (HibDb * db, HibDeliverWork *work, bool *ret, GError **error),
         (db, work, ret, error))
GIVEN_UP(hib_deliver_take_over,
         (HibDb * db, HibDeliverWork *work, const char *job, bool *ret, GError **error),
         (db, work, job, ret, error))
GIVEN_UP(hib_deliver_conclude,
         (HibDb * db, const HibDeliverWork *work, const HibDeliverOutcome *outcome, bool *ret,
          GError **error),
         (db, work, outcome, ret, error))
GIVEN_UP(hib_accounts_call,
         (HibDb * db, const HibServices *services, const char *account, HibAccountRun run,
          void *data, HibNetResult *ret, GError **error),
         (db, services, account, run, data, ret, error))

/* --- the table ---------------------------------------------------------------------------------------------------------------- */
static const HibTestShape shapes[] = {
    {0},
    {.n_uploads = 2},
    {.n_uploads = 1, .has_container = true, .has_process = true},
    {.n_uploads = 1, .has_container = true, .has_process = true, .n_confirms = 2},
};
static const struct {
    const char *name;
    HibDeliverStep step;
} steps[] = {
    {"upload", HIB_STEP_PREPARE}, {"container", HIB_STEP_PREPARE}, {"process", HIB_STEP_PREPARE},
    {"publish", HIB_STEP_EFFECT}, {"confirm", HIB_STEP_CONFIRM},   {"find", HIB_STEP_FIND},
};

static bool
has_step(const HibTestShape *shape, const char *step)
{
    return g_str_equal(step, "upload")      ? shape->n_uploads > 0
           : g_str_equal(step, "container") ? shape->has_container
           : g_str_equal(step, "process")   ? shape->has_process
           : g_str_equal(step, "confirm")   ? shape->n_confirms > 0
                                            : true;
}

static void
begin(HibTestPublish *t, const HibTestShape *shape)
{
    HibAccount *account;
    GError *error = NULL;
    places = give_up_at = 0;
    hib_test_scripted_reset(shape);
    hib_assert_ok(hib_accounts_connect(t->db, &t->services, "scripted", NULL, "scripted.practice",
                                       "password", &account, &error),
                  error);
    t->account = account->id;
}

static void
sign_in_again(HibTestPublish *t)
{
    HibAccount *account;
    GError *error = NULL;
    hib_test_scripted_sign_in();
    hib_assert_ok(
        hib_accounts_reconnect(t->db, &t->services, t->account, "password", &account, &error),
        error);
}

static void
sign_in_again_if_needed(HibTestPublish *t)
{
    HibAccount *account;
    GError *error = NULL;
    hib_assert_ok(hib_accounts_get(t->db, t->account, &account, &error), error);
    if (account->state != HIB_ACCOUNT_OK)
        sign_in_again(t);
}

/* The next shape has an account of its own. */
static void
end(HibTestPublish *t)
{
    GError *error = NULL;
    hib_assert_ok(hib_accounts_disconnect(t->db, t->account, &error), error);
}

static void
check_row(HibTestPublish *t, const char *post, const char *text, HibTestEnd end)
{
    HibDelivery *d = hib_test_delivery(t, post);
    if (end == HIB_TEST_END_RECONNECT) {
        g_assert_cmpint(d->next, ==, HIB_NEXT_RECONNECT);
        g_assert_true(d->state == HIB_DELIVERY_WAITING || d->state == HIB_DELIVERY_UNKNOWN);
        sign_in_again(t);
        hib_test_advance(t, HIB_HOUR);
        d = hib_test_delivery(t, post);
    }
    bool is_out = end != HIB_TEST_END_REFUSED;
    g_assert_cmpint(d->state, ==, is_out ? HIB_DELIVERY_PUBLISHED : HIB_DELIVERY_FAILED);
    g_assert_cmpint(hib_test_scripted_count(text), ==, is_out);
    g_assert_cmpint(hib_test_post(t, post)->state, ==,
                    is_out ? HIB_POST_PUBLISHED : HIB_POST_FAILED);
    hib_test_promise(d, hib_test_scripted_count(text));
    if (is_out)
        return;
    g_assert_cmpint(d->next, ==, HIB_NEXT_EDIT);
    g_assert_cmpstr(d->error_code, ==, "NotThis"); /* the network's own reason */
    g_assert_cmpstr(d->error_message, !=, "");
}

static void
every_fault_at_every_step_comes_to_what_the_table_says(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    int n = 0;
    for (size_t s = 0; s < G_N_ELEMENTS(shapes); s++) {
        begin(t, &shapes[s]);
        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
            for (HibTestFault fault = HIB_TEST_RATE_LIMITED; fault < HIB_TEST_FAULTS; fault++)
                for (int times = 1; times <= (steps[i].step == HIB_STEP_EFFECT ? 3 : 1);
                     times += 2) {
                    if (!has_step(&shapes[s], steps[i].name) ||
                        !hib_test_fault_fits(fault, steps[i].step))
                        continue;
                    const char *text =
                        hib_arena_printf(t->arena, "%zu %s: %s ×%d", s, steps[i].name,
                                         hib_test_fault_name(fault), times);
                    g_test_message("%s", text);
                    hib_test_scripted_fault(steps[i].name, fault, times);
                    if (steps[i].step == HIB_STEP_FIND) /* something to be found out */
                        hib_test_scripted_fault("publish", HIB_TEST_CUT_AFTER, 1);
                    const char *post = hib_test_scheduled(t, text, 0, 0);
                    hib_test_advance(t, 5 * HIB_HOUR);
                    hib_test_scripted_clear();
                    check_row(t, post, text, hib_test_fault_end(fault, steps[i].step));
                    n++;
                }
        end(t);
    }
    g_assert_cmpint(n, >, 130);
}

static void
every_step_stands_in_the_timeline(HibTestStore *test)
{
    static const char *const wanted[] = {"upload 1/2", "upload 2/2",  "container ", "process ",
                                         "publish ",   "confirm 1/1", NULL};
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    begin(t, &(HibTestShape){
                 .n_uploads = 2, .has_container = true, .has_process = true, .n_confirms = 1});
    hib_test_scripted_fault("process", HIB_TEST_SLOW, 2);
    const char *post = hib_test_scheduled(t, "経過", 0, 0);
    hib_test_advance(t, HIB_HOUR);
    HibDeliveryStep *rows;
    size_t n, at = 0;
    GError *error = NULL;
    hib_assert_ok(hib_publish_steps(t->db, hib_test_delivery(t, post)->id, &rows, &n, &error),
                  error);
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].name)
            continue;
        const char *shown =
            hib_arena_printf(t->arena, "%s %s", rows[i].name, rows[i].detail ? rows[i].detail : "");
        g_assert_cmpstr(shown, ==, wanted[at++]);
    }
    g_assert_null(wanted[at]);
}

/* --- given up ------------------------------------------------------------------------------------------------------------------- */
static void
a_run_given_up_between_any_two_statements_goes_out_once(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    int n = 0;
    for (size_t s = 0; s < G_N_ELEMENTS(shapes); s++)
        for (int is_cut = 0; is_cut <= 1; is_cut++) {
            begin(t, &shapes[s]);
            for (int at = 1;; at++) {
                const char *text = hib_arena_printf(t->arena, "%zu %d 中断 %d", s, is_cut, at);
                if (is_cut)
                    hib_test_scripted_fault("publish", HIB_TEST_CUT_AFTER, 1);
                places = 0;
                give_up_at = at;
                const char *post = hib_test_scheduled(t, text, 0, 0);
                hib_test_advance(t, HIB_HOUR);
                bool was_given_up = places >= at;
                HibDelivery *d = hib_test_delivery(t, post);
                g_test_message("%s: %d", text, d->state);
                g_assert_cmpint(d->state, ==, HIB_DELIVERY_PUBLISHED);
                g_assert_cmpint(hib_test_scripted_count(text), ==, 1);
                if (!was_given_up)
                    break;
                n++;
            }
            end(t);
        }
    g_assert_cmpint(n, >, 60);
}

/* --- any order -------------------------------------------------------------------------------------------------------------------- */
static void
faults_in_any_order_never_break_the_promise(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibSeeded seeded;
    hib_seeded_init(&seeded, 8470);
    for (int round = 0; round < 60; round++) {
        const char *posts[2], *text = hib_arena_printf(t->arena, "順不同 %d", round);
        begin(t, &shapes[hib_seeded_below(&seeded, G_N_ELEMENTS(shapes))]);
        for (uint64_t i = hib_seeded_below(&seeded, 6); i > 0; i--)
            hib_test_scripted_fault(steps[hib_seeded_below(&seeded, G_N_ELEMENTS(steps))].name,
                                    (HibTestFault)hib_seeded_below(&seeded, HIB_TEST_FAULTS),
                                    1 + (int)hib_seeded_below(&seeded, 8));
        give_up_at = (int)hib_seeded_below(&seeded, 30);
        for (size_t i = 0; i < 2; i++)
            posts[i] = hib_test_scheduled(t, hib_arena_printf(t->arena, "%s %zu", text, i), 0,
                                          (HibDuration)hib_seeded_below(&seeded, 5) * HIB_SECOND);
        hib_test_advance(t, 2 * HIB_HOUR);
        if (hib_seeded_below(&seeded, 2))
            sign_in_again_if_needed(t);
        hib_test_advance(t, 3 * HIB_DAY);
        for (size_t i = 0; i < 2; i++) {
            const char *own = hib_arena_printf(t->arena, "%s %zu", text, i);
            HibDelivery *d = hib_test_delivery(t, posts[i]);
            g_test_message("%s: %d %s", own, d->state, d->error_code);
            hib_test_promise(d, hib_test_scripted_count(own));
        }
        end(t);
    }
}

/* --- the same words twice ------------------------------------------------------------------------------------------------------------ */
static void
check_two(HibTestPublish *t, const char *first, const char *second, const char *text)
{
    HibDelivery *a = hib_test_delivery(t, first), *b = hib_test_delivery(t, second);
    g_assert_cmpint(a->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(b->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpstr(a->remote_id, !=, b->remote_id);
    g_assert_cmpint(hib_test_scripted_count(text), ==, 2);
}

static void
two_posts_of_the_same_words_are_never_taken_for_each_other(HibTestStore *test)
{
    static const HibTestFault faults[] = {HIB_TEST_CUT_BEFORE, HIB_TEST_CUT_AFTER, HIB_TEST_TIMEOUT,
                                          HIB_TEST_ERROR_BEFORE, HIB_TEST_OK};
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    begin(t, &shapes[0]);
    for (size_t a = 0; a < G_N_ELEMENTS(faults); a++)
        for (size_t b = 0; b < G_N_ELEMENTS(faults); b++) {
            const char *text = hib_arena_printf(t->arena, "同じ文 %zu %zu", a, b);
            const char *first = hib_test_scheduled(t, text, 0, 0),
                       *second = hib_test_scheduled(t, text, 0, HIB_SECOND);
            hib_test_scripted_fault("publish", faults[a], 1);
            hib_jobs_run_due(t->jobs);
            hib_test_scripted_clear();
            hib_test_scripted_fault("publish", faults[b], 1);
            hib_test_advance(t, HIB_HOUR);
            hib_test_scripted_clear();
            g_test_message("%s", text);
            check_two(t, first, second, text);
        }
}

typedef struct {
    HibTestPublish *t;
    const char *delivery;
} Meanwhile;

/* While the second is on its way, the first is read back: all it finds is the second's post. */
static void
read_the_other_back(void *data)
{
    Meanwhile *meanwhile = data;
    HibTestPublish *t = meanwhile->t;
    GError *error = NULL;
    HibJobEnd end;
    HibInstant at;
    const HibJob job = {.id = hib_db_new_id(t->db),
                        .kind = HIB_JOB_RECONCILE,
                        .subject = meanwhile->delivery,
                        .json = "{}"};
    g_autoptr(HibDb) db = hib_db_open(t->test->store, t->arena, hib_db_workspace(t->db));
    hib_assert_ok(hib_reconcile_run(db, &job, &t->services, &end, &at, &error), error);
}

static void
an_answer_wins_over_what_was_read_back(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    begin(t, &shapes[0]);
    const char *text = "答えが勝つ", *first = hib_test_scheduled(t, text, 0, 0),
               *second = hib_test_scheduled(t, text, 0, HIB_SECOND);
    hib_test_scripted_fault("publish", HIB_TEST_CUT_BEFORE, 1);
    hib_jobs_run_due(t->jobs);
    Meanwhile meanwhile = {t, hib_test_delivery(t, first)->id};
    g_assert_cmpint(hib_test_delivery(t, first)->state, ==, HIB_DELIVERY_UNKNOWN);
    hib_test_scripted_between(read_the_other_back, &meanwhile);
    hib_test_advance(t, HIB_SECOND);
    g_assert_cmpint(hib_test_delivery(t, second)->state, ==, HIB_DELIVERY_PUBLISHED);
    hib_test_advance(t, HIB_HOUR);
    check_two(t, first, second, text);
    g_assert_cmpint(hib_test_n_steps(t, meanwhile.delivery, HIB_DID_UNKNOWN), ==, 2);
}

/* --- a network that only knows the handle (LINE) -------------------------------------------------------------------------------------- */
static void
a_handle_the_network_has_forgotten_is_never_sent_again(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    begin(t, &(HibTestShape){.find_sends = true, .handle_life_s = 3600});
    const char *post = hib_test_scheduled(t, "忘れられた鍵", 0, 0);
    hib_test_scripted_fault("publish", HIB_TEST_CUT_AFTER, 1);
    hib_test_scripted_fault("find", HIB_TEST_ERROR_BEFORE, 1000);
    hib_test_advance(t, 2 * HIB_HOUR);
    hib_test_scripted_clear();
    int n_calls = hib_test_scripted_calls("publish") + hib_test_scripted_calls("find");
    hib_test_advance(t, 2 * HIB_DAY);
    HibDelivery *d = hib_test_delivery(t, post);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_UNKNOWN);
    g_assert_cmpstr(d->error_code, ==, HIB_DELIVER_CODE_HANDLE);
    g_assert_cmpint(d->next, ==, HIB_NEXT_CHECK);
    hib_assert_ok(hib_publish_retry(t->db, d->id, &d, &error), error); /* a person looks */
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_test_scripted_calls("publish") + hib_test_scripted_calls("find"), ==,
                    n_calls);
    g_assert_cmpint(hib_test_scripted_count("忘れられた鍵"), ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/publish/fault/every_fault_at_every_step_comes_to_what_the_table_says",
                        every_fault_at_every_step_comes_to_what_the_table_says);
    hib_test_add_manual("/publish/fault/every_step_stands_in_the_timeline",
                        every_step_stands_in_the_timeline);
    hib_test_add_manual("/publish/fault/a_run_given_up_between_any_two_statements_goes_out_once",
                        a_run_given_up_between_any_two_statements_goes_out_once);
    hib_test_add_manual("/publish/fault/faults_in_any_order_never_break_the_promise",
                        faults_in_any_order_never_break_the_promise);
    hib_test_add_manual("/publish/fault/two_posts_of_the_same_words_are_never_taken_for_each_other",
                        two_posts_of_the_same_words_are_never_taken_for_each_other);
    hib_test_add_manual("/publish/fault/an_answer_wins_over_what_was_read_back",
                        an_answer_wins_over_what_was_read_back);
    hib_test_add_manual("/publish/fault/a_handle_the_network_has_forgotten_is_never_sent_again",
                        a_handle_the_network_has_forgotten_is_never_sent_again);
    return g_test_run();
}
