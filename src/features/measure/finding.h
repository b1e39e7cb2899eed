/* Findings: whether time, weekday, type or hashtag make a difference to an account's posts, or what test would tell. Inside measure/ only. */
#pragma once
#include "measure/made.h"
#include "stats/posting_time.h"

#define HIB_FINDING_TAGS 32    /* hashtags that are looked at, all at once: the most used */
#define HIB_FINDING_WORTH 0.2  /* least difference that matters */
#define HIB_FINDING_LONGEST 26 /* weeks that a test may take to be worth proposing */

typedef enum { /* same order as the contract's enum */
               HIB_FINDING_TIME,
               HIB_FINDING_WEEKDAY,
               HIB_FINDING_TYPE,
               HIB_FINDING_HASHTAG
} HibFindingKind;

typedef struct {
    HibFindingKind kind;
    const char *
        key; /* "3-20" (weekday and hour), "3", "video", "#珈琲", "#珈琲 #豆" of those that all but always go together */
    const char
        *against; /* of a time the usual one; NULL: all others, or it is the usual one itself */
    size_t n;     /* posts of it */
    double lift, low, high;
    bool is_told;
    /* The test that would tell: so many posts of each, at the account's pace so many weeks; 0: too long to be worth it. */
    size_t test_posts, test_weeks;
} HibFinding;
typedef struct {
    size_t n_posts; /* that are old enough */
    int64_t since;  /* yyyymmdd: of more posts than are looked at those from that day on; 0: all */
    double per_week;
    double chance_none[HIB_FINDING_HASHTAG + 1]; /* that it makes no difference at all; by kind */
    HibFinding *
        findings; /* of each kind those that can be told, the surest first, and else the one that looks best */
    size_t n;
} HibFindings;

typedef struct {
    HibInstant published_at;
    double result;
    const char *tags; /* folded, one a line */
    HibMade made;
} HibFindingPost;
/* Posts by time. Pure. */
void hib_findings_of(HibArena *arena, const HibZone *zone, const HibFindingPost *posts, size_t n,
                     HibFindings *ret);
/* Of the last 365 days with today, published here or known by an import. Worked out once for what it is made of (finding_store.c). NOT_FOUND accounts.unknown. */
bool hib_findings(HibDb *db, const HibZone *zone, const char *account, HibFindings *ret,
                  GError **error);
