/* What publishing one thing costs, before it goes out: money, and what it takes from the network's quota. Pure; prices and quotas are the
 * data of rules/networks. A thread or a first comment is several posts: the caller adds them up. */
#pragma once
#include "networks/network.h"

typedef struct {
    int64_t micros;       /* of `currency`; 0: nothing */
    const char *currency; /* "USD"; NULL: the network takes no money */
    bool has_link;        /* a link made it dearer (X) */
    const char *quota;    /* as in HibNetQuotaRule; NULL: none */
    int64_t
        takes; /* how much of it; -1: as much as it reaches people (LINE to all friends): HibNetwork.estimate */
} HibNetPrice;

HibNetPrice hib_net_price(const HibNetwork *network, const HibNetPost *post);
