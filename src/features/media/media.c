/* The record of media/: it has no jobs and listens to nobody. */
#include "media/media.h"
#include "media/media_private.h"

const HibFeature hib_media = {
    .name = "media",
};
