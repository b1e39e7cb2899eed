/* See classify_train.h. Logistic regression over the traits that occur in at least two texts, sentiment and intent together (what is learnt is the
 * pair, by the sum of both scores and how often they go together), by AdaGrad; the weights are the mean over the later epochs. A trait enters with the log odds by which it leans to each class (Wang and Manning's NBSVM): what is learnt
 * is how far to believe them, in few epochs, so that what was seen seldom keeps its odds (stopping early does here what L2 would: by
 * cross-validation better). Traits then get the model's rows, the weightiest first, and a byte a weight.
 * How far scores may be trusted is measured on texts that were kept aside: the slope that makes their shares come true (Platt's method). */
#include "text/classify_train.h"

#include "base/secrets.h"
#include "text/classify_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EPOCHS = 10, MEAN_FROM = 3, FOLDS = 5 };
#define RATE 0.15f
#define BELIEF 0.3f /* in the odds, to begin with */
#define SMOOTH 0.5f /* texts that each trait is taken to have occurred in besides */
#define LEAST_SENTIMENT 0.55f
#define LEAST_INTENT 0.45f
#define PAIR_MOST 4.0f /* log odds */
#define NOWHERE UINT32_MAX

typedef struct {
    uint32_t *traits; /* numbers in the book */
    uint32_t n, n_all;
    uint8_t sentiment, intent;
} Example;

typedef struct {
    uint32_t *hashes; /* ascending; what occurs often enough */
    uint32_t *counts; /* in how many texts */
    size_t n;
} Book;

typedef struct {
    Example *examples;
    size_t n;
    Book book;
    float *odds, *belief, *mean, *seen; /* a row of HIB_CLASSES a trait */
    float bias[HIB_CLASSES], bias_mean[HIB_CLASSES], bias_seen[HIB_CLASSES];
    HibModelHead head;        /* its pairs */
    float worth[HIB_CLASSES]; /* of a text of the class: rare ones more */
} Trainer;

static int
by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The hashes of a text's traits, ascending. */
static uint32_t *
hashes_of(const HibTrainingText *text, size_t *ret_n)
{
    HibSigns signs;
    HibTrait traits[HIB_TRAITS];
    hib_signs_of(text->text, text->n, &signs);
    *ret_n = hib_traits_of(&signs, traits);
    uint32_t *hashes = g_new(uint32_t, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        hashes[i] = traits[i].hash;
    qsort(hashes, *ret_n, sizeof *hashes, by_value);
    return hashes;
}

static Book
make_book(uint32_t **hashes, const size_t *n_hashes, size_t n)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_hashes[i]; k++)
            if (!k || hashes[i][k] != hashes[i][k - 1])
                g_array_append_val(all, hashes[i][k]);
    g_array_sort(all, by_value);
    const uint32_t *every = (const uint32_t *)all->data;
    Book book = {g_new(uint32_t, all->len + 1), g_new(uint32_t, all->len + 1), 0};
    for (guint i = 0, run; i < all->len; i += run) {
        for (run = 1; i + run < all->len && every[i + run] == every[i]; run++)
            continue;
        if (run < 2)
            continue;
        book.hashes[book.n] = every[i];
        book.counts[book.n++] = run;
    }
    return book;
}

static uint32_t
number_of(const Book *book, uint32_t hash)
{
    const uint32_t *at = bsearch(&hash, book->hashes, book->n, sizeof hash, by_value);
    return at ? (uint32_t)(at - book->hashes) : NOWHERE;
}

static void
weigh_classes(Trainer *t)
{
    size_t counts[HIB_CLASSES] = {0}, sums[2] = {0};
    for (size_t i = 0; i < t->n; i++) {
        if (t->examples[i].sentiment < HIB_SENTIMENTS && ++sums[0])
            counts[t->examples[i].sentiment]++;
        if (t->examples[i].intent < HIB_INTENTS && ++sums[1])
            counts[HIB_SENTIMENTS + t->examples[i].intent]++;
    }
    size_t classes[2] = {0};
    for (size_t c = 0; c < HIB_CLASSES; c++)
        classes[c >= HIB_SENTIMENTS] += counts[c] > 0;
    for (size_t c = 0; c < HIB_CLASSES; c++) {
        bool is_intent = c >= HIB_SENTIMENTS;
        float even = (float)sums[is_intent] / (float)MAX(classes[is_intent], 1);
        t->worth[c] = counts[c] ? even / (float)counts[c] : 0;
    }
}

