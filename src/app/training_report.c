/* How good the classifier is, told so that nothing is hidden: every confusion, every file, how often it says "unsure", whether its shares come true, and what
 * corrections of one brand do. In Markdown, as it stands in the guide. */
#include "app/training.h"

#include <stdio.h>
#include <string.h>

enum { CLASSES = HIB_INTENTS, BINS = 5, FOLDS = 5, FIFTHS = 5 };

typedef struct {
    int truth[CLASSES][CLASSES + 1]; /* the last: unsure; by the likeliest */
    int n, n_right, n_sure, n_sure_right;
    int bins[BINS], bins_right[BINS];
    double bins_share[BINS];
} Tally;

typedef struct {
    const char *name;
    size_t n;
    const char *(*name_of)(size_t);
} Head;

static const char *
sentiment_at(size_t i)
{
    return hib_sentiment_name((HibSentiment)i);
}

static const char *
intent_at(size_t i)
{
    return hib_intent_name((HibIntent)i);
}

static const Head heads[] = {{"sentiment", HIB_SENTIMENTS, sentiment_at},
                             {"intent", HIB_INTENTS, intent_at}};

static void
count(Tally *tally, size_t head, const HibTrainingText *text, const HibClassified *read)
{
    size_t truth = head ? (size_t)text->intent : (size_t)text->sentiment;
    size_t said = head ? (size_t)read->likely_intent : (size_t)read->likely_sentiment;
    double share = head ? read->intent_share : read->sentiment_share;
    bool is_sure =
        head ? read->intent != HIB_INTENT_UNSURE : read->sentiment != HIB_SENTIMENT_UNSURE;
    size_t bin = MIN((size_t)(share * BINS), BINS - 1);
    tally->truth[truth][said]++;
    tally->n++;
    tally->n_right += truth == said;
    tally->n_sure += is_sure;
    tally->n_sure_right += is_sure && truth == said;
    tally->bins[bin]++;
    tally->bins_right[bin] += truth == said;
    tally->bins_share[bin] += share;
}

/* Harmonic mean of precision and recall of a class; `*ret_n` texts are of it. */
static double
f1_of(const Tally *tally, size_t n, size_t class, int *ret_n)
{
    int said = 0;
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        *ret_n += tally->truth[class][i];
        said += tally->truth[i][class];
    }
    return *ret_n + said ? 2.0 * tally->truth[class][class] / (*ret_n + said) : 0;
}

static double
macro_f1(const Tally *tally, size_t n)
{
    double sum = 0;
    int n_classes = 0;
    for (size_t c = 0; c < n; c++) {
        int n_texts;
        double f1 = f1_of(tally, n, c, &n_texts);
        sum += n_texts ? f1 : 0;
        n_classes += n_texts > 0;
    }
    return n_classes ? sum / n_classes : 0;
}

static double
part(int of, int all)
{
    return all ? (double)of / all : 0;
}

static void
print_confusion(const Tally *tally, const Head *head)
{
    printf("\n| %s: meant, then read as", head->name);
    for (size_t c = 0; c < head->n; c++)
        printf(" | %s", head->name_of(c));
    printf(" | F1 |\n|---");
    for (size_t c = 0; c <= head->n; c++)
        printf("|--:");
    printf("|\n");
    for (size_t c = 0; c < head->n; c++) {
        int n_texts;
        double f1 = f1_of(tally, head->n, c, &n_texts);
        printf("| %s", head->name_of(c));
        for (size_t k = 0; k < head->n; k++)
            printf(" | %d", tally->truth[c][k]);
        printf(" | %.3f |\n", f1);
    }
}

static void
print_shares(const Tally *tally)
{
    printf("\nOf what was said with a share of");
    for (int b = 1; b < BINS; b++)
        if (tally->bins[b])
            printf("%s %.2f, %.2f was right (%d)", b > 1 ? ";" : "",
                   tally->bins_share[b] / tally->bins[b],
                   part(tally->bins_right[b], tally->bins[b]), tally->bins[b]);
    printf(".\n");
}

static void
print_tally(const char *title, const Tally *tallies)
{
    printf("\n## %s\n", title);
    for (size_t h = 0; h < 2; h++) {
        const Tally *t = &tallies[h];
        printf(
            "\n%s: accuracy %.4f, macro-F1 %.4f, %d texts; %.3f of them unsure, %.4f right where "
            "it is sure\n",
            heads[h].name, part(t->n_right, t->n), macro_f1(t, heads[h].n), t->n,
            1 - part(t->n_sure, t->n), part(t->n_sure_right, t->n_sure));
        print_confusion(t, &heads[h]);
        print_shares(t);
    }
}

