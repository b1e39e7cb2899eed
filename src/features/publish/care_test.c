/* Care: disaster mode holds all but what a person cleared; a day that asks to hold does so where it is wanted; what a person should know is told. */
#include "base/error.h"
#include "practice/bluesky_face.h"
#include "publish/fixture_test.h"
#include "publish/series.h"

static void
set_disaster(HibTestPublish *t, bool is_on)
{
    HibHold *hold;
    GError *error = NULL;
    hib_assert_ok(hib_publish_set_hold(t->db, HIB_HOLD_DISASTER, "", is_on,
                                       is_on ? "震度6弱" : NULL, &hold, &error),
                  error);
    g_assert_false(hold->is_held); /* that is the other switch */
    g_assert_cmpuint(hold->n_switches, ==, is_on);
}

static void
in_disaster_mode_only_what_a_person_cleared_goes_out(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibHold *hold;
    const char *sale = hib_test_scheduled(t, "冬のセールが始まりました", 0, HIB_MINUTE);
    const char *help = hib_test_scheduled(t, "店の井戸を開放しています", 0, HIB_MINUTE);
    hib_assert_refused(hib_publish_set_hold(t->db, HIB_HOLD_DISASTER, "", true, "", &hold, &error),
                       error, "hold.no_reason");
    set_disaster(t, true);
    hib_assert_ok(hib_publish_clear(t->db, help, "支援の情報のため", &error), error);
    hib_test_advance(t, 10 * HIB_MINUTE);
    g_assert_cmpint(hib_test_delivery(t, help)->state, ==, HIB_DELIVERY_PUBLISHED);
    HibDelivery *d = hib_test_delivery(t, sale);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_WAITING);
    g_assert_true(d->is_held && !d->has_sent_at);
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_HELD), ==, 1);
    /* Cleared while it waits: out at once. What is still held stays. */
    const char *late = hib_test_scheduled(t, "臨時休業のお知らせ", 0, HIB_MINUTE);
    hib_test_advance(t, 10 * HIB_MINUTE);
    hib_assert_ok(hib_publish_clear(t->db, late, "営業の案内のため", &error), error);
    hib_test_advance(t, HIB_SECOND);
    g_assert_cmpint(hib_test_delivery(t, late)->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(hib_test_delivery(t, sale)->state, ==, HIB_DELIVERY_WAITING);
    hib_test_advance(t, 3 * HIB_DAY); /* nothing ends it by itself */
    g_assert_cmpint(hib_face_count_text(t->face, "冬のセールが始まりました"), ==, 0);
    set_disaster(t, false);
    hib_test_advance(t, HIB_SECOND);
    g_assert_cmpint(hib_test_delivery(t, sale)->state, ==, HIB_DELIVERY_PUBLISHED);
}

static void
the_hold_switch_holds_what_was_cleared_too(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibHold *hold;
    const char *post = hib_test_scheduled(t, "給水所の場所です", 0, HIB_MINUTE);
    set_disaster(t, true);
    hib_assert_ok(hib_publish_clear(t->db, post, "支援", &error), error);
    hib_assert_ok(hib_publish_set_hold(t->db, HIB_HOLD_WORKSPACE, "", true, NULL, &hold, &error),
                  error);
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, post)->state, ==, HIB_DELIVERY_WAITING);
    hib_assert_refused(hib_publish_clear(t->db, post, "  ", &error), error, "hold.no_reason");
    hib_assert_refused(
        hib_publish_clear(t->db, "00000000-0000-7000-8000-000000000000", "x", &error), error,
        "post.unknown");
}

/* The clock stands at 2026-01-05; the next day that asks to hold is 17 January. */
static const HibInstant seventeenth = INT64_C(1768608000) * HIB_SECOND; /* 09:00 in Japan */

static void
a_day_holds_what_is_due_where_that_is_wanted(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibDuration until = seventeenth - hib_db_now(t->db);
    const char *before = hib_test_scheduled(t, "新メニューのご案内", 0, until);
    hib_test_advance(t, until + HIB_MINUTE);
    g_assert_cmpint(hib_test_delivery(t, before)->state, ==, HIB_DELIVERY_PUBLISHED);
    hib_assert_ok(hib_publish_set_care(t->db, true, &error), error);
    const char *held = hib_test_scheduled(t, "セールのご案内", 0, HIB_MINUTE);
    const char *other = hib_test_scheduled(t, "本日も営業しています", 0, HIB_MINUTE);
    hib_test_advance(t, HIB_HOUR);
    HibDelivery *d = hib_test_delivery(t, held);
    g_assert_cmpint(d->state, ==, HIB_DELIVERY_WAITING);
    g_assert_true(d->is_held && !d->has_error);
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_HELD), ==, 1);
    hib_assert_ok(hib_publish_clear(t->db, other, "営業の案内だけなので", &error), error);
    hib_test_advance(t, HIB_SECOND);
    g_assert_cmpint(hib_test_delivery(t, other)->state, ==, HIB_DELIVERY_PUBLISHED);
    g_assert_cmpint(hib_test_delivery(t, held)->state, ==, HIB_DELIVERY_WAITING);
    /* Moved to the next day it goes out by itself. */
    HibPost *moved;
    hib_assert_ok(hib_publish_schedule(t->db, held, NULL, seventeenth + HIB_DAY, &moved, &error),
                  error);
    hib_test_advance(t, HIB_DAY);
    g_assert_cmpint(hib_test_delivery(t, held)->state, ==, HIB_DELIVERY_PUBLISHED);
}