/* How much likelier a sentiment and an intent go together than by chance; what never does is not impossible. */
static void
weigh_pairs(Trainer *t)
{
    double counts[HIB_SENTIMENTS][HIB_INTENTS] = {{0}}, sums[HIB_CLASSES] = {0}, sum = 0;
    for (size_t k = 0; k < t->n; k++) {
        const Example *e = &t->examples[k];
        if (e->sentiment >= HIB_SENTIMENTS || e->intent >= HIB_INTENTS)
            continue;
        counts[e->sentiment][e->intent]++;
        sums[e->sentiment]++;
        sums[HIB_SENTIMENTS + e->intent]++;
        sum++;
    }
    for (size_t s = 0; s < HIB_SENTIMENTS; s++)
        for (size_t i = 0; i < HIB_INTENTS; i++) {
            double chance = sums[s] * sums[HIB_SENTIMENTS + i];
            float odds = chance > 0 ? hib_model_log((counts[s][i] + SMOOTH) * sum / chance) : 0;
            t->head.pair[s][i] = CLAMP(odds, -PAIR_MOST, PAIR_MOST);
        }
}

/* In how many texts of each class a trait occurs, then how far that leans to the class. */
static void
weigh_odds(Trainer *t)
{
    double counts[HIB_CLASSES] = {0}, sums[2] = {0};
    for (size_t i = 0; i < t->n; i++) {
        const Example *e = &t->examples[i];
        size_t classes[2] = {e->sentiment, HIB_SENTIMENTS + e->intent};
        bool is_told[2] = {e->sentiment < HIB_SENTIMENTS, e->intent < HIB_INTENTS};
        for (size_t h = 0; h < 2; h++) {
            for (uint32_t k = 0; is_told[h] && k < e->n; k++)
                if (!k || e->traits[k] != e->traits[k - 1])
                    t->odds[(size_t)e->traits[k] * HIB_CLASSES + classes[h]]++;
            counts[is_told[h] ? classes[h] : 0] += is_told[h];
            sums[h] += is_told[h];
        }
    }
    for (size_t i = 0; i < t->book.n; i++) {
        float *odds = t->odds + i * HIB_CLASSES, seen[2] = {0};
        for (size_t c = 0; c < HIB_CLASSES; c++)
            seen[c >= HIB_SENTIMENTS] += odds[c];
        for (size_t c = 0; c < HIB_CLASSES; c++) {
            size_t h = c >= HIB_SENTIMENTS;
            double within = (odds[c] + SMOOTH) / (counts[c] + 2 * SMOOTH),
                   without = (seen[h] - odds[c] + SMOOTH) / (sums[h] - counts[c] + 2 * SMOOTH);
            odds[c] = hib_model_log(within / without);
            t->belief[i * HIB_CLASSES + c] = BELIEF;
        }
    }
}

static Trainer *
trainer_new(const HibTrainingText *texts, size_t n)
{
    Trainer *t = g_new0(Trainer, 1);
    g_autofree uint32_t **hashes = g_new(uint32_t *, n + 1);
    g_autofree size_t *n_hashes = g_new(size_t, n + 1);
    for (size_t i = 0; i < n; i++)
        hashes[i] = hashes_of(&texts[i], &n_hashes[i]);
    t->book = make_book(hashes, n_hashes, n);
    t->examples = g_new0(Example, n + 1);
    t->n = n;
    for (size_t i = 0; i < n; i++) {
        Example *made = &t->examples[i];
        *made = (Example){hashes[i], 0, (uint32_t)n_hashes[i], (uint8_t)texts[i].sentiment,
                          (uint8_t)texts[i].intent};
        for (size_t k = 0; k < n_hashes[i]; k++) {
            uint32_t number = number_of(&t->book, hashes[i][k]);
            if (number != NOWHERE)
                made->traits[made->n++] = number;
        }
    }
    t->odds = g_new0(float, (t->book.n + 1) * HIB_CLASSES);
    t->belief = g_new0(float, (t->book.n + 1) * HIB_CLASSES);
    t->mean = g_new0(float, (t->book.n + 1) * HIB_CLASSES);
    t->seen = g_new0(float, (t->book.n + 1) * HIB_CLASSES);
    weigh_classes(t);
    weigh_pairs(t);
    weigh_odds(t);
    return t;
}

static void
trainer_free(Trainer *t)
{
    for (size_t i = 0; i < t->n; i++)
        g_free(t->examples[i].traits);
    g_free(t->examples);
    g_free(t->book.hashes);
    g_free(t->book.counts);
    g_free(t->odds);
    g_free(t->belief);
    g_free(t->mean);
    g_free(t->seen);
    g_free(t);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trainer, trainer_free)

