/* Inside links/ only: what kind of visitor follows a link, told by what its browser says of itself. Pure; the words are data (rules/links/visits.json). */
#pragma once
#include "links/links.h"

typedef enum { HIB_OS_OTHER, HIB_OS_IOS, HIB_OS_ANDROID } HibVisitOs;
typedef struct {
    HibLinkDevice device;
    HibVisitOs os;
    bool is_bot;
    const char *network; /* whose app it is; "": none that is known. Static */
} HibVisitAgent;
HibVisitAgent hib_visit_agent(const char *agent); /* NULL: none said, which no browser does */
/* `*ret_network` static; "" where it is no network's. */
HibLinkReferrer hib_visit_referrer(const char *referrer, const char **ret_network);
/* Primary subtag of the first language, lower case; "": none. */
void hib_visit_language(const char *accept, char out[4]);
