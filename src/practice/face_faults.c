/* Faults: which one a call meets. */
#include "practice/face_private.h"

#include <string.h>

static const char *const names[HIB_FAULT_N] = {
    [HIB_FAULT_NONE] = "none",
    [HIB_FAULT_RATE_LIMITED] = "rate_limited",
    [HIB_FAULT_ERROR] = "error",
    [HIB_FAULT_ERROR_AFTER] = "error_after",
    [HIB_FAULT_CUT_BEFORE] = "cut_before",
    [HIB_FAULT_CUT_AFTER] = "cut_after",
    [HIB_FAULT_DELAY] = "delay",
    [HIB_FAULT_STALL] = "stall",
    [HIB_FAULT_EXPIRED_TOKEN] = "expired_token",
    [HIB_FAULT_ENDED_GRANT] = "ended_grant",
    [HIB_FAULT_EMPTY_TOKEN] = "empty_token",
    [HIB_FAULT_REFUSED] = "refused",
    [HIB_FAULT_QUOTA] = "quota",
    [HIB_FAULT_NONSENSE] = "nonsense",
    [HIB_FAULT_SLOW] = "slow",
    [HIB_FAULT_PROCESSING_FAILED] = "processing_failed",
    [HIB_FAULT_HOOK_TWICE] = "hook_twice",
    [HIB_FAULT_HOOK_SWAPPED] = "hook_swapped",
};

const char *
hib_fault_name(HibFault fault)
{
    return names[fault];
}

HibFault
hib_fault_find(const char *name)
{
    int i = 0;
    while (i < HIB_FAULT_N && strcmp(names[i], name) != 0)
        i++;
    return (HibFault)i;
}

static bool
is_at(const HibPracticeFault *fault, const HibPracticeCall *call)
{
    if (!fault->at)
        return true;
    g_autofree char *line = g_strconcat(call->verb, " ", call->path, NULL);
    return g_pattern_match_simple(fault->at, call->route->step) ||
           g_pattern_match_simple(fault->at, line);
}

static void
forget(HibPracticeFace *face, size_t i)
{
    g_free((char *)(uintptr_t)face->faults[i].at);
    face->n_faults--;
    memmove(&face->faults[i], &face->faults[i + 1], (face->n_faults - i) * sizeof face->faults[0]);
}

HibPracticeFault
hib_face_fault_take(HibPracticeCall *call)
{
    HibPracticeFace *face = call->face;
    for (size_t i = 0; i < face->n_faults; i++) {
        HibPracticeFault *fault = &face->faults[i];
        HibPracticeFault out = *fault;
        bool is_of_hooks =
            fault->fault == HIB_FAULT_HOOK_TWICE || fault->fault == HIB_FAULT_HOOK_SWAPPED;
        if (is_of_hooks || !is_at(fault, call) ||
            (fault->share > 0 && hib_seeded_unit(&face->dice) >= fault->share))
            continue;
        if (fault->times > 0 && --fault->times == 0)
            forget(face, i);
        out.at = NULL;
        face->counts.n_faults++;
        return out;
    }
    return (HibPracticeFault){.fault = HIB_FAULT_NONE};
}

bool
hib_face_fault_hooks(HibPracticeFace *face, HibFault which)
{
    for (size_t i = 0; i < face->n_faults; i++) {
        HibPracticeFault *fault = &face->faults[i];
        if (fault->fault != which ||
            (fault->share > 0 && hib_seeded_unit(&face->dice) >= fault->share))
            continue;
        if (fault->times > 0 && --fault->times == 0)
            forget(face, i);
        face->counts.n_faults++;
        return true;
    }
    return false;
}

void
hib_face_faults_clear(HibPracticeFace *face)
{
    while (face->n_faults > 0)
        forget(face, face->n_faults - 1);
}

void
hib_practice_fault(HibPracticeFace *face, const HibPracticeFault *fault)
{
    pthread_mutex_lock(&face->lock);
    if (fault->fault == HIB_FAULT_NONE) {
        hib_face_faults_clear(face);
    } else if (fault->times != 0) {
        if (face->n_faults == FACE_FAULTS)
            forget(face, 0);
        HibPracticeFault *row = &face->faults[face->n_faults++];
        *row = *fault;
        row->at = g_strdup(fault->at);
    }
    pthread_mutex_unlock(&face->lock);
}
