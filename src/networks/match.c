/* Finding a post whose outcome is unknown among those the network lists: same text as a reader would call it, as many media, made
 * after it was sent, and not one that is known to be another post of the account (so near-identical posts close in time stay apart). */
#include "networks/call.h"
#include "text/count.h"

#include <string.h>

static bool
is_taken(const HibNetSending *sending, const char *remote_id)
{
    for (size_t i = 0; sending->taken && sending->taken[i]; i++)
        if (g_str_equal(sending->taken[i], remote_id))
            return true;
    return false;
}

int
hib_net_match(HibArena *arena, const HibNetSending *sending, const HibNetSeen *seen, size_t n)
{
    const HibNetPost *post = sending->post;
    const char *wanted = hib_text_fingerprint(arena, post->text);
    HibInstant from = sending->sent_at ? sending->sent_at : post->created_at;
    HibDuration best_gap = 0;
    int best = -1;
    for (size_t i = 0; i < n; i++) {
        const HibNetSeen *one = &seen[i];
        HibDuration gap = one->at > from ? one->at - from : from - one->at;
        if (one->at && one->at < from - HIB_NET_CLOCKS_DIFFER)
            continue;
        if (one->n_media >= 0 && (size_t)one->n_media != post->n_media)
            continue;
        if (is_taken(sending, one->remote_id) ||
            !g_str_equal(hib_text_fingerprint(arena, one->text), wanted))
            continue;
        if (best < 0 || gap < best_gap) {
            best = (int)i;
            best_gap = gap;
        }
    }
    return best;
}
