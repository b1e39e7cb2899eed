/* Fuzz target: bytes as a message, as a model, and as what was learnt. Whatever they are, shares are shares, urgency stays in its range, what is pointed at lies
 * within the text, what is taught holds, and what is read as learnt is written as the same bytes. */
#include "text/classify.h"
#include "text/classify_private.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_read(const HibClassified *read, size_t n)
{
    g_assert_true(read->sentiment_share >= 0 && read->sentiment_share <= 1);
    g_assert_true(read->intent_share >= 0 && read->intent_share <= 1);
    g_assert_true(read->likely_sentiment < HIB_SENTIMENT_UNSURE);
    g_assert_true(read->likely_intent < HIB_INTENT_UNSURE);
    g_assert_true(read->urgency >= 0 && read->urgency <= HIB_URGENCY_MOST);
    g_assert_cmpuint(read->n_reasons, <=, HIB_CLASSIFIED_REASONS);
    g_assert_cmpuint(read->from, <=, read->to);
    g_assert_cmpuint(read->to, <=, n);
}

static void
check_learnt(const char *data, size_t n)
{
    g_autoptr(HibClassifierLearnt) learnt = hib_classifier_learnt_read(data, n);
    HibClassified read;
    if (!learnt)
        return;
    g_autoptr(GBytes) bytes = hib_classifier_learnt_bytes(learnt);
    g_autoptr(HibClassifierLearnt) again =
        hib_classifier_learnt_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_autoptr(GBytes) same = hib_classifier_learnt_bytes(again);
    g_assert_true(g_bytes_equal(bytes, same));
    hib_classify(hib_classifier_builtin(), learnt, data, n, &read);
    check_read(&read, n);
}

/* The bytes as the head of a model whose rows are the built-in one's. */
static void
check_model(const char *data, size_t n)
{
    static char *file;
    HibClassified read;
    if (!file)
        file = g_malloc0(HIB_MODEL_BYTES);
    memcpy(file + HIB_MODEL_HEAD, hib_classifier_builtin()->rows, HIB_MODEL_BYTES - HIB_MODEL_HEAD);
    memcpy(file, data, MIN(n, 4096));
    memcpy(file, HIB_MODEL_MAGIC, 8);
    g_autoptr(HibClassifier) model = hib_classifier_read(file, HIB_MODEL_BYTES);
    if (!model)
        return;
    hib_classify(model, NULL, data, n, &read);
    check_read(&read, n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *data = (const char *)bytes;
    HibClassified read;
    if (!n)
        return 0;
    hib_classify(hib_classifier_builtin(), NULL, data, n, &read);
    check_read(&read, n);
    check_learnt(data, n);
    check_model(data, n);
    HibTaught taught[] = {
        {data, n, (HibSentiment)(bytes[0] % HIB_SENTIMENTS), HIB_INTENT_UNSURE, false},
        {data, n / 2, read.likely_sentiment, read.likely_intent, true}};
    g_autoptr(HibClassifierLearnt) learnt =
        hib_classifier_learn(hib_classifier_builtin(), taught, G_N_ELEMENTS(taught));
    hib_classify(hib_classifier_builtin(), learnt, data, n, &read);
    check_read(&read, n);
    return 0;
}
