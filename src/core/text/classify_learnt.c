/* What a workspace corrected: a sparse table over the model's own traits, each with its whole hash, so that what is taught of one word touches no other.
 *
 * A correction moves the weights of its traits just so far that the wanted class leads by a margin (passive-aggressive: nothing when it does already), in one
 * pass. For the sentiment the words that the model does not know are moved first: they are the workspace's own; only if these are not enough, all are. What is
 * wanted is said in everybody's words: for the intent all are moved at once. A class that was missed becomes a little likelier in every message.
 * (All as it came out best with training/brands/ and with single training files, read by a model that knew neither.)
 * Steps are whole numbers, so that learning repeats exactly. When the table is full the trait that says least gives way. */
#include "text/classify_private.h"

#include <math.h>
#include <string.h>

enum {
    ENTRY_BYTES = 16,
    MOST = (HIB_LEARNT_BYTES - 16) / ENTRY_BYTES,
    SLOTS = 8192,
    STEPS = 12,
    ROUNDS = 4
};
#define MAGIC "HIBLRN2\n"
#define UNIT (1.0f / 32)
#define LEAST 1e-9f /* share */
/* The hash of what every message has: that this brand's messages are oftener of a class. */
#define EVERY 0u
#define EVERY_STEP 2
/* Log odds by which what was corrected leads, of sentiment and intent; and what was not, so that it stays as it was read. */
static const float margins[] = {2, 5};
#define HELD 0.1f

typedef struct {
    uint32_t hash;
    int8_t weight[HIB_CLASSES];
    uint8_t is_used;
} Entry;
G_STATIC_ASSERT(sizeof(Entry) == ENTRY_BYTES);

struct HibClassifierLearnt {
    size_t n;
    Entry slots[SLOTS]; /* open addressing by the hash's upper bits */
};

HibClassifierLearnt *
hib_classifier_learnt_new(void)
{
    return g_new0(HibClassifierLearnt, 1);
}

void
hib_classifier_learnt_free(HibClassifierLearnt *learnt)
{
    g_free(learnt);
}

/* Where it is, or the free slot where it would be. */
static size_t
slot_of(const HibClassifierLearnt *learnt, uint32_t hash)
{
    size_t at = hash % SLOTS;
    while (learnt->slots[at].is_used && learnt->slots[at].hash != hash)
        at = (at + 1) % SLOTS;
    return at;
}

static size_t
count_own(const HibTrait *traits, size_t n)
{
    size_t own = 0;
    for (size_t i = 0; i < n; i++)
        own += traits[i].is_own;
    return own;
}

void
hib_learnt_scores(const HibClassifierLearnt *learnt, const HibTrait *traits, size_t n,
                  float *scores)
{
    int32_t sums[HIB_CLASSES] = {0};
    size_t own = count_own(traits, n);
    if (!learnt->n || !own)
        return;
    for (size_t i = 0; i < n; i++) {
        const Entry *entry =
            traits[i].is_own ? &learnt->slots[slot_of(learnt, traits[i].hash)] : NULL;
        for (size_t c = 0; entry && entry->is_used && c < HIB_CLASSES; c++)
            sums[c] += entry->weight[c];
    }
    const Entry *every = &learnt->slots[slot_of(learnt, EVERY)];
    for (size_t c = 0; c < HIB_CLASSES; c++)
        scores[c] += ((float)sums[c] / sqrtf((float)own) + (float)every->weight[c]) * UNIT;
}

/* --- learning ------------------------------------------------------------------------------------------------------------------- */
static int
says(const Entry *entry)
{
    int sum = 0;
    for (size_t c = 0; c < HIB_CLASSES; c++)
        sum += ABS(entry->weight[c]);
    return sum;
}

static void
remove_at(HibClassifierLearnt *learnt, size_t gap)
{
    for (size_t at = (gap + 1) % SLOTS; learnt->slots[at].is_used; at = (at + 1) % SLOTS) {
        size_t home = learnt->slots[at].hash % SLOTS;
        if ((at + SLOTS - home) % SLOTS < (at + SLOTS - gap) % SLOTS)
            continue;
        learnt->slots[gap] = learnt->slots[at];
        gap = at;
    }
    learnt->slots[gap] = (Entry){0};
    learnt->n--;
}

static void
drop_weakest(HibClassifierLearnt *learnt)
{
    size_t weakest = SLOTS;
    int least = G_MAXINT;
    for (size_t at = 0; at < SLOTS; at++) {
        const Entry *entry = &learnt->slots[at];
        int said = entry->is_used ? says(entry) : G_MAXINT;
        if (said < least ||
            (said == least && entry->is_used && entry->hash < learnt->slots[weakest].hash)) {
            weakest = at;
            least = said;
        }
    }
    remove_at(learnt, weakest);
}

/* Room for `n` more before they are taught: what is new says little yet and would be the first to go. */
static void
make_room(HibClassifierLearnt *learnt, size_t n)
{
    while (learnt->n && learnt->n + n > MOST)
        drop_weakest(learnt);
}

static Entry *
entry_for(HibClassifierLearnt *learnt, uint32_t hash)
{
    size_t at = slot_of(learnt, hash);
    if (learnt->slots[at].is_used)
        return &learnt->slots[at];
    learnt->n++;
    learnt->slots[at] = (Entry){.hash = hash, .is_used = 1};
    return &learnt->slots[at];
}

