/* Finding a metric. A reading asks for its metric by slug a million times a second: a small table of hashes, made once. */
#include "metrics/metrics.h"
#include "metrics/metrics_private.h"
#include <glib.h>
#include <string.h>

enum { SLOTS = 512, IDS = 256 }; /* four times what is filled */

typedef struct {
    const HibMetric *slots[SLOTS], *of_id[IDS];
} Index;

static unsigned
slot_of(const char *slug)
{
    unsigned hash = 2166136261U; /* FNV-1a */
    for (; *slug; slug++)
        hash = (hash ^ (unsigned char)*slug) * 16777619U;
    return (hash ^ hash >> 15) % SLOTS;
}

static gpointer
make_index(gpointer data G_GNUC_UNUSED)
{
    static Index index;
    for (size_t i = 0; i < hib_metric_table_n; i++) {
        const HibMetric *metric = &hib_metric_table[i];
        unsigned slot = slot_of(metric->slug);
        while (index.slots[slot])
            slot = (slot + 1) % SLOTS;
        index.slots[slot] = metric;
        index.of_id[metric->id] = metric;
    }
    return &index;
}

static const Index *
get_index(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, make_index, NULL);
}

const HibMetric *
hib_metrics(size_t *ret_n)
{
    *ret_n = hib_metric_table_n;
    return hib_metric_table;
}

const HibMetric *
hib_metric_find(const char *slug)
{
    const Index *index = get_index();
    for (unsigned slot = slot_of(slug); index->slots[slot]; slot = (slot + 1) % SLOTS)
        if (strcmp(index->slots[slot]->slug, slug) == 0)
            return index->slots[slot];
    return NULL;
}

const HibMetric *
hib_metric_of_id(int id)
{
    return id > 0 && id < IDS ? get_index()->of_id[id] : NULL;
}

bool
hib_metric_is_read(const HibMetric *metric)
{
    return metric->kind <= HIB_METRIC_MEAN;
}

const HibMetricMeaning *
hib_metric_meaning(const HibMetric *metric, const char *network)
{
    for (size_t i = 0; i < metric->n_meanings; i++)
        if (strcmp(metric->meanings[i].network, network) == 0)
            return &metric->meanings[i];
    return NULL;
}
