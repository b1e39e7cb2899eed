/* Links: short links on our own domain, who followed them, and how links are named (UTM).
 *
 * A redirect never waits for the store: codes are in memory (table.c), a click is durable in a spool of our own before the
 * reply leaves (spool.c) and is taken into the store from there, each once (clicks.c). No address of a visitor is kept. */
#pragma once
#include "store/feature.h"
#include "store/store.h"

extern const HibFeature hib_links;

/* --- how links are named (utm.c) ------------------------------------------------------------------------------------ */
typedef enum {
    HIB_UTM_SOURCE,
    HIB_UTM_MEDIUM,
    HIB_UTM_CAMPAIGN,
    HIB_UTM_TERM,
    HIB_UTM_CONTENT,
    HIB_UTM_FIELDS
} HibUtmField;
typedef struct {
    bool is_required;
    const char *const *allowed; /* none: any */
    size_t n_allowed;
    const char *pattern; /* * and ?; NULL: any */
} HibUtmRule;
typedef struct {
    bool is_on;               /* links of posts to own sites are marked */
    const char *const *hosts; /* own sites; their subdomains too */
    size_t n_hosts;
    const char *medium; /* utm_medium */
    bool is_lower;      /* values are lower case */
    HibUtmRule rules[HIB_UTM_FIELDS];
} HibUtm;
bool hib_links_utm(HibDb *db, HibUtm *ret, GError **error);
/* Pure. An http(s) address of an own site; one that somebody marked already; the address marked with source, medium and campaign (NULL: none). */
bool hib_utm_is_own(const HibUtm *utm, const char *url);
bool hib_utm_is_marked(const char *url);
const char *hib_utm_mark(HibArena *arena, const HibUtm *utm, const char *url, const char *source,
                         const char *campaign);
/* A value as the workspace's rules want it. INVALID links.utm_missing, links.utm_case, links.utm_value, links.utm_pattern (details field, value), with `pointer`. `value` NULL: there is
 * none. */
bool hib_utm_check_value(const HibUtm *utm, HibUtmField field, const char *value,
                         const char *pointer, GError **error);
/* All fields of an address. One of no own site that is not marked needs none. */
bool hib_utm_check(HibArena *arena, const HibUtm *utm, const char *url, const char *pointer,
                   GError **error);
/* is_on, hosts and medium, as plan's kit has them; the rest stays. Within the caller's transaction. */
bool hib_links_mark_hosts(HibDb *db, bool is_on, const char *const *hosts, size_t n_hosts,
                          const char *medium, GError **error);
