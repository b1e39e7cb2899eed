/* Inside the classifier: signs (a text as it is counted), traits (what is hashed of them), the model's rows, what was learnt. */
#pragma once
#include "text/classify.h"
#include <stdint.h>

/* --- signs: characters after folding, and what stands for something longer --------------------------------------------------- */
enum {
    HIB_SIGNS_HEAD = 768, /* of a longer text the beginning and the end are read */
    HIB_SIGNS = 1024,
    HIB_SIGN_EDGE = 0x110000, /* before the first and after the last */
    HIB_SIGN_LINK,
    HIB_SIGN_MENTION,
    HIB_SIGN_NUMBER,
    HIB_SIGN_LAUGH, /* www, 笑, 草 */
    HIB_SIGN_BANGS, /* !! */
    HIB_SIGN_ASKS,  /* ?? */
    HIB_SIGN_BANG_ASK,
    HIB_SIGN_GAP /* between beginning and end of a long text */
};
typedef struct {
    size_t n; /* with an edge at both ends */
    uint32_t sign[HIB_SIGNS];
    uint32_t from[HIB_SIGNS], to[HIB_SIGNS]; /* the bytes each came from */
} HibSigns;
void hib_signs_of(const char *text, size_t n, HibSigns *ret);

/* --- traits: runs of signs, words, pictures' moods, what stands under a negation --------------------------------------------- */
typedef struct {
    uint32_t hash;
    uint16_t at; /* the first sign it is made of */
    uint8_t n;   /* how many signs */
    uint8_t own; /* its part in what a workspace taught; 0: none */
} HibTrait;
enum { HIB_TRAITS = HIB_SIGNS * 8 };
/* Gives how many; at most HIB_TRAITS. */
size_t hib_traits_of(const HibSigns *signs, HibTrait *ret);

/* --- words that make something urgent ---------------------------------------------------------------------------------------- */
/* Bit i: hib_urgency_reasons[i] is spoken of. */
uint32_t hib_urgent_words(const HibSigns *signs);

/* --- the model ------------------------------------------------------------------------------------------------------------------ */
enum {
    HIB_CLASSES = HIB_SENTIMENTS + HIB_INTENTS, /* sentiments first */
    HIB_MODEL_BITS = 17,
    HIB_MODEL_ROW = 12, /* a byte a class, and one that tells whose row it is */
    HIB_MODEL_ROWS = 1 << HIB_MODEL_BITS,
    HIB_MODEL_SUM = 64,
    HIB_MODEL_HEAD = 512,
    HIB_MODEL_BYTES = HIB_MODEL_HEAD + HIB_MODEL_ROWS * HIB_MODEL_ROW
};
/* The file: magic, the sum of the training texts, HibModelHead; the rows follow at HIB_MODEL_HEAD. */
#define HIB_MODEL_MAGIC "HIBCLS2\n"
typedef struct {
    float scale[HIB_CLASSES]; /* a unit of a row's byte */
    float bias[HIB_CLASSES];
    float pair[HIB_SENTIMENTS][HIB_INTENTS]; /* how much likelier than by chance, log odds */
    float slope[2], least[2]; /* of sentiment and intent: scores → log odds; below it is unsure */
} HibModelHead;
struct HibClassifier {
    HibModelHead head;
    char sum[HIB_MODEL_SUM + 1]; /* SHA-256 of the texts it was trained with, in hex */
    const int8_t *rows;
};

/* A trait has one of two neighbouring rows, the one that bears its mark; most texts' traits have none. */
static inline uint32_t
hib_trait_row(uint32_t hash)
{
    return hash >> (32 - HIB_MODEL_BITS);
}
static inline int8_t
hib_trait_mark(uint32_t hash)
{
    return (int8_t)(hash % 255 + 1); /* 0: nobody's */
}
static inline const int8_t *
hib_model_row(const HibClassifier *model, uint32_t hash)
{
    const int8_t *first = model->rows + (size_t)(hib_trait_row(hash) & ~1u) * HIB_MODEL_ROW;
    const int8_t mark = hib_trait_mark(hash);
    if (first[HIB_CLASSES] == mark)
        return first;
    return first[HIB_MODEL_ROW + HIB_CLASSES] == mark ? first + HIB_MODEL_ROW : NULL;
}

/* Scores (log odds, before what was learnt) of a text's traits. */
void hib_model_scores(const HibClassifier *model, const HibTrait *traits, size_t n, float *ret);
/* e^x for x <= 0 and ln x, the same on every machine. */
float hib_model_exp(float x);
float hib_model_log(double x);
/* Sentiment and intent judged together: the share of each pair; then of each class, whatever it is paired with. */
typedef float HibPairs[HIB_SENTIMENTS][HIB_INTENTS];
void hib_model_pairs(const HibModelHead *head, const float *scores, HibPairs ret);
void hib_model_shares(const HibModelHead *head, const float *scores, float *ret);

/* --- what was learnt: a table over traits, each with its whole hash, so that what is taught of one word touches no other (classify_learnt.c) --- */
enum { HIB_LEARNT_MOST = (HIB_LEARNT_BYTES - 16) / 16 /* traits */ };
HibClassifierLearnt *hib_learnt_new(void);
/* Weights of a trait that is not in it yet, in log odds; rounded, and cut at +-8. */
void hib_learnt_put(HibClassifierLearnt *learnt, uint32_t hash, const float *weights);
/* Adds what was learnt to the scores. */
void hib_learnt_scores(const HibClassifierLearnt *learnt, const HibTrait *traits, size_t n,
                       float *scores);
/* What the weights of a text's traits are multiplied with by their part: one over the length of all parts together; 0: none carries anything. */
float hib_learnt_share(const HibTrait *traits, size_t n);
