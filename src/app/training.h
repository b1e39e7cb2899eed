/* The folder training/: labelled texts, one a line, `sentiment<TAB>intent<TAB>text`, and templates whose {slots} are filled. */
#pragma once
#include "base/arena.h"
#include "text/classify_train.h"

typedef struct {
    const char *name; /* "ja/food.tsv" */
    size_t from, to;  /* its texts */
} HibTrainingFile;
typedef struct {
    HibTrainingText *texts;
    size_t n;
    HibTrainingFile *files;
    size_t n_files;
    const char *sum; /* SHA-256 of names and contents, in hex */
} HibTraining;

/* What is learnt from: ja/, en/ and templates/ below `folder`. False: it cannot be read, or a line is not as it should be (cli.bad_training, {name} {line}). */
bool hib_training_load(HibArena *arena, const char *folder, HibTraining *ret, GError **error);
/* What is kept aside: held/. No files when it is not there. */
bool hib_training_load_held(HibArena *arena, const char *folder, HibTraining *ret, GError **error);

/* How good the model is, in Markdown on standard output: on texts of files it was not trained with, and on the kept-aside ones. */
void hib_training_report(const HibTraining *training, const HibTraining *held,
                         const HibClassifier *model);
