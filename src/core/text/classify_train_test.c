/* Training: what a small model says is what an implementation of its own (tests/oracle/classify.py) says, to the width of a byte; and it repeats. */
#include "text/classify_train.h"

#include "base/json.h"
#include "text/classify_private.h"
#include <math.h>
#include <string.h>

static void
scores_are_the_oracles_and_repeat(void)
{
    g_autofree char *bytes = NULL;
    gsize n_bytes;
    HibTrainingText texts[32];
    size_t n = 0;
    g_assert_true(g_file_get_contents(TEST_DATA "/classify.json", &bytes, &n_bytes, NULL));
    cJSON *rows = cJSON_Parse(bytes), *row;
    g_assert_nonnull(rows);
    cJSON_ArrayForEach(row, rows)
    {
        HibTrainingText *text = &texts[n];
        *text = (HibTrainingText){.text = cJSON_GetObjectItem(row, "text")->valuestring,
                                  .group = (unsigned)n++};
        text->n = strlen(text->text);
        hib_sentiment_of(cJSON_GetObjectItem(row, "sentiment")->valuestring, &text->sentiment);
        hib_intent_of(cJSON_GetObjectItem(row, "intent")->valuestring, &text->intent);
    }
    g_autoptr(GBytes) file = hib_classifier_train(texts, n, "sum"),
                      again = hib_classifier_train(texts, n, "sum");
    g_assert_true(g_bytes_equal(file, again));
    g_autoptr(HibClassifier) model =
        hib_classifier_read(g_bytes_get_data(file, NULL), g_bytes_get_size(file));
    g_assert_cmpstr(hib_classifier_sum(model), ==, "sum");
    size_t i = 0;
    cJSON_ArrayForEach(row, rows)
    {
        HibSigns signs;
        HibTrait traits[HIB_TRAITS];
        float scores[HIB_CLASSES];
        hib_signs_of(texts[i].text, texts[i].n, &signs);
        hib_model_scores(model, traits, hib_traits_of(&signs, traits), scores);
        for (int c = 0; c < HIB_CLASSES; c++) {
            double said = (double)(scores[c] / model->head.slope[c >= HIB_SENTIMENTS]);
            double told = cJSON_GetArrayItem(cJSON_GetObjectItem(row, "scores"), c)->valuedouble;
            g_assert_cmpfloat_with_epsilon(said, told, 0.03);
        }
        i++;
    }
    cJSON_Delete(rows);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/train/oracle", scores_are_the_oracles_and_repeat);
    return g_test_run();
}
