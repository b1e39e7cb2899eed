/* The list of what only some networks offer. Bluesky, Facebook, Mastodon, TikTok and X tell an app like this one nothing of who follows; Facebook and TikTok have no search of public posts for an app like this one, LINE has no public posts;
 * who of some people follows, and who reposted or liked, is told by Bluesky, Mastodon and X alone. */
#include "networks/network_optional.h"
#include "networks/bluesky_private.h"
#include "networks/instagram_private.h"
#include "networks/line_private.h"
#include "networks/mastodon_private.h"
#include "networks/threads_private.h"
#include "networks/x_private.h"
#include "networks/youtube_private.h"

#include <string.h>

static const HibNetOptional optional[] = {
    {.network = "bluesky",
     .search_tag = hib_bluesky_search_tag,
     .follows = hib_bluesky_follows,
     .list_people = hib_bluesky_list_people,
     .read_rival = hib_bluesky_read_rival},
    {.network = "instagram",
     .search_tag = hib_instagram_search_tag,
     .read_audience = hib_instagram_read_audience,
     .read_rival = hib_instagram_read_rival,
     .finds_by_handle = true},
    {.network = "line", .read_audience = hib_line_read_audience},
    {.network = "mastodon",
     .search_tag = hib_mastodon_search_tag,
     .follows = hib_mastodon_follows,
     .list_people = hib_mastodon_list_people,
     .read_rival = hib_mastodon_read_rival},
    {.network = "threads",
     .search_tag = hib_threads_search_tag,
     .read_audience = hib_threads_read_audience},
    {.network = "x",
     .search_tag = hib_x_search_tag,
     .follows = hib_x_follows,
     .list_people = hib_x_list_people,
     .read_rival = hib_x_read_rival},
    {.network = "youtube",
     .search_tag = hib_youtube_search_tag,
     .read_audience = hib_youtube_read_audience,
     .read_rival = hib_youtube_read_rival},
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