static const HibPostCaution *
caution(const HibPostCaution *rows, size_t n, HibCautionKind kind)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].kind == kind)
            return &rows[i];
    return NULL;
}

static void
what_a_person_should_know_is_told_before_scheduling(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPostCaution *rows;
    size_t n;
    HibPost *first =
        hib_test_draft(t, "冬のセール、いよいよ明日から始まります。お楽しみに。", 0, false);
    HibPost *again =
        hib_test_draft(t, "冬のセール、いよいよ明日から始まります。お楽しみに！", 0, false);
    HibPost *scheduled;
    hib_assert_ok(
        hib_publish_schedule(t->db, first->id, NULL, seventeenth - 2 * HIB_DAY, &scheduled, &error),
        error);
    again->has_due_at = true;
    again->due_at = seventeenth - 3 * HIB_HOUR; /* 06:00: within an hour of 5:46 */
    hib_assert_ok(hib_publish_cautions(t->db, NULL, again, &rows, &n, &error), error);
    const HibPostCaution *repeat = caution(rows, n, HIB_CAUTION_REPEAT);
    g_assert_nonnull(repeat);
    g_assert_cmpint(repeat->severity, ==, HIB_CAUTION_WARN);
    g_assert_cmpstr(repeat->like->post->id, ==, first->id);
    g_assert_cmpstr(repeat->network, ==, "bluesky");
    const HibPostCaution *moment = caution(rows, n, HIB_CAUTION_MOMENT);
    g_assert_nonnull(moment);
    g_assert_cmpstr(moment->day->id, ==, "hanshin");
    g_assert_null(caution(rows, n, HIB_CAUTION_DISASTER));
    set_disaster(t, true);
    again->due_at = seventeenth + 20 * HIB_DAY;
    hib_assert_ok(hib_publish_cautions(t->db, NULL, again, &rows, &n, &error), error);
    g_assert_cmpint(rows[0].kind, ==, HIB_CAUTION_DISASTER);
    g_assert_cmpstr(rows[0].reason, ==, "震度6弱");
    g_assert_nonnull(caution(rows, n, HIB_CAUTION_LIKE)); /* a week apart: no repeat */
    g_assert_null(caution(rows, n, HIB_CAUTION_REPEAT));
    g_assert_null(caution(rows, n, HIB_CAUTION_MOMENT));
}

static void
a_post_beside_another_of_its_account_is_told(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPostCaution *rows;
    size_t n;
    const char *first = hib_test_scheduled(t, "朝のごあいさつ", 0, HIB_HOUR);
    HibPost *post = hib_test_draft(t, "新しい豆が届きました", 0, false);
    post->has_due_at = true;
    const struct {
        HibDuration after;
        bool collides;
    } cases[] = {{HIB_HOUR, true},
                 {HIB_HOUR + 29 * HIB_MINUTE, true},
                 {HIB_HOUR - 29 * HIB_MINUTE, true},
                 {HIB_HOUR + 30 * HIB_MINUTE, false},
                 {HIB_HOUR - 30 * HIB_MINUTE, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        post->due_at = hib_db_now(t->db) + cases[i].after;
        hib_assert_ok(hib_publish_cautions(t->db, NULL, post, &rows, &n, &error), error);
        const HibPostCaution *slot = caution(rows, n, HIB_CAUTION_SLOT);
        g_assert_cmpint(slot != NULL, ==, cases[i].collides);
        if (slot)
            g_assert_cmpstr(slot->spot->id, ==, first);
    }
    /* Never with itself; nor where the account's gap is none. */
    HibPost *own = hib_test_post(t, first);
    hib_assert_ok(hib_publish_cautions(t->db, NULL, own, &rows, &n, &error), error);
    g_assert_null(caution(rows, n, HIB_CAUTION_SLOT));
    const int64_t none = 0;
    hib_assert_ok(hib_slots_set(t->db, post->variants[0].account_id, NULL, 0, &none, &error),
                  error);
    post->due_at = own->due_at;
    hib_assert_ok(hib_publish_cautions(t->db, NULL, post, &rows, &n, &error), error);
    g_assert_null(caution(rows, n, HIB_CAUTION_SLOT));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/care/disaster", in_disaster_mode_only_what_a_person_cleared_goes_out);
    hib_test_add_manual("/care/hold", the_hold_switch_holds_what_was_cleared_too);
    hib_test_add_manual("/care/day", a_day_holds_what_is_due_where_that_is_wanted);
    hib_test_add_manual("/care/cautions", what_a_person_should_know_is_told_before_scheduling);
    hib_test_add_manual("/care/slot", a_post_beside_another_of_its_account_is_told);
    return g_test_run();
}
