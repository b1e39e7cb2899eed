/* Training the classifier (classify.h) from labelled texts: `hibiki train` and the tests of the method.
 *
 * Deterministic: the same texts in the same order give the same bytes on every machine. Not for requests: it takes seconds and some hundred MB. */
#pragma once
#include "text/classify.h"

typedef struct {
    const char *text;
    size_t n;
    HibSentiment sentiment; /* UNSURE: says nothing about it */
    HibIntent intent;
    unsigned
        group; /* texts that belong together (a file, an author) are kept aside together, below HIB_TRAINING_GROUPS */
} HibTrainingText;
enum { HIB_TRAINING_GROUPS = 1024 };

/* A model file, or NULL when there is nothing to learn from. `sum` (64 characters, may be NULL) tells later what it was trained with. */
GBytes *hib_classifier_train(const HibTrainingText *texts, size_t n, const char *sum);
/* What it was trained with. */
const char *hib_classifier_sum(const HibClassifier *model);

/* How each text is read by a model that has not seen its group: `folds` models, each trained without some of the groups, as sure of themselves as `model`. */
void hib_classifier_cross(const HibClassifier *model, const HibTrainingText *texts, size_t n,
                          unsigned folds, HibClassified *ret);