/* --- one text ------------------------------------------------------------------------------------------------------------------ */
static bool
fits(const Example *e, size_t sentiment, size_t intent)
{
    return (e->sentiment >= HIB_SENTIMENTS || e->sentiment == sentiment) &&
           (e->intent >= HIB_INTENTS || e->intent == intent);
}

/* How much too likely each class seems, given what the text's labels leave open. */
static void
blame(const Trainer *t, const Example *e, const float *scores, float *ret)
{
    HibPairs pairs;
    float true_share = 1e-9f, worth = 1;
    hib_model_pairs(&t->head, scores, pairs);
    for (size_t s = 0; s < HIB_SENTIMENTS; s++)
        for (size_t i = 0; i < HIB_INTENTS; i++)
            true_share += fits(e, s, i) ? pairs[s][i] : 0;
    memset(ret, 0, HIB_CLASSES * sizeof *ret);
    for (size_t s = 0; s < HIB_SENTIMENTS; s++)
        for (size_t i = 0; i < HIB_INTENTS; i++) {
            float too_likely = pairs[s][i] - (fits(e, s, i) ? pairs[s][i] / true_share : 0);
            ret[s] += too_likely;
            ret[HIB_SENTIMENTS + i] += too_likely;
        }
    worth *= e->sentiment < HIB_SENTIMENTS ? t->worth[e->sentiment] : 1;
    worth *= e->intent < HIB_INTENTS ? t->worth[HIB_SENTIMENTS + e->intent] : 1;
    for (size_t c = 0; c < HIB_CLASSES; c++)
        ret[c] *= sqrtf(worth);
}

static void
step(float *weight, float *seen, float slope)
{
    *seen += slope * slope;
    *weight -= RATE * slope / (sqrtf(*seen) + 0.01f);
}

static void
learn(Trainer *t, const Example *example)
{
    float scores[HIB_CLASSES] = {0}, slopes[HIB_CLASSES];
    float root = example->n_all ? 1 / sqrtf((float)example->n_all) : 0;
    for (size_t i = 0; i < example->n; i++) {
        size_t at = (size_t)example->traits[i] * HIB_CLASSES;
        for (size_t c = 0; c < HIB_CLASSES; c++)
            scores[c] += t->belief[at + c] * t->odds[at + c];
    }
    for (size_t c = 0; c < HIB_CLASSES; c++)
        scores[c] = scores[c] * root + t->bias[c];
    blame(t, example, scores, slopes);
    for (size_t c = 0; c < HIB_CLASSES; c++)
        step(&t->bias[c], &t->bias_seen[c], slopes[c]);
    for (size_t i = 0; i < example->n; i++) {
        size_t at = (size_t)example->traits[i] * HIB_CLASSES;
        for (size_t c = 0; c < HIB_CLASSES; c++)
            step(&t->belief[at + c], &t->seen[at + c], slopes[c] * root * t->odds[at + c]);
    }
}

static void
shuffle(HibSeeded *seeded, uint32_t *order, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = (size_t)hib_seeded_below(seeded, (int64_t)i);
        uint32_t kept = order[i - 1];
        order[i - 1] = order[k];
        order[k] = kept;
    }
}

static void
run(Trainer *t)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 8470);
    g_autofree uint32_t *order = g_new(uint32_t, t->n + 1);
    for (size_t i = 0; i < t->n; i++)
        order[i] = (uint32_t)i;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        shuffle(&seeded, order, t->n);
        for (size_t i = 0; i < t->n; i++)
            learn(t, &t->examples[order[i]]);
        if (epoch < MEAN_FROM)
            continue;
        for (size_t i = 0; i < t->book.n * HIB_CLASSES; i++)
            t->mean[i] += t->belief[i] * t->odds[i] / (EPOCHS - MEAN_FROM);
        for (size_t c = 0; c < HIB_CLASSES; c++)
            t->bias_mean[c] += t->bias[c] / (EPOCHS - MEAN_FROM);
    }
}

/* --- weights → rows ------------------------------------------------------------------------------------------------------------ */
typedef struct {
    float worth;
    uint32_t number;
} Rank;

static int
by_worth(const void *a, const void *b)
{
    const Rank *x = a, *y = b;
    return x->worth > y->worth     ? -1
           : x->worth < y->worth   ? 1
           : x->number < y->number ? -1
                                   : x->number > y->number;
}

