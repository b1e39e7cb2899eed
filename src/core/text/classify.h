/* How a message is meant: what people write to a brand, in Japanese, English or both, is read as sentiment, intent and urgency, with the reason.
 *
 * A model is a table of small weights for hashed runs of characters and words, trained by `hibiki train` from the texts in training/. What a workspace
 * corrects is learnt on top of it at once, as a small table of its own. What neither is sure of is said to be unsure.
 * Pure, no I/O. A model is only read, by any number of threads; so is what was learnt, while nobody learns. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum {
    HIB_SENTIMENT_POSITIVE,
    HIB_SENTIMENT_NEUTRAL,
    HIB_SENTIMENT_NEGATIVE,
    HIB_SENTIMENT_UNSURE
} HibSentiment;
typedef enum {
    HIB_INTENT_QUESTION,
    HIB_INTENT_COMPLAINT,
    HIB_INTENT_PURCHASE, /* wants to buy, or asks what only buyers ask */
    HIB_INTENT_PRAISE,
    HIB_INTENT_REQUEST,
    HIB_INTENT_SPAM,
    HIB_INTENT_CRISIS, /* harm, danger, law, a storm that gathers: somebody must look now */
    HIB_INTENT_NONE,   /* wants nothing: greetings, small talk */
    HIB_INTENT_UNSURE
} HibIntent;
enum { HIB_SENTIMENTS = 3, HIB_INTENTS = 8 }; /* without unsure */

/* "positive" …, "unsure"; NULL for what is no such value. The other way: false when it is none of them. */
const char *hib_sentiment_name(HibSentiment sentiment);
const char *hib_intent_name(HibIntent intent);
bool hib_sentiment_of(const char *name, HibSentiment *ret);
bool hib_intent_of(const char *name, HibIntent *ret);

/* Why it is urgent, the weightiest first: "crisis" "safety" "legal" "spreading" "complaint" "question" "purchase" "request" "negative" "deadline" "waiting"
 * "money" "insistent", or why it is not: "spam". All of them, ended by NULL. */
extern const char *const hib_urgency_reasons[];
enum { HIB_CLASSIFIED_REASONS = 4, HIB_URGENCY_MOST = 100 };

typedef struct {
    HibSentiment sentiment; /* UNSURE when the likeliest is not likely enough */
    HibIntent intent;
    HibSentiment likely_sentiment; /* the likeliest all the same; never UNSURE */
    HibIntent likely_intent;
    double sentiment_share, intent_share;        /* how likely the likeliest is, 0..1 */
    int urgency;                                 /* 0..HIB_URGENCY_MOST */
    const char *reasons[HIB_CLASSIFIED_REASONS]; /* literals, of hib_urgency_reasons */
    size_t n_reasons;
    size_t from, to; /* the bytes of the text that speak most for it; from == to: nothing does */
} HibClassified;

typedef struct HibClassifier HibClassifier;
typedef struct HibClassifierLearnt HibClassifierLearnt;

/* The model that lies in the binary. Never NULL, never freed. */
const HibClassifier *hib_classifier_builtin(void);
/* A model file; `bytes` must outlive it. NULL: not a whole, valid one. */
HibClassifier *hib_classifier_read(const void *bytes, size_t n);
void hib_classifier_free(HibClassifier *model); /* not the built-in one; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibClassifier, hib_classifier_free)

/* Any `n` bytes: of a long text its beginning and its end are read. `learnt` may be NULL. Allocates nothing. */
void hib_classify(const HibClassifier *model, const HibClassifierLearnt *learnt, const char *text,
                  size_t n, HibClassified *ret);

/* What a workspace taught, HIB_LEARNT_BYTES at most: what says least gives way. */
enum { HIB_LEARNT_BYTES = 128 * 1024, HIB_TAUGHT_MOST = 2000 };
void hib_classifier_learnt_free(HibClassifierLearnt *learnt); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibClassifierLearnt, hib_classifier_learnt_free)
/* From what hib_classifier_learnt_bytes gave. NULL: not such bytes. */
HibClassifierLearnt *hib_classifier_learnt_read(const void *bytes, size_t n);
GBytes *hib_classifier_learnt_bytes(const HibClassifierLearnt *learnt);

/* A text a person has judged: corrected, or seen, dealt with and left as it was read. UNSURE: that part was not judged. */
typedef struct {
    const char *text;
    size_t n;
    HibSentiment sentiment;
    HibIntent intent;
    bool is_kept; /* nobody corrected it */
} HibTaught;
/* What can be learnt of them all, of the first HIB_TAUGHT_MOST: the newest stand first. A corrected text is read so from now on, unless others contradict it or they are more than there is room for. The
 * same texts in the same order give the same bytes. Some 60 ms for 1,000. */
HibClassifierLearnt *hib_classifier_learn(const HibClassifier *model, const HibTaught *taught,
                                          size_t n);
