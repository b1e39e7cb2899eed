/* Links: short links on our own domain, who followed them, and how links are named (UTM).
 *
 * A redirect never waits for the store: codes are in memory (table.c), a click is durable in a spool of our own before the
 * reply leaves (spool.c) and is taken into the store from there, each once (clicks.c). No address of a visitor is kept. */
#pragma once
#include "http/services.h"
#include "store/feature.h"

extern const HibFeature hib_links;

/* The demo's: three links, two of them of these campaigns, four weeks of visits and what came of them. Not in a transaction: it makes several. */
bool hib_links_example(HibDb *db, const HibServices *services, const char *const campaigns[2],
                       GError **error);

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

/* --- short links (link_store.c) ---------------------------------------------------------------------------------------- */
#define HIB_LINK_CODE 7  /* characters of a code that nobody chose */
#define HIB_LINK_SLUG 40 /* of a chosen one, at most */
typedef struct {
    const char *network, *target;
} HibLinkVariant;
typedef struct {
    int64_t clicks, visitors, bots,
        floods; /* people's; of them firsts of a day; programs'; what a flood added */
} HibLinkCount;
typedef struct {
    const char *id, *code, *target, *title;
    const char *ios_url, *android_url, *ended_url; /* NULL: none */
    HibInstant expires_at;                         /* 0: never */
    int64_t click_limit;                           /* 0: none */
    const char *post_id, *account_id, *network;    /* made for a post on an account; NULL: not */
    const char *campaign_id;
    HibInstant created_at, updated_at, archived_at; /* archived_at 0: in use */
    int64_t version;
    const HibLinkVariant *variants;
    size_t n_variants;
    HibLinkCount count;
} HibShortLink;
/* Where short links live. */
typedef struct {
    const char *base_url;  /* links are base_url/l/CODE … */
    const char *short_url; /* … or short_url/CODE; NULL: no domain of their own */
} HibLinkDomain;
/* What a link is as people see it. `services` may be without links: then base_url counts. */
const char *hib_links_url(HibArena *arena, const HibServices *services, const char *code);
/* The same for a contact, whose clicks then carry its id: the link's address with a signed token behind it. */
const char *hib_links_personal(HibArena *arena, const HibServices *services, const char *code,
                               const char *contact);

/* code NULL: seven characters of its own. INVALID links.target_… (with pointer), links.app_url, links.bad_code, links.bad_end, links.utm_…, accounts.network_unknown; CONFLICT
 * links.code_taken. ret: arena. */
bool hib_links_add(HibDb *db, const HibServices *services, const HibShortLink *link,
                   HibShortLink **ret, GError **error);
/* All that a person may change, of `version`. CONFLICT links.edited; NOT_FOUND links.unknown. */
bool hib_links_change(HibDb *db, const HibServices *services, const HibShortLink *link,
                      HibShortLink **ret, GError **error);
bool hib_links_archive(HibDb *db, const HibServices *services, const char *id, bool is_archived,
                       HibShortLink **ret, GError **error);
bool hib_links_get(HibDb *db, const char *id, HibShortLink **ret, GError **error);
typedef struct {
    const char *words, *post, *campaign; /* NULL: any */
    bool is_archived;
    int limit; /* 0: 50 */
    const char *cursor;
} HibLinkQuery;
bool hib_links_list(HibDb *db, const HibLinkQuery *query, HibShortLink **ret, size_t *ret_n,
                    const char **ret_next, GError **error);

/* --- links of a post (post_store.c) --------------------------------------------------------------------------------------- */
typedef struct {
    const char *account_id, *target, *url;
} HibPostLink;
/* What stands before a code ("https://hbk.example/"); NULL: no server ran on this store yet. */
bool hib_links_base(HibDb *db, const char **ret, GError **error);
bool hib_links_of_post(HibDb *db, const char *post, HibPostLink **ret, size_t *ret_n,
                       GError **error);
/* post_id, account_id, network, campaign_id, target and title; in the caller's transaction. The target is what a person wrote into the post. */
bool hib_links_add_to_post(HibDb *db, const HibShortLink *link, GError **error);

