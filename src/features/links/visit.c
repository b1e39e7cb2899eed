/* Visitors by what they say of themselves: see visit.h. */
#include "links/visit.h"
#include "visits.h"
#include <string.h>

#define MOST_AGENT 512

static bool
has(const char *text, const char *word)
{
    return strstr(text, word) != NULL;
}

static void
find_device(const char *agent, HibVisitAgent *out)
{
    if (has(agent, "ipad")) {
        out->os = HIB_OS_IOS;
        out->device = HIB_DEVICE_TABLET;
    } else if (has(agent, "iphone") || has(agent, "ipod")) {
        out->os = HIB_OS_IOS;
        out->device = HIB_DEVICE_PHONE;
    } else if (has(agent, "android")) { /* a tablet leaves "Mobile" out */
        out->os = HIB_OS_ANDROID;
        out->device = has(agent, "mobile") ? HIB_DEVICE_PHONE : HIB_DEVICE_TABLET;
    } else if (has(agent, "windows nt") || has(agent, "macintosh") || has(agent, "x11") ||
               has(agent, "cros")) {
        out->device = HIB_DEVICE_DESKTOP;
    }
}

HibVisitAgent
hib_visit_agent(const char *agent)
{
    HibVisitAgent out = {.network = ""};
    char low[MOST_AGENT] = " "; /* so that a word can begin with a blank */
    if (!agent || !*agent) {
        out.is_bot = true;
        return out;
    }
    for (size_t i = 0; agent[i] && i + 2 < sizeof low; i++)
        low[i + 1] = g_ascii_tolower(agent[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(bot_agents) && !out.is_bot; i++)
        out.is_bot = has(low, bot_agents[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(app_agents) && !*out.network; i++)
        if (has(low, app_agents[i].agent))
            out.network = app_agents[i].network;
    find_device(low, &out);
    return out;
}

static bool
is_of(const char *host, size_t n, const char *domain)
{
    size_t n_domain = strlen(domain);
    return n >= n_domain && g_ascii_strncasecmp(host + n - n_domain, domain, n_domain) == 0 &&
           (n == n_domain || host[n - n_domain - 1] == '.');
}

/* The longest host that fits: mail.google.com is no search. */
HibLinkReferrer
hib_visit_referrer(const char *referrer, const char **ret_network)
{
    const char *host = referrer ? strstr(referrer, "://") : NULL;
    *ret_network = "";
    if (!host)
        return HIB_REFERRER_NONE;
    host += 3;
    size_t n = strcspn(host, "/?#:"), best = 0;
    HibLinkReferrer out = HIB_REFERRER_OTHER;
    for (size_t i = 0; i < G_N_ELEMENTS(referrer_hosts); i++) {
        size_t n_domain = strlen(referrer_hosts[i].host);
        if (n_domain <= best || !is_of(host, n, referrer_hosts[i].host))
            continue;
        best = n_domain;
        out = (HibLinkReferrer)referrer_hosts[i].from;
        *ret_network = referrer_hosts[i].network;
    }
    return out;
}

void
hib_visit_language(const char *accept, char out[4])
{
    size_t n = 0;
    memset(out, 0, 4);
    for (; accept && n < 3 && g_ascii_isalpha(accept[n]); n++)
        out[n] = g_ascii_tolower(accept[n]);
    if (n < 2 || g_ascii_isalpha(accept[n]))
        memset(out, 0, 4);
}
