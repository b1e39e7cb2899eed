/* Corrections: learnt at once, alone, repeatably, and within bounds. */
#include "text/classify.h"

#include "base/secrets.h"
#include "text/classify_private.h"
#include <string.h>

static HibClassified
read_of(const HibClassifierLearnt *learnt, const char *text)
{
    HibClassified read;
    hib_classify(hib_classifier_builtin(), learnt, text, strlen(text), &read);
    return read;
}

static void
teach(HibClassifierLearnt *learnt, const char *text, HibSentiment sentiment, HibIntent intent)
{
    hib_classifier_learn(hib_classifier_builtin(), learnt, text, strlen(text), sentiment, intent);
}

static void
a_correction_holds_at_once_for_every_class(void)
{
    const char *text = "ヒビキ飴のざらめ、今日も三袋いきました";
    for (int s = 0; s < HIB_SENTIMENTS; s++)
        for (int i = 0; i < HIB_INTENTS; i++) {
            g_autoptr(HibClassifierLearnt) learnt = hib_classifier_learnt_new();
            teach(learnt, text, (HibSentiment)s, (HibIntent)i);
            HibClassified read = read_of(learnt, text);
            g_assert_cmpint(read.likely_sentiment, ==, s);
            g_assert_cmpint(read.likely_intent, ==, i);
        }
}

static void
what_was_not_corrected_stays(void)
{
    g_autoptr(HibClassifierLearnt) learnt = hib_classifier_learnt_new();
    const char *text = "ざらめ三袋", *other = "Where is my parcel?";
    HibClassified before = read_of(NULL, text), other_before = read_of(NULL, other);
    teach(learnt, text, HIB_SENTIMENT_UNSURE, HIB_INTENT_PURCHASE);
    HibClassified after = read_of(learnt, text), other_after = read_of(learnt, other);
    g_assert_cmpint(after.likely_sentiment, ==, before.likely_sentiment);
    g_assert_cmpint(other_after.likely_intent, ==, other_before.likely_intent);
    g_assert_cmpfloat_with_epsilon(other_after.intent_share, other_before.intent_share, 0.02);
    g_assert_cmpint(ABS(other_after.urgency - other_before.urgency), <=, 1);
}

static void
the_same_corrections_give_the_same_bytes_and_read_back(void)
{
    g_autoptr(GBytes) first = NULL;
    for (int round = 0; round < 2; round++) {
        g_autoptr(HibClassifierLearnt) learnt = hib_classifier_learnt_new();
        teach(learnt, "これはもう神", HIB_SENTIMENT_POSITIVE, HIB_INTENT_PRAISE);
        teach(learnt, "はいはい神対応", HIB_SENTIMENT_NEGATIVE, HIB_INTENT_COMPLAINT);
        g_autoptr(GBytes) bytes = hib_classifier_learnt_bytes(learnt);
        if (first)
            g_assert_true(g_bytes_equal(first, bytes));
        first = first ? first : g_bytes_ref(bytes);
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);
        g_autoptr(HibClassifierLearnt) back = hib_classifier_learnt_read(data, n);
        g_assert_nonnull(back);
        HibClassified a = read_of(learnt, "神対応"), b = read_of(back, "神対応");
        g_assert_cmpfloat(a.intent_share, ==, b.intent_share);
    }
}

static void
it_never_outgrows_its_bytes(void)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 7);
    g_autoptr(HibClassifierLearnt) learnt = hib_classifier_learnt_new();
    for (int i = 0; i < 300; i++) {
        GString *text = g_string_new(NULL);
        for (int k = 0; k < 30; k++)
            g_string_append_unichar(text, (gunichar)(0x4e00 + hib_seeded_below(&seeded, 3000)));
        teach(learnt, text->str, (HibSentiment)(i % HIB_SENTIMENTS), (HibIntent)(i % HIB_INTENTS));
        HibClassified read = read_of(learnt, text->str);
        g_assert_cmpint(read.likely_intent, ==, i % HIB_INTENTS);
        g_string_free(text, TRUE);
    }
    g_autoptr(GBytes) bytes = hib_classifier_learnt_bytes(learnt);
    g_assert_cmpuint(g_bytes_get_size(bytes), <=, HIB_LEARNT_BYTES);
    g_assert_cmpuint(g_bytes_get_size(bytes), >, HIB_LEARNT_BYTES / 2);
}

static void
bytes_that_were_not_learnt_are_refused(void)
{
    g_autoptr(HibClassifierLearnt) learnt = hib_classifier_learnt_new();
    teach(learnt, "神対応", HIB_SENTIMENT_NEGATIVE, HIB_INTENT_COMPLAINT);
    g_autoptr(GBytes) bytes = hib_classifier_learnt_bytes(learnt);
    gsize n;
    g_autofree char *data = g_memdup2(g_bytes_get_data(bytes, &n), g_bytes_get_size(bytes));
    n = g_bytes_get_size(bytes);
    g_assert_null(hib_classifier_learnt_read(data, n - 1));
    g_assert_null(hib_classifier_learnt_read(data, 3));
    memcpy(data + 16 + 16, data + 16, 16); /* the same one twice */
    g_assert_null(hib_classifier_learnt_read(data, n));
    data[8] = (char)0xff;
    g_assert_null(hib_classifier_learnt_read(data, n));
    data[0] = 'X';
    g_assert_null(hib_classifier_learnt_read(data, n));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/learnt/at_once", a_correction_holds_at_once_for_every_class);
    g_test_add_func("/learnt/alone", what_was_not_corrected_stays);
    g_test_add_func("/learnt/repeats", the_same_corrections_give_the_same_bytes_and_read_back);
    g_test_add_func("/learnt/bounded", it_never_outgrows_its_bytes);
    g_test_add_func("/learnt/refused", bytes_that_were_not_learnt_are_refused);
    return g_test_run();
}
