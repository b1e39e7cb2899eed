/* Inside links/ only: conversions and what they are credited to.
 *
 * A conversion comes from a page (script), from a shop's server (signed), from a table, or from a person; each is stored once under its kind and its own number. What leads it to
 * clicks is one of three: the click's id, the visitor's number that the script keeps after consent, a hashed address. */
#pragma once
#include "api.gen.h"
#include "base/json.h"
#include "http/services.h"
#include "links/links.h"
#include "stats/attribution.h"

typedef enum {
    HIB_CONVERSION_PURCHASE,
    HIB_CONVERSION_SIGN_UP,
    HIB_CONVERSION_RESERVATION,
    HIB_CONVERSION_STORE_VISIT,
    HIB_CONVERSION_COUPON,
    HIB_CONVERSION_OTHER,
    HIB_CONVERSION_KINDS
} HibConversionKind;
typedef enum {
    HIB_CONVERSION_SCRIPT,
    HIB_CONVERSION_SERVER,
    HIB_CONVERSION_TABLE,
    HIB_CONVERSION_PERSON
} HibConversionSource;

/* --- conversion.c: what comes in, read and checked; pure ------------------------------------------------------------ */
#define HIB_CONVERSION_ID 120             /* bytes of a number */
#define HIB_CONVERSION_MOST 1000000000000 /* of a value, in minor units */
#define HIB_CONVERSION_OLDEST (3 * 366 * HIB_DAY)
typedef struct {
    HibConversionKind kind;
    const char *id; /* NULL: none said */
    HibInstant at;
    bool has_value, has_click;
    int64_t value_minor;  /* corrections: what is added */
    const char *currency; /* NULL: none said */
    int64_t click;
    const char *contact;  /* SHA-256 hex of an address; NULL */
    const char *corrects; /* the number of the conversion it changes; NULL: it is one itself */
} HibConversion;
/* -1: none. */
int hib_conversion_kind(const char *name);
const char *hib_conversion_kind_name(HibConversionKind kind);
/* Digits behind the point of a currency (ISO 4217): 0, 2 or 3. */
int hib_currency_digits(const char *currency);
bool hib_currency_valid(const char *currency);
/* "1,980", "¥1,980", "19.80": false where it has more digits than the currency, or is none. */
bool hib_conversion_amount(const char *text, const char *currency, int64_t *ret);
/* Hex of a click, as hib_click carries it. */
bool hib_conversion_click(const char *text, int64_t *ret);
/* What an address is known by: SHA-256 of it trimmed, in lower case; or 64 hex characters taken as that already. NULL: neither. */
const char *hib_conversion_contact(HibArena *arena, const char *text);
/* All that can be said against one at once: INVALID conversion.bad_kind, …bad_id, …bad_time, …bad_value, …bad_currency, …bad_click, …bad_contact, with its pointer. */
bool hib_conversion_check(const HibConversion *one, HibInstant now, const char *pointer,
                          GError **error);
/* {"kind","id","at","value_minor","currency","click","contact","corrects"}. `now` where no time is said. */
bool hib_conversion_read(HibJson in, HibInstant now, HibConversion *ret, GError **error);
/* What a page's script sends. */
#define HIB_BEACON_CLICKS 20
typedef struct {
    const char *visitor; /* 32 hex characters */
    int64_t clicks[HIB_BEACON_CLICKS];
    size_t n_clicks;
    bool has_conversion;
    HibConversion conversion;
} HibBeacon;
bool hib_beacon_read(HibArena *arena, const char *body, size_t n, HibInstant now, HibBeacon *ret,
                     GError **error);
/* What a server sends: {"conversions":[…], "test": true|false}, 1..100. */
#define HIB_SERVER_CALL 100
typedef struct {
    HibConversion *rows;
    size_t n;
    bool is_test;
} HibServerCall;
bool hib_server_call_read(HibArena *arena, const char *body, size_t n, HibInstant now,
                          HibServerCall *ret, GError **error);
/* "t=SECONDS,v1=HEX": HMAC-SHA-256 of "SECONDS.BODY". */
#define HIB_SIGNATURE_HEADER "X-Hibiki-Signature"
#define HIB_SIGNATURE_AGE (5 * HIB_MINUTE)
const char *hib_conversion_sign(HibArena *arena, const char *secret, HibInstant at,
                                const void *body, size_t n);
