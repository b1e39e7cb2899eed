/* The decision table of the delivery state machine, row by row: (what was tried, what came of it) → what is next. */
#include "base/secrets.h"
#include "publish/publish_private.h"

#define DUE ((HibInstant)1767571200 * HIB_SECOND)
#define DEADLINE (DUE + HIB_DAY)

typedef struct {
    const char *what;
    HibDeliverAsk ask;
    HibDeliveryState state;
    HibDeliverGo go;
    HibInstant at; /* 0: none */
    int failures, reads;
    const char *code;
} Row;

/* Left out: state sending, a second after it was due and sent. */
#define ASK(step_, class_, ...)                                                                    \
    {                                                                                              \
        .step = HIB_STEP_##step_, .class = HIB_NET_##class_, .sent_at = DUE, .late_from = DUE,     \
        .settling = 5 * HIB_SECOND, __VA_ARGS__                                                    \
    }
#define NOW (DUE + HIB_SECOND)

static const Row rows[] = {
    {"an upload that worked goes on", ASK(PREPARE, OK), HIB_DELIVERY_SENDING, HIB_GO_ON, NOW, 0, 0,
     NULL},
    {"a call that worked is out", ASK(EFFECT, OK, .is_done = true), HIB_DELIVERY_PUBLISHED,
     HIB_GO_END, 0, 0, 0, NULL},
    {"a call with something left to confirm goes on", ASK(EFFECT, OK), HIB_DELIVERY_SENDING,
     HIB_GO_ON, NOW, 0, 0, NULL},
    {"a container that is not ready has no effect",
     ASK(PREPARE, WAIT_ASYNC, .retry_at = NOW + HIB_MINUTE), HIB_DELIVERY_WAITING, HIB_GO_AGAIN,
     NOW + HIB_MINUTE, 0, 0, NULL},
    {"confirmed is out", ASK(CONFIRM, OK, .is_done = true), HIB_DELIVERY_PUBLISHED, HIB_GO_END, 0,
     0, 0, NULL},
    {"not confirmed yet is asked again", ASK(CONFIRM, WAIT_ASYNC), HIB_DELIVERY_SENDING,
     HIB_GO_AGAIN, NOW + 5 * HIB_SECOND, 0, 0, NULL},
    {"a confirmation that does not come is read back, never sent again", ASK(CONFIRM, RETRY_SAME),
     HIB_DELIVERY_UNKNOWN, HIB_GO_READ, NOW + 5 * HIB_SECOND, 0, 1, NULL},
    {"an accepted post that the network then refuses is failed", ASK(CONFIRM, FIX_CONTENT),
     HIB_DELIVERY_FAILED, HIB_GO_END, 0, 0, 0, NULL},
    {"what the network took and could not bring out is failed", ASK(CONFIRM, FATAL),
     HIB_DELIVERY_FAILED, HIB_GO_END, 0, 0, 0, NULL},
    {"a blocked question is no answer about the handle", ASK(CONFIRM, BLOCKED), HIB_DELIVERY_FAILED,
     HIB_GO_END, 0, 0, 0, NULL},
    {"what was found to have failed is asked for its reason, however often that is cut",
     {.step = HIB_STEP_CONFIRM, .class = HIB_NET_RETRY_SAME, .late_from = DUE},
     HIB_DELIVERY_UNKNOWN,
     HIB_GO_READ,
     NOW + 5 * HIB_SECOND,
     0,
     1,
     NULL},
    {"a handle that ends while confirming is read back", ASK(CONFIRM, NEW_HANDLE),
     HIB_DELIVERY_UNKNOWN, HIB_GO_READ, NOW + 5 * HIB_SECOND, 0, 1, NULL},
    {"nothing left: soon again", ASK(EFFECT, RETRY_SAME), HIB_DELIVERY_WAITING, HIB_GO_AGAIN,
     NOW + 5 * HIB_SECOND, 1, 0, NULL},
    {"the third failure waits longer", ASK(EFFECT, RETRY_SAME, .failures = 2), HIB_DELIVERY_WAITING,
     HIB_GO_AGAIN, NOW + HIB_MINUTE, 3, 0, NULL},
    {"the wait has an end", ASK(EFFECT, RETRY_SAME, .failures = 99), HIB_DELIVERY_WAITING,
     HIB_GO_AGAIN, NOW + HIB_HOUR, 100, 0, NULL},
    {"a last try at the deadline",
     ASK(EFFECT, RETRY_SAME, .failures = 9, .now = DEADLINE - HIB_MINUTE), HIB_DELIVERY_WAITING,
     HIB_GO_AGAIN, DEADLINE, 10, 0, NULL},
    {"a day late is failed", ASK(EFFECT, RETRY_SAME, .now = DEADLINE), HIB_DELIVERY_FAILED,
     HIB_GO_END, 0, 0, 0, HIB_DELIVER_CODE_LATE},
    {"a rate limit is waited for and burns no try",
     ASK(EFFECT, RETRY_AFTER, .retry_at = NOW + HIB_HOUR, .failures = 3), HIB_DELIVERY_WAITING,
     HIB_GO_AGAIN, NOW + HIB_HOUR, 3, 0, NULL},
    {"a rate limit without a time", ASK(EFFECT, RETRY_AFTER), HIB_DELIVERY_WAITING, HIB_GO_AGAIN,
     NOW + HIB_MINUTE, 0, 0, NULL},
    {"a rate limit over already does not spin", ASK(EFFECT, RETRY_AFTER, .retry_at = DUE),
     HIB_DELIVERY_WAITING, HIB_GO_AGAIN, NOW + HIB_SECOND, 0, 0, NULL},
    {"a limit beyond the day is told now", ASK(EFFECT, RETRY_AFTER, .retry_at = DEADLINE + 1),
     HIB_DELIVERY_FAILED, HIB_GO_END, 0, 0, 0, HIB_DELIVER_CODE_LATE},
    {"a quota is waited for", ASK(EFFECT, QUOTA, .retry_at = NOW + 6 * HIB_HOUR),
     HIB_DELIVERY_WAITING, HIB_GO_AGAIN, NOW + 6 * HIB_HOUR, 0, 0, NULL},
    {"a quota without a time", ASK(PREPARE, QUOTA), HIB_DELIVERY_WAITING, HIB_GO_AGAIN,
     NOW + HIB_HOUR, 0, 0, NULL},
    {"an open outcome is read back", ASK(EFFECT, RECONCILE), HIB_DELIVERY_UNKNOWN, HIB_GO_READ,
     NOW + 5 * HIB_SECOND, 1, 1, NULL},
    {"an upload of open outcome is simply repeated", ASK(PREPARE, RECONCILE), HIB_DELIVERY_WAITING,
     HIB_GO_AGAIN, NOW + 5 * HIB_SECOND, 1, 0, NULL},
    {"a token stale even after a refresh backs off", ASK(EFFECT, REFRESH_AUTH),
     HIB_DELIVERY_WAITING, HIB_GO_AGAIN, NOW + 5 * HIB_SECOND, 1, 0, NULL},
    {"an account that needs a person waits", ASK(EFFECT, REAUTH_HUMAN), HIB_DELIVERY_WAITING,
     HIB_GO_AGAIN, DEADLINE, 0, 0, NULL},
    {"but not longer than a day", ASK(EFFECT, REAUTH_HUMAN, .now = DEADLINE), HIB_DELIVERY_FAILED,
     HIB_GO_END, 0, 0, 0, HIB_DELIVER_CODE_LATE},
    {"accepted and not finished is asked again",
     ASK(EFFECT, WAIT_ASYNC, .retry_at = NOW + HIB_MINUTE), HIB_DELIVERY_SENDING, HIB_GO_AGAIN,
     NOW + HIB_MINUTE, 0, 0, NULL},
    {"an expired handle starts over", ASK(EFFECT, NEW_HANDLE), HIB_DELIVERY_WAITING, HIB_GO_AGAIN,
     NOW + 5 * HIB_SECOND, 1, 0, NULL},
    {"refused content is failed", ASK(EFFECT, FIX_CONTENT), HIB_DELIVERY_FAILED, HIB_GO_END, 0, 0,
     0, NULL},
    {"a block is failed", ASK(EFFECT, BLOCKED), HIB_DELIVERY_FAILED, HIB_GO_END, 0, 0, 0, NULL},
    {"a final no is failed", ASK(PREPARE, FATAL), HIB_DELIVERY_FAILED, HIB_GO_END, 0, 0, 0, NULL},
    {"found is out", ASK(FIND, OK, .state = HIB_DELIVERY_UNKNOWN, .is_found = true),
     HIB_DELIVERY_PUBLISHED, HIB_GO_END, 0, 0, 0, NULL},
    {"found after a crash is out", ASK(FIND, OK, .is_found = true), HIB_DELIVERY_PUBLISHED,
     HIB_GO_END, 0, 0, 0, NULL},
    {"not there yet proves nothing", ASK(FIND, OK), HIB_DELIVERY_UNKNOWN, HIB_GO_READ,
     NOW + 5 * HIB_SECOND, 0, 1, NULL},
    {"not there once settled goes again",
     ASK(FIND, OK, .state = HIB_DELIVERY_UNKNOWN, .now = DUE + 5 * HIB_SECOND, .failures = 1,
         .reads = 1),
     HIB_DELIVERY_WAITING, HIB_GO_AGAIN, DUE + 5 * HIB_SECOND, 1, 0, NULL},
    {"what keeps getting lost backs off",
     ASK(FIND, OK, .state = HIB_DELIVERY_UNKNOWN, .now = DUE + HIB_MINUTE, .failures = 3),
     HIB_DELIVERY_WAITING, HIB_GO_AGAIN, DUE + HIB_MINUTE + HIB_MINUTE, 3, 0, NULL},
    {"not there a day later is failed",
     ASK(FIND, OK, .state = HIB_DELIVERY_UNKNOWN, .now = DEADLINE), HIB_DELIVERY_FAILED, HIB_GO_END,
     0, 0, 0, HIB_DELIVER_CODE_LATE},
    {"a reading that failed is repeated",
     ASK(FIND, RETRY_SAME, .state = HIB_DELIVERY_UNKNOWN, .reads = 1), HIB_DELIVERY_UNKNOWN,
     HIB_GO_READ, NOW + 15 * HIB_SECOND, 0, 2, NULL},
    {"a reading keeps to the rate limit",
     ASK(FIND, RETRY_AFTER, .state = HIB_DELIVERY_UNKNOWN, .retry_at = NOW + HIB_HOUR),
     HIB_DELIVERY_UNKNOWN, HIB_GO_READ, NOW + HIB_HOUR, 0, 1, NULL},
    {"no final word comes out of a failed reading", ASK(FIND, FATAL, .state = HIB_DELIVERY_UNKNOWN),
     HIB_DELIVERY_UNKNOWN, HIB_GO_READ, NOW + 5 * HIB_SECOND, 0, 1, NULL},
    {"a day without an answer asks a person",
     ASK(FIND, RETRY_SAME, .state = HIB_DELIVERY_UNKNOWN, .now = DEADLINE - HIB_SECOND,
         .reads = 20),
     HIB_DELIVERY_UNKNOWN, HIB_GO_END, 0, 0, 21, NULL},
};

