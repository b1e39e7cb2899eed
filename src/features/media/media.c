/* The record of media/: its jobs. It listens to nobody. And the names of its states. */
#include "media/media.h"
#include "media/media_private.h"

const HibFeature hib_media = {
    .name = "media",
    .jobs = hib_media_jobs,
};

static const char *const kinds[] = {"image", "gif", "video"};
static const char *const states[] = {"working", "ready", "failed", "cancelled"};

const char *
hib_media_kind_name(HibMediaKind kind)
{
    return kinds[kind];
}

const char *
hib_media_state_name(HibMediaState state)
{
    return states[state];
}

HibMediaKind
hib_media_kind_from(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(kinds[i], name))
            return (HibMediaKind)i;
    return HIB_MEDIA_IMAGE;
}

HibMediaState
hib_media_state_from(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
        if (g_str_equal(states[i], name))
            return (HibMediaState)i;
    return HIB_MEDIA_FAILED;
}
