/* The list of networks this build knows, and the names of the result classes. */
#include "networks/network.h"
#include "networks/bluesky.h"

#include <string.h>

const HibNetwork *const hib_networks[] = {&hib_bluesky, NULL};

const HibNetwork *
hib_network_find(const char *name)
{
    for (size_t i = 0; name && hib_networks[i]; i++)
        if (!strcmp(hib_networks[i]->name, name))
            return hib_networks[i];
    return NULL;
}

const char *
hib_net_class_name(HibNetClass class)
{
    static const char *const names[] = {
        [HIB_NET_OK] = "ok",
        [HIB_NET_RETRY_SAME] = "retry_same",
        [HIB_NET_RETRY_AFTER] = "retry_after",
        [HIB_NET_RECONCILE] = "reconcile",
        [HIB_NET_REFRESH_AUTH] = "refresh_auth",
        [HIB_NET_REAUTH_HUMAN] = "reauth_human",
        [HIB_NET_WAIT_ASYNC] = "wait_async",
        [HIB_NET_NEW_HANDLE] = "new_handle",
        [HIB_NET_QUOTA] = "quota",
        [HIB_NET_FIX_CONTENT] = "fix_content",
        [HIB_NET_BLOCKED] = "blocked",
        [HIB_NET_FATAL] = "fatal",
    };
    return (unsigned)class < G_N_ELEMENTS(names) ? names[class] : "fatal";
}
