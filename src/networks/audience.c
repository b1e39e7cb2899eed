/* Gathering who follows an account. */
#include "networks/audience.h"

#include <glib.h>
#include <string.h>

#define MOST_NAME 200
#define ROOM ((size_t)HIB_NET_AUDIENCE_PARTS * HIB_NET_AUDIENCE_GROUPS * 4)

HibNetAudience
hib_net_audience(HibArena *arena)
{
    return (HibNetAudience){.groups = hib_arena_array(arena, HibNetAudienceGroup, ROOM),
                            .total = -1};
}

void
hib_net_audience_add(HibNetAudience *audience, HibNetAudienceGroup group)
{
    const size_t length = group.name ? strlen(group.name) : 0;
    if (!length || length > MOST_NAME || !(group.share >= 0 && group.share <= 1.001))
        return;
    for (size_t i = 0; i < audience->n; i++) {
        HibNetAudienceGroup *is = &audience->groups[i];
        if (is->part == group.part && g_str_equal(is->name, group.name)) {
            is->share += group.share;
            is->count = is->count < 0 || group.count < 0 ? -1 : is->count + group.count;
            return;
        }
    }
    if (audience->n < ROOM)
        audience->groups[audience->n++] = group;
}

static int
by_part_and_size(const void *a, const void *b)
{
    const HibNetAudienceGroup *left = a, *right = b;
    if (left->part != right->part)
        return left->part < right->part ? -1 : 1;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    if (left->share < right->share || left->share > right->share)
        return left->share > right->share ? -1 : 1;
    return strcmp(left->name, right->name);
}

static void
share_out(HibNetAudience *audience, HibNetAudiencePart part)
{
    int64_t sum = 0;
    for (size_t i = 0; i < audience->n; i++)
        if (audience->groups[i].part == part && audience->groups[i].count > 0)
            sum += audience->groups[i].count;
    const double whole = (double)MAX(MAX(audience->total, sum), 1);
    for (size_t i = 0; i < audience->n; i++)
        if (audience->groups[i].part == part && audience->groups[i].count >= 0)
            audience->groups[i].share = (double)audience->groups[i].count / whole;
}

void
hib_net_audience_end(HibNetAudience *audience)
{
    size_t n_of[HIB_NET_AUDIENCE_PARTS] = {0}, kept = 0;
    for (int part = 0; part < HIB_NET_AUDIENCE_PARTS; part++)
        share_out(audience, (HibNetAudiencePart)part);
    qsort(audience->groups, audience->n, sizeof *audience->groups, by_part_and_size);
    for (size_t i = 0; i < audience->n; i++) {
        HibNetAudienceGroup group = audience->groups[i];
        group.share = MIN(group.share, 1);
        if (n_of[group.part]++ < HIB_NET_AUDIENCE_GROUPS)
            audience->groups[kept++] = group;
    }
    audience->n = kept;
}
