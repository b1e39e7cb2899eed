/* How messages are read: what the embedded model says of plain ones, what it must not say of others, corrections, and bytes that are no model. */
#include "text/classify.h"

#include "text/classify_private.h"
#include <string.h>

static HibClassified
read_of(const HibClassifierLearnt *learnt, const char *text)
{
    HibClassified read;
    hib_classify(hib_classifier_builtin(), learnt, text, strlen(text), &read);
    return read;
}

static bool
has_reason(const HibClassified *read, const char *reason)
{
    for (size_t i = 0; i < read->n_reasons; i++)
        if (g_str_equal(read->reasons[i], reason))
            return true;
    return false;
}

static void
plain_messages_are_read_as_meant(void)
{
    static const struct {
        const char *text;
        HibSentiment sentiment;
        HibIntent intent;
    } rows[] = {
        {"この化粧水、本当に最高です！ありがとうございます✨", HIB_SENTIMENT_POSITIVE,
         HIB_INTENT_PRAISE},
        {"営業時間は何時までですか？", HIB_SENTIMENT_NEUTRAL, HIB_INTENT_QUESTION},
        {"届いたら割れていました。最悪です、返金してください", HIB_SENTIMENT_NEGATIVE,
         HIB_INTENT_COMPLAINT},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        HibClassified read = read_of(NULL, rows[i].text);
        g_assert_cmpint(read.likely_sentiment, ==, rows[i].sentiment);
        g_assert_cmpint(read.likely_intent, ==, rows[i].intent);
    }
}

static void
danger_and_haste_are_urgent_and_said(void)
{
    HibClassified fire =
                      read_of(NULL, "充電中に発火して火傷しました。消費者センターに連絡します。"),
                  thanks = read_of(NULL, "今日も美味しかったです、ごちそうさまでした");
    g_assert_true(has_reason(&fire, "safety"));
    g_assert_true(has_reason(&fire, "legal"));
    g_assert_cmpint(fire.urgency, >, 60);
    g_assert_cmpint(thanks.urgency, <, 30);
    HibClassified late =
        read_of(NULL, "先週問い合わせたのに返信が来ないし、商品もまだ届きません。返金してください");
    g_assert_true(has_reason(&late, "waiting"));
}

static void
what_speaks_for_it_lies_within_the_text(void)
{
    const char *text = "昨日買いました。リップの色が最高すぎる！";
    HibClassified read = read_of(NULL, text);
    g_assert_cmpuint(read.from, <, read.to);
    g_assert_cmpuint(read.to, <=, strlen(text));
    g_assert_true(g_utf8_validate(text + read.from, (gssize)(read.to - read.from), NULL));
}

static void
nothing_and_very_much_are_read_too(void)
{
    HibClassified read = read_of(NULL, "");
    g_assert_cmpint(read.sentiment, ==, HIB_SENTIMENT_UNSURE);
    g_assert_cmpint(read.intent, ==, HIB_INTENT_UNSURE);
    g_assert_cmpint(read.urgency, ==, 0);
    read = read_of(NULL, " \n ");
    g_assert_cmpint(read.intent, ==, HIB_INTENT_UNSURE);
    g_autofree char *long_text = g_malloc(1024 * 1024 + 1);
    memset(long_text, 'a', 1024 * 1024);
    memcpy(long_text + 1024 * 1024 - 6, "発火", 6);
    long_text[1024 * 1024] = 0;
    read = read_of(NULL, long_text); /* the end of a long text is read */
    g_assert_true(has_reason(&read, "safety"));
    hib_classify(hib_classifier_builtin(), NULL, "\xff\xfe\0\xe3\x81", 5, &read);
}

static void
names_go_both_ways(void)
{
    HibSentiment sentiment;
    HibIntent intent;
    for (int i = 0; i <= HIB_SENTIMENT_UNSURE; i++) {
        g_assert_true(hib_sentiment_of(hib_sentiment_name((HibSentiment)i), &sentiment));
        g_assert_cmpint(sentiment, ==, i);
    }
    for (int i = 0; i <= HIB_INTENT_UNSURE; i++) {
        g_assert_true(hib_intent_of(hib_intent_name((HibIntent)i), &intent));
        g_assert_cmpint(intent, ==, i);
    }
    g_assert_null(hib_intent_name((HibIntent)99));
    g_assert_false(hib_intent_of("love", &intent));
}

static void
a_file_that_is_no_model_is_refused(void)
{
    const HibClassifier *builtin = hib_classifier_builtin();
    g_autofree char *file = g_malloc0(HIB_MODEL_BYTES);
    memcpy(file, HIB_MODEL_MAGIC, 8);
    memcpy(file + 8 + HIB_MODEL_SUM, &builtin->head, sizeof builtin->head);
    memcpy(file + HIB_MODEL_HEAD, builtin->rows, HIB_MODEL_BYTES - HIB_MODEL_HEAD);
    g_autoptr(HibClassifier) same = hib_classifier_read(file, HIB_MODEL_BYTES);
    g_assert_nonnull(same);
    g_assert_null(hib_classifier_read(file, HIB_MODEL_BYTES - 1));
    g_assert_null(hib_classifier_read(file, 0));
    memset(file + 8 + HIB_MODEL_SUM, 0xff, 4); /* not a number */
    g_assert_null(hib_classifier_read(file, HIB_MODEL_BYTES));
    file[0] = 'X';
    g_assert_null(hib_classifier_read(file, HIB_MODEL_BYTES));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/classify/plain", plain_messages_are_read_as_meant);
    g_test_add_func("/classify/urgency", danger_and_haste_are_urgent_and_said);
    g_test_add_func("/classify/span", what_speaks_for_it_lies_within_the_text);
    g_test_add_func("/classify/bounds", nothing_and_very_much_are_read_too);
    g_test_add_func("/classify/names", names_go_both_ways);
    g_test_add_func("/classify/bad_model", a_file_that_is_no_model_is_refused);
    return g_test_run();
}