static void
every_answer_has_its_consequence(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Row *row = &rows[i];
        HibDeliverAsk ask = row->ask;
        ask.state = ask.state ? ask.state : HIB_DELIVERY_SENDING;
        ask.now = ask.now ? ask.now : NOW;
        HibDeliverVerdict v = hib_deliver_decide(&ask);
        g_test_message("%s", row->what);
        g_assert_cmpint(v.state, ==, row->state);
        g_assert_cmpint(v.go, ==, row->go);
        g_assert_cmpint(v.at, ==, row->at);
        g_assert_cmpint(v.failures, ==, row->failures);
        g_assert_cmpint(v.reads, ==, row->reads);
        g_assert_cmpstr(v.code, ==, row->code);
        bool is_confirm = row->ask.step == HIB_STEP_CONFIRM;
        g_assert_cmpint(v.is_new_handle, ==,
                        is_confirm ? row->ask.class == HIB_NET_FIX_CONTENT ||
                                         row->ask.class == HIB_NET_FATAL
                                   : row->ask.class == HIB_NET_NEW_HANDLE);
    }
}

/* Whatever is answered to whatever step at whatever time: the rules nothing may break. */
static void
no_answer_breaks_the_rules(void)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 8470);
    for (int i = 0; i < 200000; i++) {
        HibDeliverAsk ask = {
            .step = (HibDeliverStep)hib_seeded_below(&seeded, 4),
            .class = (HibNetClass)hib_seeded_below(&seeded, HIB_NET_FATAL + 1),
            .is_found = hib_seeded_below(&seeded, 2),
            .is_done = hib_seeded_below(&seeded, 2),
            .settling = 5 * HIB_SECOND,
            .failures = (int)hib_seeded_below(&seeded, 30),
            .reads = (int)hib_seeded_below(&seeded, 30),
            .late_from = DUE,
            .sent_at = DUE + hib_seeded_below(&seeded, HIB_DAY),
        };
        ask.state = ask.step == HIB_STEP_FIND && hib_seeded_below(&seeded, 2)
                        ? HIB_DELIVERY_UNKNOWN
                        : HIB_DELIVERY_SENDING;
        ask.now = ask.sent_at + hib_seeded_below(&seeded, 2 * HIB_DAY);
        ask.retry_at = hib_seeded_below(&seeded, 2)
                           ? 0
                           : ask.now + hib_seeded_below(&seeded, HIB_DAY) - HIB_HOUR;
        HibDeliverVerdict v = hib_deliver_decide(&ask);
        bool is_absent = ask.step == HIB_STEP_FIND && ask.class == HIB_NET_OK && !ask.is_found;
        bool is_refused = ask.step == HIB_STEP_CONFIRM &&
                          (ask.class == HIB_NET_FIX_CONTENT || ask.class == HIB_NET_BLOCKED ||
                           ask.class == HIB_NET_FATAL);
        bool may_be_out = ask.step == HIB_STEP_FIND ||
                          (ask.step == HIB_STEP_CONFIRM && !is_refused) ||
                          (ask.step == HIB_STEP_EFFECT &&
                           (ask.class == HIB_NET_RECONCILE || ask.class == HIB_NET_WAIT_ASYNC));
        if (may_be_out && (v.state == HIB_DELIVERY_WAITING || v.state == HIB_DELIVERY_FAILED))
            g_assert_true(is_absent && ask.now >= ask.sent_at + ask.settling); /* never twice */
        if (v.state == HIB_DELIVERY_PUBLISHED)
            g_assert_true(ask.class == HIB_NET_OK && !is_absent &&
                          (ask.is_done || ask.step == HIB_STEP_FIND));
        if (v.state == HIB_DELIVERY_WAITING) {
            g_assert_cmpint(v.go, ==, HIB_GO_AGAIN); /* never lost */
            g_assert_cmpint(v.at, >=, ask.now);
        }
        if (v.state == HIB_DELIVERY_SENDING)
            g_assert_true(v.go == HIB_GO_ON || v.go == HIB_GO_AGAIN);
        if (v.go == HIB_GO_READ)
            g_assert_cmpint(v.at, >, ask.now);
        g_assert_cmpint(v.state, !=, HIB_DELIVERY_CANCELLED);
    }
}