static void
read_all(const HibClassifier *model, const HibClassifierLearnt *learnt,
         const HibTrainingText *texts, size_t n, Tally *tallies)
{
    for (size_t i = 0; i < n; i++) {
        HibClassified read;
        hib_classify(model, learnt, texts[i].text, texts[i].n, &read);
        for (size_t h = 0; h < 2; h++)
            count(&tallies[h], h, &texts[i], &read);
    }
}

static void
print_files(const HibTraining *held, const HibClassifier *model)
{
    printf("\n| file | texts | sentiment: accuracy | macro-F1 | intent: accuracy | macro-F1 |\n"
           "|---|--:|--:|--:|--:|--:|\n");
    for (size_t i = 0; i < held->n_files; i++) {
        const HibTrainingFile *file = &held->files[i];
        Tally t[2] = {0};
        read_all(model, NULL, held->texts + file->from, file->to - file->from, t);
        printf("| %s | %zu | %.3f | %.3f | %.3f | %.3f |\n", file->name, file->to - file->from,
               part(t[0].n_right, t[0].n), macro_f1(&t[0], HIB_SENTIMENTS),
               part(t[1].n_right, t[1].n), macro_f1(&t[1], HIB_INTENTS));
    }
}

/* What is read wrongly of the brand's other messages is corrected, the rest is seen and left. */
static HibClassifierLearnt *
correct(const HibTraining *held, const HibTrainingFile *file, const HibClassifier *model,
        size_t fifth, int *corrected)
{
    g_autofree HibTaught *taught = g_new0(HibTaught, file->to - file->from);
    size_t n = 0;
    for (size_t i = file->from; i < file->to; i++) {
        const HibTrainingText *text = &held->texts[i];
        HibClassified read;
        if ((i - file->from) % FIFTHS == fifth)
            continue;
        hib_classify(model, NULL, text->text, text->n, &read);
        taught[n] = (HibTaught){.text = text->text,
                                .n = text->n,
                                .sentiment = text->sentiment,
                                .intent = text->intent,
                                .is_kept = read.likely_sentiment == text->sentiment &&
                                           read.likely_intent == text->intent};
        *corrected += !taught[n++].is_kept;
    }
    return hib_classifier_learn(model, taught, n);
}

/* A brand's messages are dealt into fifths, so that some fifty are to be corrected in four of them; the fifth, which nobody touched, is read before and after. Each
 * is examined once. */
static void
print_corrections(const HibTraining *held, const HibTrainingFile *file, const HibClassifier *model)
{
    Tally before[2] = {0}, after[2] = {0};
    int n_corrected = 0;
    for (size_t fifth = 0; fifth < FIFTHS; fifth++) {
        g_autoptr(HibClassifierLearnt) learnt = correct(held, file, model, fifth, &n_corrected);
        for (size_t i = file->from + fifth; i < file->to; i += FIFTHS) {
            read_all(model, NULL, &held->texts[i], 1, before);
            read_all(model, learnt, &held->texts[i], 1, after);
        }
    }
    printf("\n%s after %d corrections: sentiment accuracy %.4f -> %.4f, macro-F1 %.4f -> %.4f; "
           "intent accuracy "
           "%.4f -> %.4f, macro-F1 %.4f -> %.4f\n",
           file->name, n_corrected / FIFTHS, part(before[0].n_right, before[0].n),
           part(after[0].n_right, after[0].n), macro_f1(&before[0], HIB_SENTIMENTS),
           macro_f1(&after[0], HIB_SENTIMENTS), part(before[1].n_right, before[1].n),
           part(after[1].n_right, after[1].n), macro_f1(&before[1], HIB_INTENTS),
           macro_f1(&after[1], HIB_INTENTS));
}

void
hib_training_report(const HibTraining *training, const HibTraining *held,
                    const HibClassifier *model)
{
    Tally crossed[2] = {0}, aside[2] = {0};
    g_autofree HibClassified *reads = g_new0(HibClassified, training->n + 1);
    hib_classifier_cross(model, training->texts, training->n, FOLDS, reads);
    for (size_t i = 0; i < training->n; i++)
        for (size_t h = 0; h < 2; h++)
            count(&crossed[h], h, &training->texts[i], &reads[i]);
    print_tally("Texts of files it was not trained with", crossed);
    if (!held->n)
        return;
    read_all(model, NULL, held->texts, held->n, aside);
    print_tally("Kept-aside texts of another author", aside);
    print_files(held, model);
    for (size_t i = 0; i < held->n_files; i++)
        if (g_str_has_suffix(held->files[i].name, "/brand.tsv"))
            print_corrections(held, &held->files[i], model);
}
