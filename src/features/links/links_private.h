/* Inside links/ only. */
#pragma once
#include "links/links.h"

/* --- targets and codes (target.c); pure ----------------------------------------------------------------------------------- */
bool hib_link_check_target(const HibLinkDomain *domain, const char *url, const char *pointer,
                           GError **error);
bool hib_link_check_app(const HibLinkDomain *domain, const char *url, const char *pointer,
                        GError **error);
bool hib_link_check_slug(const char *slug, GError **error);
void hib_link_code(void (*fill)(void *out, size_t n), char out[HIB_LINK_CODE + 1]);
/* A network by its name, static; NULL: none of them. */
const char *hib_link_network(const char *name);
/* An address as a header may have it: the host in ASCII, other bytes escaped. Owned by the caller. */
char *hib_link_location(const char *url);

/* --- how links are named ----------------------------------------------------------------------------------------------- */
extern const char *const hib_utm_names[HIB_UTM_FIELDS]; /* "utm_source" … */
/* is_lower and the rules; hosts and medium stay. The errors of hib_utm_check_value for allowed values that break the rule themselves. */
bool hib_links_set_utm_rules(HibDb *db, const HibUtm *utm, GError **error);

/* --- one's own contact in an address (personal.c) ------------------------------------------------------------------------ */
/* False: not our signature. */
bool hib_link_contact(HibKeys *keys, HibArena *arena, const char *code, const char *token,
                      uint8_t ret[16]);

/* Within the caller's transaction, unchecked: the id; NULL: refused. */
const char *hib_links_write(HibDb *db, const HibShortLink *link, GError **error);

bool hib_links_keep_domain(HibDb *db, const HibLinkDomain *domain, GError **error);

/* --- for the part that runs ------------------------------------------------------------------------------------------------ */
const HibLinkDomain *hib_links_domain(HibLinks *links);
/* A link was added or changed by this process: known at once. */
void hib_links_fresh(HibLinks *links, HibDb *db, const char *code);

/* --- reading clicks (count_store.c) ------------------------------------------------------------------------------------------ */
typedef struct {
    HibInstant at; /* of the hour */
    HibLinkCount count;
} HibLinkHour;
typedef struct {
    const char *network; /* "": it cannot be told */
    HibLinkCount count;
} HibLinkNetwork;
typedef struct {
    HibLinkHour *hours;
    size_t n_hours;
    HibLinkNetwork *networks;
    size_t n_networks;
    int64_t devices[HIB_DEVICES], referrers[HIB_REFERRERS];
} HibLinkClicks;
bool hib_links_clicks(HibDb *db, const char *link, HibInstant from, HibInstant to,
                      HibLinkClicks *ret, GError **error);

extern const HibForgetKind hib_links_forgets[]; /* forget.c */