static void
every_end_says_what_to_do_next(void)
{
    g_assert_cmpint(hib_deliver_next(HIB_DELIVERY_WAITING, false, HIB_NET_OK, false), ==,
                    HIB_NEXT_NONE);
    g_assert_cmpint(hib_deliver_next(HIB_DELIVERY_WAITING, true, HIB_NET_RETRY_AFTER, true), ==,
                    HIB_NEXT_WAIT);
    g_assert_cmpint(hib_deliver_next(HIB_DELIVERY_WAITING, true, HIB_NET_REAUTH_HUMAN, false), ==,
                    HIB_NEXT_RECONNECT);
    g_assert_cmpint(hib_deliver_next(HIB_DELIVERY_FAILED, true, HIB_NET_FIX_CONTENT, false), ==,
                    HIB_NEXT_EDIT);
    g_assert_cmpint(hib_deliver_next(HIB_DELIVERY_FAILED, true, HIB_NET_BLOCKED, false), ==,
                    HIB_NEXT_RECONNECT);
    g_assert_cmpint(hib_deliver_next(HIB_DELIVERY_FAILED, true, HIB_NET_RETRY_SAME, false), ==,
                    HIB_NEXT_RETRY);
    g_assert_cmpint(hib_deliver_next(HIB_DELIVERY_UNKNOWN, true, HIB_NET_RECONCILE, true), ==,
                    HIB_NEXT_WAIT);
    g_assert_cmpint(hib_deliver_next(HIB_DELIVERY_UNKNOWN, true, HIB_NET_RECONCILE, false), ==,
                    HIB_NEXT_CHECK);
    g_assert_cmpint(hib_deliver_next(HIB_DELIVERY_PUBLISHED, false, HIB_NET_OK, false), ==,
                    HIB_NEXT_NONE);
}