static void
add_to(HibClassifierLearnt *learnt, uint32_t hash, size_t class, int by)
{
    int8_t *weight = &entry_for(learnt, hash)->weight[class];
    *weight = (int8_t)CLAMP(*weight + by, -127, 127);
}

/* Only traits that `model` does not know, all if it is NULL. */
static void
nudge(const HibClassifier *model, HibClassifierLearnt *learnt, const HibTrait *traits, size_t n,
      size_t class, int by)
{
    for (size_t i = 0; i < n; i++)
        if (traits[i].is_own && !(model && hib_model_row(model, traits[i].hash)))
            add_to(learnt, traits[i].hash, class, by);
}

/* `wanted` is to lead the classes of its head by `margin`. */
static void
teach(const HibClassifier *model, HibClassifierLearnt *learnt, const HibTrait *traits, size_t n,
      size_t wanted, float margin)
{
    const bool is_intent = wanted >= HIB_SENTIMENTS;
    const size_t begin = is_intent ? HIB_SENTIMENTS : 0,
                 end = is_intent ? HIB_CLASSES : HIB_SENTIMENTS;
    const float own = (float)count_own(traits, n);
    for (int step = 0; own > 0 && step < STEPS; step++) {
        float scores[HIB_CLASSES], shares[HIB_CLASSES];
        hib_model_scores(model, traits, n, scores);
        hib_learnt_scores(learnt, traits, n, scores);
        hib_model_shares(&model->head, scores, shares);
        size_t rival = wanted == begin ? begin + 1 : begin;
        for (size_t c = begin; c < end; c++)
            if (c != wanted && shares[c] > shares[rival])
                rival = c;
        float lead =
            hib_model_log((double)MAX(shares[wanted], LEAST) / (double)MAX(shares[rival], LEAST));
        if (lead >= margin)
            return;
        int by = (int)ceilf((margin - lead) / (2 * UNIT * sqrtf(own)));
        const HibClassifier *spares = !is_intent && step < STEPS / 2 ? model : NULL;
        nudge(spares, learnt, traits, n, wanted, by);
        nudge(spares, learnt, traits, n, rival, -by);
        if (is_intent && step == 0 && lead < 0) {
            add_to(learnt, EVERY, wanted, EVERY_STEP);
            add_to(learnt, EVERY, rival, -EVERY_STEP);
        }
    }
}

void
hib_classifier_learn(const HibClassifier *model, HibClassifierLearnt *learnt, const char *text,
                     size_t n, HibSentiment sentiment, HibIntent intent)
{
    HibSigns signs;
    HibTrait traits[HIB_TRAITS];
    HibClassified read;
    hib_classify(model, learnt, text, n, &read);
    hib_signs_of(text, n, &signs);
    size_t n_traits = hib_traits_of(&signs, traits);
    make_room(learnt, count_own(traits, n_traits) + 1);
    bool is_told[2] = {sentiment != HIB_SENTIMENT_UNSURE, intent != HIB_INTENT_UNSURE};
    size_t wanted[2] = {is_told[0] ? sentiment : read.likely_sentiment,
                        HIB_SENTIMENTS + (size_t)(is_told[1] ? intent : read.likely_intent)};
    for (int round = 0; round < ROUNDS; round++) { /* what moves one may move the other */
        teach(model, learnt, traits, n_traits, wanted[0], is_told[0] ? margins[0] : HELD);
        teach(model, learnt, traits, n_traits, wanted[1], is_told[1] ? margins[1] : HELD);
    }
}

/* --- bytes ------------------------------------------------------------------------------------------------------------------------ */
static int
by_hash(const void *a, const void *b)
{
    uint32_t x = ((const Entry *)a)->hash, y = ((const Entry *)b)->hash;
    return x < y ? -1 : x > y;
}

GBytes *
hib_classifier_learnt_bytes(const HibClassifierLearnt *learnt)
{
    GByteArray *out = g_byte_array_new();
    uint64_t n = learnt->n;
    g_byte_array_append(out, (const guint8 *)MAGIC, 8);
    g_byte_array_append(out, (const guint8 *)&n, 8);
    for (size_t at = 0; at < SLOTS; at++)
        if (learnt->slots[at].is_used)
            g_byte_array_append(out, (const guint8 *)&learnt->slots[at], ENTRY_BYTES);
    qsort(out->data + 16, learnt->n, ENTRY_BYTES, by_hash);
    return g_byte_array_free_to_bytes(out);
}

HibClassifierLearnt *
hib_classifier_learnt_read(const void *bytes, size_t n)
{
    g_autoptr(HibClassifierLearnt) learnt = hib_classifier_learnt_new();
    const char *at = bytes;
    uint64_t n_entries = 0;
    if (n >= 16)
        memcpy(&n_entries, at + 8, 8);
    bool is_good = n >= 16 && memcmp(at, MAGIC, 8) == 0 && n_entries <= MOST &&
                   n == 16 + n_entries * ENTRY_BYTES;
    for (uint64_t i = 0; is_good && i < n_entries; i++) {
        Entry entry;
        memcpy(&entry, at + 16 + i * ENTRY_BYTES, ENTRY_BYTES);
        Entry *slot = &learnt->slots[slot_of(learnt, entry.hash)];
        is_good = entry.is_used == 1 && !slot->is_used; /* each once */
        *slot = entry;
        learnt->n++;
    }
    return is_good ? g_steal_pointer(&learnt) : NULL;
}
