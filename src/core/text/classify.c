/* See classify.h. A text's traits (classify_traits.c) that the model knows have a row in it, a byte a class; their sum over the root of the number of traits is the
 * score of the class, calibrated to log odds. Sentiment and intent are judged together: a pair's score is that of both and of how often they go together (praise is
 * positive), so that each tells of the other. Urgency is what the intents are worth by their shares, and what words of danger, law or haste add
 * (classify_words.c): every point of it has a reason that can be shown. */
#include "text/classify.h"

#include "text/classify_private.h"

#include <math.h>
#include <string.h>

static const char *const sentiment_names[] = {"positive", "neutral", "negative", "unsure"};
static const char *const intent_names[] = {"question", "complaint", "purchase", "praise", "request",
                                           "spam",     "crisis",    "none",     "unsure"};

const char *
hib_sentiment_name(HibSentiment sentiment)
{
    return (unsigned)sentiment < G_N_ELEMENTS(sentiment_names) ? sentiment_names[sentiment] : NULL;
}

const char *
hib_intent_name(HibIntent intent)
{
    return (unsigned)intent < G_N_ELEMENTS(intent_names) ? intent_names[intent] : NULL;
}

bool
hib_sentiment_of(const char *name, HibSentiment *ret)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(sentiment_names); i++)
        if (g_str_equal(name, sentiment_names[i])) {
            *ret = (HibSentiment)i;
            return true;
        }
    return false;
}

bool
hib_intent_of(const char *name, HibIntent *ret)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(intent_names); i++)
        if (g_str_equal(name, intent_names[i])) {
            *ret = (HibIntent)i;
            return true;
        }
    return false;
}

/* --- the model ----------------------------------------------------------------------------------------------------------------- */
static bool
is_sane(const HibModelHead *head)
{
    bool is_fine = true;
    for (size_t c = 0; c < HIB_CLASSES; c++)
        is_fine &= head->scale[c] > 0 && head->scale[c] < 100 && fabsf(head->bias[c]) < 1000;
    for (size_t k = 0; k < HIB_SENTIMENTS * HIB_INTENTS; k++)
        is_fine &= fabsf(head->pair[k / HIB_INTENTS][k % HIB_INTENTS]) < 1000;
    for (size_t k = 0; k < 2; k++)
        is_fine &= head->slope[k] > 0 && head->slope[k] < 100 && head->least[k] >= 0 &&
                   head->least[k] <= 1;
    return is_fine;
}

/* Numbers are little-endian, as every machine is that this runs on; the build refuses others. */
G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);
G_STATIC_ASSERT(8 + HIB_MODEL_SUM + sizeof(HibModelHead) <= HIB_MODEL_HEAD);

static bool
open_model(HibClassifier *model, const void *bytes, size_t n)
{
    const char *at = bytes;
    if (n != HIB_MODEL_BYTES || memcmp(at, HIB_MODEL_MAGIC, 8) != 0)
        return false;
    memcpy(model->sum, at + 8, HIB_MODEL_SUM);
    memcpy(&model->head, at + 8 + HIB_MODEL_SUM, sizeof model->head);
    model->rows = (const int8_t *)at + HIB_MODEL_HEAD;
    return is_sane(&model->head);
}

HibClassifier *
hib_classifier_read(const void *bytes, size_t n)
{
    g_autoptr(HibClassifier) model = g_new0(HibClassifier, 1);
    return open_model(model, bytes, n) ? g_steal_pointer(&model) : NULL;
}

void
hib_classifier_free(HibClassifier *model)
{
    g_free(model);
}

extern const unsigned char hib_classifier_file[], hib_classifier_file_end[];

static gpointer
open_builtin(gpointer unused G_GNUC_UNUSED)
{
    HibClassifier *model = g_new0(HibClassifier, 1);
    bool is_whole = open_model(model, hib_classifier_file,
                               (size_t)(hib_classifier_file_end - hib_classifier_file));
    g_assert(is_whole); /* the build's own file; a test reads it */
    return model;
}

const HibClassifier *
hib_classifier_builtin(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, open_builtin, NULL);
}

void
hib_model_scores(const HibClassifier *model, const HibTrait *traits, size_t n, float *ret)
{
    int32_t sums[HIB_MODEL_ROW] = {0};
    for (size_t i = 0; i < n; i++) {
        const int8_t *row = hib_model_row(model, traits[i].hash);
        for (size_t c = 0; row && c < HIB_MODEL_ROW; c++)
            sums[c] += row[c];
    }
    float root = n ? 1.0f / sqrtf((float)n) : 0;
    for (size_t c = 0; c < HIB_CLASSES; c++)
        ret[c] = ((float)sums[c] * model->head.scale[c] * root + model->head.bias[c]) *
                 model->head.slope[c >= HIB_SENTIMENTS];
}

float
hib_model_exp(float x)
{
    float whole = roundf(x * 1.44269504f), rest = x - whole * 0.693147181f;
    float power =
        1 + rest * (1 + rest * (1 / 2.0f + rest * (1 / 6.0f + rest * (1 / 24.0f + rest / 120))));
    return whole < -120 ? 0 : ldexpf(power, (int)whole);
}