/* FORBIDDEN conversion.bad_signature, conversion.stale. */
bool hib_conversion_verify(HibArena *arena, const char *secret, const char *header, HibInstant now,
                           const void *body, size_t n, GError **error);
/* The script of a site, under 2 kB. */
const char *hib_conversion_script(HibArena *arena, const char *base_url, const char *key,
                                  bool asks_consent);

/* --- conversion_store.c ------------------------------------------------------------------------------------------------- */
typedef struct {
    int64_t value_minor;
    const char *currency;
} HibConversionWorth;
typedef struct {
    const char *workspace, *key, *secret_sealed;
    bool asks_consent, takes_script, counts_said;
    int64_t window_days, window_n, n_refused;
    int64_t touch_days;                         /* how long whose click it was is kept */
    HibInstant window_at, taken_at, refused_at; /* 0: never */
    HibConversionWorth worth[HIB_CONVERSION_KINDS];
} HibSite;
/* Made when it is first asked for. */
bool hib_site_get(HibDb *db, const HibServices *services, HibSite *ret, GError **error);
bool hib_site_set(HibDb *db, const HibServices *services, const HibSite *site, GError **error);
/* A new secret; the former one signs no more. */
bool hib_site_renew(HibDb *db, const HibServices *services, const char **ret, GError **error);
bool hib_site_secret(HibDb *db, const HibServices *services, const HibSite *site, const char **ret,
                     GError **error);
/* By the key in an address: NOT_FOUND conversion.unknown_site, TOO_MANY conversion.too_many. *ret_db is scoped to its workspace; owned by the caller. */
bool hib_site_open(HibDb *global, const char *key, HibSite *ret, HibDb **ret_db, GError **error);
/* `origin` NULL: no browser said one. FORBIDDEN conversion.other_site, conversion.script_off. */
bool hib_site_take_beacon(HibDb *db, const HibSite *site, const char *origin, const char *body,
                          size_t n, GError **error);
typedef struct {
    const char *id;
    bool is_known; /* it was here before */
} HibConversionOutcome;
/* CONFLICT conversion.replayed, and what verifying and reading say; nothing is stored then. */
bool hib_site_take_call(HibDb *db, const HibServices *services, const HibSite *site,
                        const char *signature, const char *body, size_t n, bool *ret_is_test,
                        HibConversionOutcome **ret, size_t *ret_n, GError **error);
/* Within the caller's transaction. NOT_FOUND conversion.unknown where what it corrects is not here; INVALID conversion.bad_currency where it is of another. */
bool hib_conversion_store(HibDb *db, const HibSite *site, const HibConversion *one,
                          HibConversionSource source, const char *visitor, const char *import,
                          bool *ret_is_known, GError **error);

/* One as it stands. */
typedef struct {
    const char *id, *external_id, *currency;
    HibConversionKind kind;
    HibConversionSource source;
    HibInstant at, received_at;
    int64_t value_minor, net_minor;
    bool has_click, has_visitor, has_contact;
} HibConversionKept;
/* The newest first. INVALID post.bad_cursor. */
bool hib_conversion_list(HibDb *db, const int64_t *kind, const char *cursor, size_t limit,
                         HibConversionKept **ret, size_t *ret_n, const char **ret_next,
                         GError **error);
/* Once under `id`. NOT_FOUND conversion.unknown. */
bool hib_conversion_correct(HibDb *db, const HibServices *services, const char *conversion,
                            const char *id, int64_t value_minor, HibConversionKept *ret,
                            GError **error);

/* --- conversion_import.c ---------------------------------------------------------------------------------------------------- */
#define HIB_CONVERSION_ROWS 50000
typedef struct {
    size_t row;         /* as a spreadsheet counts, 1 is the head */
    const char *column; /* as the file's head has it; NULL: the row as a whole */
    const char *reason, *detail;
} HibConversionProblem;
typedef struct {
    const char *id, *name;
    int state;                      /* 0 open, 1 done, 2 undone */
    HibInstant created_at, done_at; /* done_at 0: not */
    int64_t n_rows, n_known, n_bad_rows;
    HibConversion *rows; /* of an open one */
    HibConversionProblem *problems;
    size_t n_problems;
} HibConversionImport;
/* conversion_table.c: pure. `csv` is UTF-8 and written over. INVALID conversion.no_columns, conversion.too_many_rows, conversion.empty. */
typedef struct {
    const char *locale;
    const HibZone *zone;
    HibInstant now;
    /* The currency of a conversion that is there already; NULL: it is not. */
    bool (*find)(void *data, HibConversionKind kind, const char *number, const char **ret_currency,
                 GError **error);
    void *data;
} HibConversionTable;
bool hib_conversion_table_read(HibArena *arena, const HibConversionTable *in, char *csv, size_t n,
                               HibConversionImport *ret, GError **error);