static Rank *
ranked(const Trainer *t)
{
    Rank *ranks = g_new(Rank, t->book.n + 1);
    for (size_t i = 0; i < t->book.n; i++) {
        float sum = 0;
        for (size_t c = 0; c < HIB_CLASSES; c++)
            sum += fabsf(t->mean[i * HIB_CLASSES + c]);
        ranks[i] = (Rank){sum * sqrtf((float)t->book.counts[i]), (uint32_t)i};
    }
    qsort(ranks, t->book.n, sizeof *ranks, by_worth);
    return ranks;
}

static void
place(int8_t *rows, uint32_t hash, const float *weights, const float *scales)
{
    int8_t *row = rows + (size_t)(hib_trait_row(hash) & ~1u) * HIB_MODEL_ROW;
    const int8_t mark = hib_trait_mark(hash);
    if (row[HIB_CLASSES] == mark)
        return; /* two with the same mark cannot be told apart: the weightier has it */
    if (row[HIB_CLASSES])
        row += HIB_MODEL_ROW;
    if (row[HIB_CLASSES])
        return;
    bool says_something = false;
    for (size_t c = 0; c < HIB_CLASSES; c++) {
        row[c] = (int8_t)lroundf(CLAMP(weights[c] / scales[c], -127, 127));
        says_something |= row[c] != 0;
    }
    row[HIB_CLASSES] = says_something ? mark : 0;
}

static int
by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

/* The largest weights of a class are cut, so that the many small ones keep their differences. */
static float
scale_of(const Trainer *t, size_t class)
{
    g_autofree float *sizes = g_new0(float, t->book.n + 1);
    for (size_t i = 0; i < t->book.n; i++)
        sizes[i] = fabsf(t->mean[i * HIB_CLASSES + class]);
    qsort(sizes, t->book.n, sizeof *sizes, by_size);
    float large = sizes[t->book.n - t->book.n / 5000];
    large = t->book.n / 5000 ? large : sizes[t->book.n ? t->book.n - 1 : 0];
    return MAX(large, 1e-6f) / 127;
}

static void
write_model(const Trainer *t, char *file, const char *sum)
{
    HibModelHead head = {.slope = {1, 1}, .least = {LEAST_SENTIMENT, LEAST_INTENT}};
    for (size_t c = 0; c < HIB_CLASSES; c++) {
        head.scale[c] = scale_of(t, c);
        head.bias[c] = t->bias_mean[c];
    }
    memcpy(head.pair, t->head.pair, sizeof head.pair);
    memset(file, 0, HIB_MODEL_BYTES);
    memcpy(file, HIB_MODEL_MAGIC, 8);
    if (sum)
        memcpy(file + 8, sum, MIN(strlen(sum), HIB_MODEL_SUM));
    memcpy(file + 8 + HIB_MODEL_SUM, &head, sizeof head);
    g_autofree Rank *ranks = ranked(t);
    for (size_t i = 0; i < t->book.n; i++)
        place((int8_t *)file + HIB_MODEL_HEAD, t->book.hashes[ranks[i].number],
              t->mean + (size_t)ranks[i].number * HIB_CLASSES, head.scale);
}

static char *
train_raw(const HibTrainingText *texts, size_t n, const char *sum)
{
    g_autoptr(Trainer) t = trainer_new(texts, n);
    char *file = g_malloc(HIB_MODEL_BYTES);
    run(t);
    write_model(t, file, sum);
    return file;
}

/* --- kept aside ------------------------------------------------------------------------------------------------------------------ */
/* The groups are dealt out so that folds have about as many texts each. */
static void
deal(const HibTrainingText *texts, size_t n, unsigned folds, unsigned *ret)
{
    size_t counts[HIB_TRAINING_GROUPS] = {0}, loads[32] = {0};
    for (size_t i = 0; i < n; i++)
        counts[texts[i].group]++;
    for (;;) {
        size_t largest = 0;
        for (size_t g = 1; g < HIB_TRAINING_GROUPS; g++)
            if (counts[g] > counts[largest])
                largest = g;
        if (!counts[largest])
            return;
        unsigned lightest = 0;
        for (unsigned f = 1; f < folds; f++)
            if (loads[f] < loads[lightest])
                lightest = f;
        ret[largest] = lightest;
        loads[lightest] += counts[largest];
        counts[largest] = 0;
    }
}

