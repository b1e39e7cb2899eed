/* The list of what only some networks offer. Facebook and TikTok have no search of public posts for an app like this one, LINE has no public posts. */
#include "networks/network_optional.h"
#include "networks/bluesky_private.h"
#include "networks/instagram_private.h"
#include "networks/mastodon_private.h"
#include "networks/threads_private.h"
#include "networks/x_private.h"
#include "networks/youtube_private.h"

#include <string.h>

static const HibNetOptional optional[] = {
    {"bluesky", hib_bluesky_search_tag},
    {"instagram", hib_instagram_search_tag},
    {"mastodon", hib_mastodon_search_tag},
    {"threads", hib_threads_search_tag},
    {"x", hib_x_search_tag},
    {"youtube", hib_youtube_search_tag},
};

const HibNetOptional *
hib_net_optional(const HibNetwork *network)
{
    static const HibNetOptional none = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(optional); i++)
        if (!strcmp(optional[i].network, network->name))
            return &optional[i];
    return &none;
}