/* The table is read and judged, nothing of it is stored. INVALID table.encoding, conversion.no_columns, conversion.too_many_rows, conversion.empty. */
bool hib_conversion_import_add(HibDb *db, const HibServices *services, const char *locale,
                               const char *name, GBytes *file, HibConversionImport *ret,
                               GError **error);
bool hib_conversion_import_get(HibDb *db, const HibServices *services, const char *locale,
                               const char *id, HibConversionImport *ret, GError **error);
/* All of it once, in one transaction. CONFLICT import.has_errors. */
bool hib_conversion_import_confirm(HibDb *db, const HibServices *services, const char *locale,
                                   const char *id, HibConversionImport *ret, GError **error);
/* An open one is forgotten; what a done one stored goes again. */
bool hib_conversion_import_drop(HibDb *db, const char *id, GError **error);

/* The last 20 that were stored, without rows. */
bool hib_conversion_import_list(HibDb *db, HibConversionImport **ret, size_t *ret_n,
                                GError **error);

/* --- attribution_paths.c: pure ------------------------------------------------------------------------------------------------ */
typedef struct {
    HibInstant at;
    int64_t click, day_visitor;
    const char *channel;          /* a key; equal text, equal channel */
    const char *visitor, *person; /* NULL: its browser never told; nobody known */
    bool is_said;                 /* no click: something said by the person */
} HibTouch;
typedef struct {
    HibInstant at;
    double value;
    bool has_click;
    int64_t click;
    const char *visitor, *contact, *person; /* NULL: not said, not known */
} HibGoalReached;
typedef struct {
    HibPaths paths;
    const char **
        channels; /* keys, by number of touches; the last is NULL where the rarer ones stand together */
    int64_t *n_touches;     /* of each */
    int64_t n_unattributed; /* conversions without a touch within the window */
    double value_unattributed;
} HibJourneys;
/* `touches` and `goals` in any order; sorted in place. */
void hib_journeys(HibArena *arena, HibTouch *touches, size_t n_touches, HibGoalReached *goals,
                  size_t n_goals, HibDuration window, size_t most_channels, HibJourneys *ret);

/* --- attribution_store.c: clicks and conversions, credited ------------------------------------------------------------- */
typedef enum { HIB_BY_NETWORK, HIB_BY_CAMPAIGN, HIB_BY_POST, HIB_BY_LINK } HibAttributionDimension;
typedef struct {
    HibInstant from, to;
    HibAttributionDimension dimension;
    const int64_t *kind;  /* NULL: all */
    const char *currency; /* NULL: the most frequent */
} HibAttributionAsked;
#define HIB_ATTRIBUTION_STEPS 12
typedef struct {
    int64_t
        channels[HIB_ATTRIBUTION_STEPS]; /* the last ones; the same twice in a row stands once */
    size_t n;
    int64_t conversions, nulls;
    double value;
    const char *key;
} HibAttributionPath;
typedef struct {
    int64_t window_days, n_conversions, n_other_currency;
    const char *currency; /* NULL: no conversion */
    bool is_cut;          /* the oldest were left out */
    HibJourneys journeys;
    HibAttribution credits;
    const char **labels; /* of each channel: a link's title; NULL */
    HibAttributionPath **paths;
    size_t n_paths;
} HibAttributed;
/* Whether a channel is something said, and at which network. */
bool hib_said_channel(const char *key, HibSaidKind *ret, const char **ret_network);
/* INVALID post.bad_range. */
bool hib_links_attribute(HibDb *db, const HibServices *services, const HibAttributionAsked *asked,
                         HibAttributed *ret, GError **error);
