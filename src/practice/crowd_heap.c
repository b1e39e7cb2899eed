/* The crowd's events, the earliest first: a binary heap. Events of one instant come in the order of posts and sources, so that the
 * order never depends on when they were put in. */
#include "practice/crowd_private.h"

static inline bool
is_before(const CrowdEvent *a, const CrowdEvent *b)
{
    if (a->at != b->at)
        return a->at < b->at;
    return a->post != b->post ? a->post < b->post : a->what < b->what;
}

void
hib_crowd_push(HibCrowd *crowd, CrowdEvent event)
{
    g_array_append_val(crowd->heap, event);
    CrowdEvent *heap = (CrowdEvent *)(void *)crowd->heap->data;
    guint i = crowd->heap->len - 1;
    for (; i > 0 && is_before(&event, &heap[(i - 1) / 2]); i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = event;
}

bool
hib_crowd_pop(HibCrowd *crowd, HibInstant until, CrowdEvent *ret)
{
    CrowdEvent *heap = (CrowdEvent *)(void *)crowd->heap->data;
    if (crowd->heap->len == 0 || heap[0].at > until)
        return false;
    *ret = heap[0];
    guint n = crowd->heap->len - 1;
    const CrowdEvent last = heap[n];
    guint i = 0;
    for (;;) {
        guint child = 2 * i + 1;
        if (child >= n)
            break;
        child += child + 1 < n && is_before(&heap[child + 1], &heap[child]);
        if (!is_before(&heap[child], &last))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    g_array_set_size(crowd->heap, n);
    return true;
}