/* --- clicks ------------------------------------------------------------------------------------------------------------ */
/* Where from and on what, as links_v_click has them. */
typedef enum {
    HIB_REFERRER_NONE, /* typed, from an app, or not said */
    HIB_REFERRER_SOCIAL,
    HIB_REFERRER_SEARCH,
    HIB_REFERRER_MAIL,
    HIB_REFERRER_CHAT,
    HIB_REFERRER_OTHER,
    HIB_REFERRERS
} HibLinkReferrer;
typedef enum {
    HIB_DEVICE_OTHER,
    HIB_DEVICE_PHONE,
    HIB_DEVICE_TABLET,
    HIB_DEVICE_DESKTOP,
    HIB_DEVICES
} HibLinkDevice;

/* A redirect to an own site (HibUtm.hosts) carries the click's id as hib_click=HEX in its query: what happens there can be told to come from that click. links_v_click.id is the number. */
#define HIB_CLICK_PARAMETER "hib_click"

/* Clicks on links that were made for a contact are nobody's any more; in the caller's transaction. For a contact that is gone: its links may be opened long after. */
bool hib_links_forget_contact(HibDb *db, const char *contact, int64_t *ret_n, GError **error);

/* --- what people say, beside clicks (attribution_store.c) ------------------------------------------------------------------ */
typedef enum { HIB_SAID_COMMENT, HIB_SAID_MENTION, HIB_SAID_MESSAGE, HIB_SAID_KINDS } HibSaidKind;
typedef struct {
    HibInstant at;
    HibSaidKind kind;
    const char *network, *person;
} HibSaid;
/* Whose a click or a conversion is. */
typedef struct {
    int64_t click;
    const char *conversion; /* NULL: it is the click's */
    const char *person;
} HibWhose;
/* The feature above that knows people hands over what paths need of them; services->people, NULL: paths are made of clicks alone. `person` is any text that is the same for the same
 * person. At most `most`, the newest first; rows: arena. */
typedef struct HibPeople {
    bool (*said)(HibDb *db, HibInstant from, HibInstant to, int64_t most, HibSaid **ret,
                 size_t *ret_n, GError **error);
    /* Clicks on personal links, and conversions that are somebody's. */
    bool (*whose)(HibDb *db, HibInstant from, HibInstant to, int64_t most, HibWhose **ret,
                  size_t *ret_n, GError **error);
} HibPeople;

typedef struct HibCall HibCall; /* http/call.h */
typedef struct HibLinks HibLinks;
/* --- the part that runs (clicks.c) --------------------------------------------------------------------------------------- */
/* The table of codes, the spool and the threads that keep both; services->links. `folder`: for spools. What a former run left is taken in first. */
HibLinks *hib_links_open(HibStore *store, HibKeys *keys, const char *folder,
                         const HibLinkDomain *domain, GError **error);
void hib_links_close(HibLinks *links); /* when no call runs any more; NULL is fine */
/* hib_server's `early`: answers a known code on the server's own thread. */
bool hib_links_early(HibCall *call, void *services);
typedef struct {
    int64_t n_waiting; /* clicks that are durable but not in the store yet */
    int64_t n_held;    /* in memory only: the spool cannot be written */
    int64_t n_lost;    /* more than memory may hold */
    bool is_failing;   /* the spool could not be written the last time */
    HibInstant
        oldest_at; /* of what waits, where the store did not take it; 0: nothing waits long */
    HibInstant failed_at; /* when the spool could not be written the last time; 0: never */
    char failure[160];    /* in the disk's own words */
    bool is_store_down;   /* nor taken in */
    int64_t n_codes;      /* in memory */
} HibLinksHealth;
HibLinksHealth hib_links_health(HibLinks *links); /* NULL: all zero */

/* What lies in the spools of `folder` that the store does not have; of those a running server holds nothing is known. */
typedef struct {
    int64_t n;
    HibInstant oldest_at; /* where n > 0 */
    bool is_running;      /* a server holds some */
} HibLinksWaiting;
bool hib_links_waiting(HibStore *store, const char *folder, HibLinksWaiting *ret, GError **error);

/* Events out: link.created, link.changed (subject: link), link.clicked (subject: NULL; data: clicks, first_at, last_at, of people and programs just stored),
 * link.clicked_by_contact (the same, of those on links made for one person alone). */
