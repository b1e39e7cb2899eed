/* Corrections, learnt: what was judged is gone through in rounds. In each, every trait that carries something (classify_traits.c) moves by the mean of what is still
 * missing to the truth in the texts that have it, drawn towards nothing where these are few: a word that stands in five corrected texts moves as far as their
 * five say, whatever else stands beside it. (Boosting by trait: Friedman, "Greedy function approximation", Annals of Statistics 29, 2001, with shrunken means
 * for steps. Steps that share a text's lack among its traits, as those of a regression, give a word of the brand's own too little.)
 * What was seen and left as it was read counts half: it tells which of the words in a corrected text are not to blame.
 * Parts, shares and rounds came out best with training/brands/, five to seven corrections of eight learnt. */
#include "text/classify_private.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 30, MORE_ROUNDS = 90, TRAITS_MOST = 1 << 16 };
#define FEW 1.0f /* so many texts that say nothing are added to those that have a trait */
#define KEPT 0.5f
#define CLEARLY 1.3f

typedef struct {
    float weights[HIB_CLASSES], lack[HIB_CLASSES], n;
    uint32_t hash;
} Known;
typedef struct {
    uint32_t known; /* which */
    uint8_t own;
} Use;
typedef struct {
    size_t from, to; /* its uses */
    float share, weight, base[HIB_CLASSES];
    uint8_t wanted[2]; /* class of sentiment and intent */
    float told[2];     /* how much each was judged */
    bool is_kept;
} Text;
typedef struct {
    const HibClassifier *model;
    GArray *known, *uses, *texts; /* of Known, Use, Text */
    GHashTable *places;           /* hash + 1 → place in known + 1 */
    guint most;                   /* known at most */
} Lesson;

/* --- what there is to learn from ------------------------------------------------------------------------------------------------ */
static bool
place_of(Lesson *lesson, uint32_t hash, uint32_t *ret)
{
    gpointer key = GSIZE_TO_POINTER((gsize)hash + 1);
    gsize place = GPOINTER_TO_SIZE(g_hash_table_lookup(lesson->places, key));
    if (!place && lesson->known->len >= lesson->most)
        return false;
    if (!place) {
        Known known = {.hash = hash};
        g_array_append_val(lesson->known, known);
        place = lesson->known->len;
        g_hash_table_insert(lesson->places, key, GSIZE_TO_POINTER(place));
    }
    *ret = (uint32_t)(place - 1);
    return true;
}

static size_t
likeliest(const float *shares, size_t from, size_t to)
{
    size_t best = from;
    for (size_t c = from; c < to; c++)
        if (shares[c] > shares[best])
            best = c;
    return best;
}

static void
add_text(Lesson *lesson, const HibTaught *taught)
{
    HibSigns signs;
    HibTrait traits[HIB_TRAITS];
    float scores[HIB_CLASSES], shares[HIB_CLASSES];
    hib_signs_of(taught->text, taught->n, &signs);
    const size_t n = hib_traits_of(&signs, traits);
    hib_model_scores(lesson->model, traits, n, scores);
    hib_model_shares(&lesson->model->head, scores, shares);
    const bool is_told[] = {taught->sentiment != HIB_SENTIMENT_UNSURE,
                            taught->intent != HIB_INTENT_UNSURE};
    const size_t read[] = {likeliest(shares, 0, HIB_SENTIMENTS),
                           likeliest(shares, HIB_SENTIMENTS, HIB_CLASSES)};
    Text text = {
        .from = lesson->uses->len,
        .share = hib_learnt_share(traits, n),
        .weight = taught->is_kept ? KEPT : 1,
        .wanted = {(uint8_t)(is_told[0] ? (size_t)taught->sentiment : read[0]),
                   (uint8_t)(is_told[1] ? HIB_SENTIMENTS + (size_t)taught->intent : read[1])},
        .told = {is_told[0] ? 1 : KEPT, is_told[1] ? 1 : KEPT},
        .is_kept = taught->is_kept};
    memcpy(text.base, scores, sizeof text.base);
    for (size_t i = 0; i < n; i++) {
        Use use = {.own = traits[i].own};
        if (use.own && place_of(lesson, traits[i].hash, &use.known))
            g_array_append_val(lesson->uses, use);
    }
    text.to = lesson->uses->len;
    g_array_append_val(lesson->texts, text);
}

/* --- the rounds ------------------------------------------------------------------------------------------------------------------- */
static void
read_text(const Lesson *lesson, const Text *text, float *ret_shares)
{
    float scores[HIB_CLASSES], sums[HIB_CLASSES] = {0};
    const Known *known = (const Known *)(void *)lesson->known->data;
    const Use *uses = (const Use *)(void *)lesson->uses->data;
    for (size_t i = text->from; i < text->to; i++)
        for (size_t c = 0; c < HIB_CLASSES; c++)
            sums[c] += known[uses[i].known].weights[c] * (float)uses[i].own;
    for (size_t c = 0; c < HIB_CLASSES; c++)
        scores[c] = text->base[c] + sums[c] * text->share;
    hib_model_shares(&lesson->model->head, scores, ret_shares);
}

