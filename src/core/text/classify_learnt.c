/* What was learnt of a workspace's corrections (classify_learn.c): a sparse table over traits, a signed byte a class. */
#include "text/classify_private.h"

#include <math.h>
#include <string.h>

enum { ENTRY_BYTES = 16, MOST = HIB_LEARNT_MOST, SLOTS = 16384 };
#define MAGIC "HIBLRN3\n"
#define UNIT (1.0f / 16)

typedef struct {
    uint32_t hash;
    int8_t weight[HIB_CLASSES];
    uint8_t is_used;
} Entry;
G_STATIC_ASSERT(sizeof(Entry) == ENTRY_BYTES);
G_STATIC_ASSERT(MOST < SLOTS * 3 / 4);

struct HibClassifierLearnt {
    size_t n;
    Entry slots[SLOTS]; /* open addressing by the hash's lower bits */
};

HibClassifierLearnt *
hib_learnt_new(void)
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

void
hib_learnt_put(HibClassifierLearnt *learnt, uint32_t hash, const float *weights)
{
    g_return_if_fail(learnt->n < MOST);
    Entry *entry = &learnt->slots[slot_of(learnt, hash)];
    learnt->n += !entry->is_used;
    *entry = (Entry){.hash = hash, .is_used = 1};
    for (size_t c = 0; c < HIB_CLASSES; c++)
        entry->weight[c] = (int8_t)CLAMP(lroundf(weights[c] / UNIT), -127, 127);
}

float
hib_learnt_share(const HibTrait *traits, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += traits[i].own * traits[i].own;
    return sum ? 1.0f / sqrtf((float)sum) : 0;
}

void
hib_learnt_scores(const HibClassifierLearnt *learnt, const HibTrait *traits, size_t n,
                  float *scores)
{
    int32_t sums[HIB_CLASSES] = {0};
    if (!learnt->n)
        return;
    for (size_t i = 0; i < n; i++) {
        const Entry *entry = traits[i].own ? &learnt->slots[slot_of(learnt, traits[i].hash)] : NULL;
        for (size_t c = 0; entry && entry->is_used && c < HIB_CLASSES; c++)
            sums[c] += entry->weight[c] * traits[i].own;
    }
    const float share = hib_learnt_share(traits, n) * UNIT;
    for (size_t c = 0; c < HIB_CLASSES; c++)
        scores[c] += (float)sums[c] * share;
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
    g_autoptr(HibClassifierLearnt) learnt = hib_learnt_new();
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