static void
a_post_is_what_its_deliveries_are(void)
{
    g_assert_cmpint(hib_deliver_post_state(0, 0, 0, 0, 0), ==, HIB_POST_DRAFT);
    g_assert_cmpint(hib_deliver_post_state(2, 0, 0, 0, 0), ==, HIB_POST_SCHEDULED);
    g_assert_cmpint(hib_deliver_post_state(1, 0, 1, 0, 0), ==, HIB_POST_SENDING);
    g_assert_cmpint(hib_deliver_post_state(0, 1, 1, 1, 1), ==, HIB_POST_SENDING);
    g_assert_cmpint(hib_deliver_post_state(0, 0, 1, 1, 1), ==, HIB_POST_UNKNOWN);
    g_assert_cmpint(hib_deliver_post_state(0, 0, 1, 1, 0), ==, HIB_POST_FAILED);
    g_assert_cmpint(hib_deliver_post_state(0, 0, 3, 0, 0), ==, HIB_POST_PUBLISHED);
}

static void
the_script_tells_the_language_or_nothing_does(void)
{
    g_assert_cmpstr(hib_deliver_lang("本日 open"), ==, "ja");
    g_assert_cmpstr(hib_deliver_lang("コーヒー"), ==, "ja");
    g_assert_cmpstr(hib_deliver_lang("안녕하세요"), ==, "ko");
    g_assert_cmpstr(hib_deliver_lang("Bonjour"), ==, NULL);
    g_assert_cmpstr(hib_deliver_lang(""), ==, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/deliver/every_answer_has_its_consequence",
                    every_answer_has_its_consequence);
    g_test_add_func("/publish/deliver/no_answer_breaks_the_rules", no_answer_breaks_the_rules);
    g_test_add_func("/publish/deliver/every_end_says_what_to_do_next",
                    every_end_says_what_to_do_next);
    g_test_add_func("/publish/deliver/a_post_is_what_its_deliveries_are",
                    a_post_is_what_its_deliveries_are);
    g_test_add_func("/publish/deliver/the_script_tells_the_language_or_nothing_does",
                    the_script_tells_the_language_or_nothing_does);
    return g_test_run();
}