/* Calls with each text and a model that has not seen its group. */
typedef void (*Aside)(void *data, size_t i, const HibClassifier *model);
static void
cross(const HibTrainingText *texts, size_t n, unsigned folds, Aside see, void *data)
{
    unsigned fold_of[HIB_TRAINING_GROUPS] = {0};
    folds = CLAMP(folds, 2, 32);
    deal(texts, n, folds, fold_of);
    for (unsigned f = 0; f < folds; f++) {
        g_autofree HibTrainingText *rest = g_new(HibTrainingText, n + 1);
        size_t n_rest = 0;
        for (size_t i = 0; i < n; i++)
            if (fold_of[texts[i].group] != f)
                rest[n_rest++] = texts[i];
        g_autofree char *file = train_raw(rest, n_rest, NULL);
        g_autoptr(HibClassifier) model = hib_classifier_read(file, HIB_MODEL_BYTES);
        for (size_t i = 0; i < n && model; i++)
            if (fold_of[texts[i].group] == f)
                see(data, i, model);
    }
}

typedef struct {
    const HibTrainingText *texts;
    float (*scores)[HIB_CLASSES];
    const HibModelHead *as; /* read with its slopes; its pairs */
    HibClassified *reads;
} Kept;

static void
keep_scores(void *data, size_t i, const HibClassifier *model)
{
    Kept *kept = data;
    HibSigns signs;
    HibTrait traits[HIB_TRAITS];
    hib_signs_of(kept->texts[i].text, kept->texts[i].n, &signs);
    hib_model_scores(model, traits, hib_traits_of(&signs, traits), kept->scores[i]);
}

static void
keep_read(void *data, size_t i, const HibClassifier *model)
{
    Kept *kept = data;
    HibClassifier like = *model;
    memcpy(like.head.slope, kept->as->slope, sizeof like.head.slope);
    memcpy(like.head.least, kept->as->least, sizeof like.head.least);
    hib_classify(&like, NULL, kept->texts[i].text, kept->texts[i].n, &kept->reads[i]);
}

/* How surprising the truth is at two slopes, summed over sentiment and intent. */
static double
surprise(const Kept *kept, size_t n, const float *slopes)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const HibTrainingText *text = &kept->texts[i];
        float scores[HIB_CLASSES], shares[HIB_CLASSES];
        for (size_t c = 0; c < HIB_CLASSES; c++)
            scores[c] = kept->scores[i][c] * slopes[c >= HIB_SENTIMENTS];
        hib_model_shares(kept->as, scores, shares);
        if (text->sentiment < HIB_SENTIMENT_UNSURE)
            sum -= (double)hib_model_log((double)MAX(shares[text->sentiment], 1e-6f));
        if (text->intent < HIB_INTENT_UNSURE)
            sum -= (double)hib_model_log((double)MAX(shares[HIB_SENTIMENTS + text->intent], 1e-6f));
    }
    return sum;
}

/* One slope is tried up and down, the other held, in ever smaller steps, until neither gets better. */
static void
find_slopes(const Kept *kept, size_t n, float *slopes)
{
    double least = surprise(kept, n, slopes);
    for (float by = 0.4f; by > 0.02f; by /= 2)
        for (int held = 0; held < 4;)
            for (int way = 0; way < 4 && held < 4; way++, held++) {
                float tried[2] = {slopes[0], slopes[1]};
                tried[way / 2] = CLAMP(tried[way / 2] + (way % 2 ? by : -by), 0.1f, 4.0f);
                double sum = surprise(kept, n, tried);
                if (sum >= least - 1e-3)
                    continue;
                least = sum;
                memcpy(slopes, tried, sizeof tried);
                held = -1;
            }
}

GBytes *
hib_classifier_train(const HibTrainingText *texts, size_t n, const char *sum)
{
    if (!n)
        return NULL;
    char *file = train_raw(texts, n, sum);
    HibModelHead head;
    memcpy(&head, file + 8 + HIB_MODEL_SUM, sizeof head);
    Kept kept = {.texts = texts, .scores = g_malloc0_n(n, sizeof *kept.scores), .as = &head};
    cross(texts, n, FOLDS, keep_scores, &kept);
    find_slopes(&kept, n, head.slope);
    memcpy(file + 8 + HIB_MODEL_SUM, &head, sizeof head);
    g_free(kept.scores);
    return g_bytes_new_take(file, HIB_MODEL_BYTES);
}

const char *
hib_classifier_sum(const HibClassifier *model)
{
    return model->sum;
}

void
hib_classifier_cross(const HibClassifier *model, const HibTrainingText *texts, size_t n,
                     unsigned folds, HibClassified *ret)
{
    Kept kept = {.texts = texts, .as = &model->head, .reads = ret};
    cross(texts, n, folds, keep_read, &kept);
}
