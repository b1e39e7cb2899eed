/* The bytes of what was learnt: only whole, sane ones are read. */
#include "text/classify.h"

#include <string.h>

static void
nothing_taught_is_nothing_learnt(void)
{
    g_autoptr(HibClassifierLearnt) learnt = hib_classifier_learn(hib_classifier_builtin(), NULL, 0);
    HibClassified with, without;
    hib_classify(hib_classifier_builtin(), learnt, "神対応", strlen("神対応"), &with);
    hib_classify(hib_classifier_builtin(), NULL, "神対応", strlen("神対応"), &without);
    g_assert_cmpfloat(with.intent_share, ==, without.intent_share);
    g_autoptr(GBytes) bytes = hib_classifier_learnt_bytes(learnt);
    gsize n;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autoptr(HibClassifierLearnt) back = hib_classifier_learnt_read(data, n);
    g_assert_nonnull(back);
}

static void
bytes_that_were_not_learnt_are_refused(void)
{
    HibTaught one = {"神対応", strlen("神対応"), HIB_SENTIMENT_NEGATIVE, HIB_INTENT_COMPLAINT,
                     false};
    g_autoptr(HibClassifierLearnt) learnt = hib_classifier_learn(hib_classifier_builtin(), &one, 1);
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
    g_test_add_func("/learnt/nothing", nothing_taught_is_nothing_learnt);
    g_test_add_func("/learnt/refused", bytes_that_were_not_learnt_are_refused);
    return g_test_run();
}
