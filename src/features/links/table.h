/* Inside links/ only: the codes of all links in memory, so that a redirect asks nobody. A part of them when there are very many: what is not here is looked up in the store and comes in. */
#pragma once
#include "links/links_private.h"
#include "links/spool.h"
#include "links/visit.h"

typedef struct {
    char network[12];
    char *location;
} HibTableVariant;
typedef struct {
    char *code;
    uint8_t workspace[16], link[16];
    char *location, *ios, *android, *ended; /* as headers have them */
    HibInstant expires_at;                  /* 0: never */
    int64_t click_limit, n_clicks;          /* limit 0: none */
    char network[12];
    HibTableVariant *variants;
    size_t n_variants;
    bool is_archived, passes_click;
} HibTableEntry;
void hib_table_entry_free(HibTableEntry *entry);

typedef struct HibTable HibTable;
HibTable *hib_table_new(void);
void hib_table_free(HibTable *table);
void hib_table_put(HibTable *table,
                   HibTableEntry *entry); /* taken over; clicks counted here stay */
int64_t hib_table_size(HibTable *table);

/* What becomes of one who follows a code. */
typedef enum {
    HIB_WAY_UNKNOWN, /* not in the table */
    HIB_WAY_ENDED,
    HIB_WAY_TARGET,
    HIB_WAY_APP /* an app's own scheme on iOS: a page with both ways */
} HibWayKind;
typedef struct {
    HibWayKind kind;
    char *location; /* owned; ENDED: may be NULL */
    char *web;      /* owned; APP: the target */
    HibClick click; /* workspace, link, network are set where the code is known */
    bool passes_click;
} HibWay;
typedef struct {
    HibInstant now;
    HibVisitOs os;
    bool is_web;         /* asked for the target, not the app */
    const char *network; /* of the address: NULL: none */
    const char *seen_on; /* what browser or referrer tell; "" */
} HibWayAsk;
void hib_table_way(HibTable *table, const char *code, const HibWayAsk *ask, HibWay *ret);
void hib_table_count(HibTable *table, const char *code); /* a person's click, towards a limit */
void hib_way_clear(HibWay *way);
