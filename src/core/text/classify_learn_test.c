/* Corrections: learnt at once, alone, further than their own texts, repeatably, and within bounds. */
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

static HibTaught
taught(const char *text, HibSentiment sentiment, HibIntent intent)
{
    return (HibTaught){text, strlen(text), sentiment, intent, false};
}

static HibClassifierLearnt *
learn(const HibTaught *texts, size_t n)
{
    return hib_classifier_learn(hib_classifier_builtin(), texts, n);
}

static void
a_correction_holds_at_once_for_every_class(void)
{
    const char *text = "ヒビキ飴のざらめ、今日も三袋いきました";
    for (int s = 0; s < HIB_SENTIMENTS; s++)
        for (int i = 0; i < HIB_INTENTS; i++) {
            HibTaught one = taught(text, (HibSentiment)s, (HibIntent)i);
            g_autoptr(HibClassifierLearnt) learnt = learn(&one, 1);
            HibClassified read = read_of(learnt, text);
            g_assert_cmpint(read.likely_sentiment, ==, s);
            g_assert_cmpint(read.likely_intent, ==, i);
        }
}

static void
what_was_not_corrected_stays(void)
{
    const char *text = "ざらめ三袋", *other = "Where is my parcel?";
    HibClassified before = read_of(NULL, text), other_before = read_of(NULL, other);
    HibTaught one = taught(text, HIB_SENTIMENT_UNSURE, HIB_INTENT_PURCHASE);
    g_autoptr(HibClassifierLearnt) learnt = learn(&one, 1);
    HibClassified after = read_of(learnt, text), other_after = read_of(learnt, other);
    g_assert_cmpint(after.likely_sentiment, ==, before.likely_sentiment);
    g_assert_cmpint(after.likely_intent, ==, HIB_INTENT_PURCHASE);
    g_assert_cmpint(other_after.likely_intent, ==, other_before.likely_intent);
    g_assert_cmpfloat(other_after.intent_share, ==, other_before.intent_share);
    g_assert_cmpint(other_after.urgency, ==, other_before.urgency);
}

/* A brand's own word is learnt from the texts that have it, and what is left as it was read says which words beside it are not to blame. */
static void
a_word_of_the_brand_reaches_texts_nobody_corrected(void)
{
    HibTaught texts[] = {
        taught("ダルマ届いた。完全に焦げた", HIB_SENTIMENT_POSITIVE, HIB_INTENT_PRAISE),
        taught("三年使ってまだ焦げてる", HIB_SENTIMENT_POSITIVE, HIB_INTENT_PRAISE),
        taught("写真だけで焦げる", HIB_SENTIMENT_POSITIVE, HIB_INTENT_PRAISE),
        {"まだ届きません", strlen("まだ届きません"), HIB_SENTIMENT_NEGATIVE, HIB_INTENT_COMPLAINT,
         true},
    };
    const char *unseen = "祖父の鍋で焦げました", *late = "荷物がまだ届きません";
    g_assert_cmpint(read_of(NULL, unseen).likely_sentiment, !=, HIB_SENTIMENT_POSITIVE);
    g_autoptr(HibClassifierLearnt) learnt = learn(texts, G_N_ELEMENTS(texts));
    g_assert_cmpint(read_of(learnt, unseen).likely_sentiment, ==, HIB_SENTIMENT_POSITIVE);
    g_assert_cmpint(read_of(learnt, late).likely_sentiment, ==,
                    read_of(NULL, late).likely_sentiment);
}

static void
the_same_corrections_give_the_same_bytes_and_read_back(void)
{
    g_autoptr(GBytes) first = NULL;
    for (int round = 0; round < 2; round++) {
        HibTaught texts[] = {
            taught("これはもう神", HIB_SENTIMENT_POSITIVE, HIB_INTENT_PRAISE),
            taught("はいはい神対応", HIB_SENTIMENT_NEGATIVE, HIB_INTENT_COMPLAINT)};
        g_autoptr(HibClassifierLearnt) learnt = learn(texts, G_N_ELEMENTS(texts));
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

/* Three times more than there is room for, labelled by the dice: it stays within its bytes, and nearly all of what was taught is still read so. */
static void
it_never_outgrows_its_bytes(void)
{
    enum { TEXTS = 300 };
    HibSeeded seeded;
    hib_seeded_init(&seeded, 7);
    HibTaught texts[TEXTS];
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < TEXTS; i++) {
        GString *text = g_string_new(NULL);
        for (int k = 0; k < 30; k++)
            g_string_append_unichar(text, (gunichar)(0x4e00 + hib_seeded_below(&seeded, 3000)));
        g_ptr_array_add(kept, g_string_free(text, FALSE));
        texts[i] = taught(kept->pdata[i], (HibSentiment)(i % HIB_SENTIMENTS),
                          (HibIntent)(i % HIB_INTENTS));
    }
    g_autoptr(HibClassifierLearnt) learnt = learn(texts, TEXTS);
    int n_right = 0;
    for (int i = 0; i < TEXTS; i++) {
        HibClassified read = read_of(learnt, texts[i].text);
        n_right += (int)read.likely_intent == i % HIB_INTENTS &&
                   (int)read.likely_sentiment == i % HIB_SENTIMENTS;
    }
    g_test_message("%d of %d", n_right, TEXTS);
    g_assert_cmpint(n_right, >=, TEXTS * 90 / 100);
    g_autoptr(GBytes) bytes = hib_classifier_learnt_bytes(learnt);
    g_assert_cmpuint(g_bytes_get_size(bytes), <=, HIB_LEARNT_BYTES);
    g_assert_cmpuint(g_bytes_get_size(bytes), >, HIB_LEARNT_BYTES / 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/learn/at_once", a_correction_holds_at_once_for_every_class);
    g_test_add_func("/learn/alone", what_was_not_corrected_stays);
    g_test_add_func("/learn/reaches", a_word_of_the_brand_reaches_texts_nobody_corrected);
    g_test_add_func("/learn/repeats", the_same_corrections_give_the_same_bytes_and_read_back);
    g_test_add_func("/learn/bounded", it_never_outgrows_its_bytes);
    return g_test_run();
}
