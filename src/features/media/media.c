/* The record of media/: its job. It listens to nobody. */
#include "media/media.h"
#include "media/media_private.h"

const HibFeature hib_media = {
    .name = "media",
    .jobs = hib_media_jobs,
};