float
hib_model_log(double x)
{
    int power;
    double part = frexp(x, &power) * G_SQRT2, s = (part - 1) / (part + 1), sum = 0;
    for (int k = 15; k >= 1; k -= 2)
        sum = sum * s * s + 2.0 / k;
    return (float)(sum * s + (power - 0.5) * G_LN2);
}

void
hib_model_pairs(const HibModelHead *head, const float *scores, HibPairs ret)
{
    const float *intents = scores + HIB_SENTIMENTS;
    float most = scores[0] + intents[0] + head->pair[0][0], sum = 0;
    for (size_t s = 0; s < HIB_SENTIMENTS; s++)
        for (size_t i = 0; i < HIB_INTENTS; i++) {
            ret[s][i] = scores[s] + intents[i] + head->pair[s][i];
            most = MAX(most, ret[s][i]);
        }
    for (size_t s = 0; s < HIB_SENTIMENTS; s++)
        for (size_t i = 0; i < HIB_INTENTS; i++)
            sum += ret[s][i] = hib_model_exp(ret[s][i] - most);
    for (size_t s = 0; s < HIB_SENTIMENTS; s++)
        for (size_t i = 0; i < HIB_INTENTS; i++)
            ret[s][i] /= sum;
}

void
hib_model_shares(const HibModelHead *head, const float *scores, float *ret)
{
    HibPairs pairs;
    hib_model_pairs(head, scores, pairs);
    memset(ret, 0, HIB_CLASSES * sizeof *ret);
    for (size_t s = 0; s < HIB_SENTIMENTS; s++)
        for (size_t i = 0; i < HIB_INTENTS; i++) {
            ret[s] += pairs[s][i];
            ret[HIB_SENTIMENTS + i] += pairs[s][i];
        }
}

/* --- urgency ------------------------------------------------------------------------------------------------------------------- */
/* The order of hib_urgency_reasons. */
enum {
    CRISIS,
    SAFETY,
    LEGAL,
    SPREADING,
    COMPLAINT,
    QUESTION,
    PURCHASE,
    REQUEST,
    NEGATIVE,
    DEADLINE,
    WAITING,
    MONEY,
    INSISTENT,
    SPAM,
    REASONS
};

static const float worth_of_intent[HIB_INTENTS] = {
    [HIB_INTENT_QUESTION] = 35, [HIB_INTENT_COMPLAINT] = 50, [HIB_INTENT_PURCHASE] = 40,
    [HIB_INTENT_PRAISE] = 8,    [HIB_INTENT_REQUEST] = 30,   [HIB_INTENT_CRISIS] = 85,
    [HIB_INTENT_NONE] = 5};
static const int reason_of_intent[HIB_INTENTS] = {QUESTION, COMPLAINT, PURCHASE, -1,
                                                  REQUEST,  SPAM,      CRISIS,   -1};
static const float worth_of_words[REASONS] = {
    [SAFETY] = 25, [LEGAL] = 20, [SPREADING] = 15, [DEADLINE] = 15, [WAITING] = 12, [MONEY] = 10};
#define WORTH_NEGATIVE 12
#define WORTH_INSISTENT 5
#define WORTH_SAYING 4 /* what adds less is no reason */

static bool
is_insistent(const HibSigns *signs)
{
    size_t marks = 0;
    for (size_t i = 0; i < signs->n; i++)
        marks += signs->sign[i] == HIB_SIGN_ASKS || signs->sign[i] == HIB_SIGN_BANG_ASK ? 2
                 : signs->sign[i] == '?' || signs->sign[i] == HIB_SIGN_BANGS            ? 1
                                                                                        : 0;
    return marks >= 2;
}

static void
say_reasons(HibClassified *ret, const float *points)
{
    bool is_said[REASONS] = {false};
    while (ret->n_reasons < HIB_CLASSIFIED_REASONS) {
        int best = -1;
        for (int i = 0; i < SPAM; i++)
            if (!is_said[i] && points[i] >= WORTH_SAYING && (best < 0 || points[i] > points[best]))
                best = i;
        if (best < 0)
            return;
        is_said[best] = true;
        ret->reasons[ret->n_reasons++] = hib_urgency_reasons[best];
    }
}

static void
weigh(const HibSigns *signs, const float *sentiments, const float *intents, HibClassified *ret)
{
    float points[REASONS] = {0}, sum = 0, spam = intents[HIB_INTENT_SPAM];
    float joy = sentiments[HIB_SENTIMENT_POSITIVE], anger = sentiments[HIB_SENTIMENT_NEGATIVE];
    uint32_t words = hib_urgent_words(signs);
    for (size_t i = 0; i < HIB_INTENTS; i++) {
        sum += intents[i] * worth_of_intent[i];
        if (reason_of_intent[i] >= 0)
            points[reason_of_intent[i]] = intents[i] * worth_of_intent[i];
    }
    for (size_t i = 0; i < SPAM; i++)
        if (words & 1u << i)
            sum += points[i] = worth_of_words[i] * (1 - 0.8f * joy) * (1 - spam);
    sum += points[NEGATIVE] = WORTH_NEGATIVE * anger * (1 - spam);
    if (is_insistent(signs))
        sum += points[INSISTENT] = WORTH_INSISTENT * (1 - joy) * (1 - spam);
    ret->urgency = (int)lroundf(CLAMP(sum, 0, HIB_URGENCY_MOST));
    if (ret->intent == HIB_INTENT_SPAM)
        ret->reasons[ret->n_reasons++] = hib_urgency_reasons[SPAM];
    else
        say_reasons(ret, points);
}