/* Clearly enough to lead also when the weights are rounded. */
static bool
leads(const float *shares, size_t wanted, size_t from, size_t to)
{
    for (size_t c = from; c < to; c++)
        if (c != wanted && shares[wanted] < shares[c] * CLEARLY)
            return false;
    return true;
}

/* Adds what is missing in a text to its traits; gives whether it is a corrected one that is still misread. */
static bool
look_at(Lesson *lesson, const Text *text)
{
    float shares[HIB_CLASSES], lack[HIB_CLASSES];
    read_text(lesson, text, shares);
    for (size_t c = 0; c < HIB_CLASSES; c++) {
        const size_t head = c >= HIB_SENTIMENTS;
        lack[c] = ((c == text->wanted[head] ? 1 : 0) - shares[c]) * text->weight * text->told[head];
    }
    Known *known = (Known *)(void *)lesson->known->data;
    const Use *uses = (const Use *)(void *)lesson->uses->data;
    for (size_t i = text->from; i < text->to; i++) {
        Known *one = &known[uses[i].known];
        for (size_t c = 0; c < HIB_CLASSES; c++)
            one->lack[c] += lack[c];
        one->n += text->weight;
    }
    return !text->is_kept && text->share > 0 &&
           (!leads(shares, text->wanted[0], 0, HIB_SENTIMENTS) ||
            !leads(shares, text->wanted[1], HIB_SENTIMENTS, HIB_CLASSES));
}

static bool
go_through(Lesson *lesson)
{
    bool is_misread = false;
    Known *known = (Known *)(void *)lesson->known->data;
    for (guint i = 0; i < lesson->texts->len; i++)
        is_misread |= look_at(lesson, &g_array_index(lesson->texts, Text, i));
    for (guint i = 0; i < lesson->known->len; i++) {
        for (size_t c = 0; c < HIB_CLASSES; c++) {
            known[i].weights[c] += known[i].lack[c] / (known[i].n + FEW);
            known[i].lack[c] = 0;
        }
        known[i].n = 0;
    }
    return is_misread;
}

/* --- what is kept of it ----------------------------------------------------------------------------------------------------------- */
static float
says(const Known *known)
{
    float sum = 0;
    for (size_t c = 0; c < HIB_CLASSES; c++)
        sum += fabsf(known->weights[c]);
    return sum;
}

static int
by_weight(const void *a, const void *b)
{
    float x = says(a), y = says(b);
    if (x != y)
        return x < y ? 1 : -1;
    return ((const Known *)a)->hash < ((const Known *)b)->hash ? -1 : 1;
}

static void
take_places(Lesson *lesson)
{
    g_hash_table_remove_all(lesson->places);
    for (guint i = 0; i < lesson->known->len; i++)
        g_hash_table_insert(
            lesson->places,
            GSIZE_TO_POINTER((gsize)g_array_index(lesson->known, Known, i).hash + 1),
            GSIZE_TO_POINTER((gsize)i + 1));
}

static void
add_texts(Lesson *lesson, const HibTaught *taught, size_t n)
{
    g_array_set_size(lesson->uses, 0);
    g_array_set_size(lesson->texts, 0);
    for (size_t i = 0; i < MIN(n, HIB_TAUGHT_MOST); i++)
        add_text(lesson, &taught[i]);
}

static void
go_rounds(Lesson *lesson, int least)
{
    for (int round = 0; round < MORE_ROUNDS; round++)
        if (!go_through(lesson) && round + 1 >= least)
            return;
}

HibClassifierLearnt *
hib_classifier_learn(const HibClassifier *model, const HibTaught *taught, size_t n)
{
    Lesson lesson = {model,
                     g_array_new(FALSE, FALSE, sizeof(Known)),
                     g_array_new(FALSE, FALSE, sizeof(Use)),
                     g_array_new(FALSE, FALSE, sizeof(Text)),
                     g_hash_table_new(NULL, NULL),
                     TRAITS_MOST};
    add_texts(&lesson, taught, n);
    go_rounds(&lesson, ROUNDS);
    g_array_sort(lesson.known, by_weight);
    if (lesson.known->len > HIB_LEARNT_MOST) { /* those that say most learn what the others knew */
        g_array_set_size(lesson.known, HIB_LEARNT_MOST);
        lesson.most = HIB_LEARNT_MOST;
        take_places(&lesson);
        add_texts(&lesson, taught, n);
        go_rounds(&lesson, ROUNDS);
    }
    HibClassifierLearnt *learnt = hib_learnt_new();
    for (guint i = 0; i < lesson.known->len; i++) {
        const Known *known = &g_array_index(lesson.known, Known, i);
        hib_learnt_put(learnt, known->hash, known->weights);
    }
    g_array_unref(lesson.known);
    g_array_unref(lesson.uses);
    g_array_unref(lesson.texts);
    g_hash_table_unref(lesson.places);
    return learnt;
}