/* --- what speaks most for it ------------------------------------------------------------------------------------------------------ */
/* The class to be explained and the one it was closest to being. */
static bool
contested(const HibClassified *read, const float *scores, size_t *ret_class, size_t *ret_rival)
{
    bool by_intent = read->intent != HIB_INTENT_UNSURE && read->intent != HIB_INTENT_NONE;
    bool by_sentiment =
        read->sentiment != HIB_SENTIMENT_UNSURE && read->sentiment != HIB_SENTIMENT_NEUTRAL;
    size_t begin = by_intent ? HIB_SENTIMENTS : 0, end = by_intent ? HIB_CLASSES : HIB_SENTIMENTS;
    *ret_class = begin + (by_intent ? (size_t)read->intent : (size_t)read->likely_sentiment);
    *ret_rival = *ret_class == begin ? begin + 1 : begin;
    for (size_t c = begin; c < end; c++)
        if (c != *ret_class && scores[c] > scores[*ret_rival])
            *ret_rival = c;
    return by_intent || by_sentiment;
}

/* The stretch of signs whose traits together say most; each trait's share is laid on the signs it is made of. */
static void
point_at(const HibClassifier *model, const HibSigns *signs, const HibTrait *traits, size_t n,
         size_t class, size_t rival, HibClassified *ret)
{
    float weight[HIB_SIGNS + 1] = {0}, sum = 0, best = 0, level = 0;
    for (size_t i = 0; i < n; i++) {
        const int8_t *row = hib_model_row(model, traits[i].hash);
        if (!row)
            continue;
        float share = ((float)row[class] * model->head.scale[class] -
                       (float)row[rival] * model->head.scale[rival]) /
                      (float)traits[i].n;
        weight[traits[i].at] += share;
        weight[traits[i].at + traits[i].n] -= share;
    }
    for (size_t i = 0, begin = 0; i < signs->n; i++) {
        level += weight[i];
        if (sum <= 0) {
            sum = 0;
            begin = i;
        }
        sum += level;
        if (sum > best) {
            best = sum;
            ret->from = begin;
            ret->to = i;
        }
    }
    if (best <= 0)
        return;
    size_t from = ret->from, to = ret->to;
    while (from < to && (signs->sign[from] == ' ' || signs->sign[from] == HIB_SIGN_EDGE))
        from++;
    while (to > from && (signs->sign[to] == ' ' || signs->sign[to] == HIB_SIGN_EDGE))
        to--;
    ret->from = signs->from[from];
    ret->to = signs->to[to];
}

static size_t
likeliest(const float *shares, size_t n)
{
    size_t best = 0;
    for (size_t c = 1; c < n; c++)
        if (shares[c] > shares[best])
            best = c;
    return best;
}

void
hib_classify(const HibClassifier *model, const HibClassifierLearnt *learnt, const char *text,
             size_t n, HibClassified *ret)
{
    HibSigns signs;
    HibTrait traits[HIB_TRAITS];
    float scores[HIB_CLASSES], shares[HIB_CLASSES], *intents = shares + HIB_SENTIMENTS;
    hib_signs_of(text, n, &signs);
    size_t n_traits = hib_traits_of(&signs, traits), class, rival;
    hib_model_scores(model, traits, n_traits, scores);
    if (learnt)
        hib_learnt_scores(learnt, traits, n_traits, scores);
    hib_model_shares(&model->head, scores, shares);
    *ret = (HibClassified){.likely_sentiment = (HibSentiment)likeliest(shares, HIB_SENTIMENTS),
                           .likely_intent = (HibIntent)likeliest(intents, HIB_INTENTS)};
    ret->sentiment_share = (double)MIN(shares[ret->likely_sentiment], 1.0f); /* sums round */
    ret->intent_share = (double)MIN(intents[ret->likely_intent], 1.0f);
    ret->sentiment = ret->sentiment_share < (double)model->head.least[0] ? HIB_SENTIMENT_UNSURE
                                                                         : ret->likely_sentiment;
    ret->intent =
        ret->intent_share < (double)model->head.least[1] ? HIB_INTENT_UNSURE : ret->likely_intent;
    if (signs.n <= 2) { /* nothing is written: a sticker, blanks */
        *ret = (HibClassified){.sentiment = HIB_SENTIMENT_UNSURE,
                               .intent = HIB_INTENT_UNSURE,
                               .likely_sentiment = HIB_SENTIMENT_NEUTRAL,
                               .likely_intent = HIB_INTENT_NONE};
        return;
    }
    weigh(&signs, shares, intents, ret);
    if (contested(ret, scores, &class, &rival))
        point_at(model, &signs, traits, n_traits, class, rival, ret);
}
