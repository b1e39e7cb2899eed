/* Roll-ups by what a post is: its network, campaign, hashtags, format. part.c is pure, part_store.c writes and moves.
 *
 * The one idea: all of it is made of what each post gained on each day (measure_post.days), counted once under each of its labels. So whatever changes a post's days (a late reading) or its
 * labels (another campaign) is the days before taken out and the days after put in, and nothing has to be read again. Hours are kept for a few days only and stand in no post: they come as
 * the readings are taken (rolling.h), and of a post that changes its labels from its readings. */
#pragma once
#include "measure/rolling.h"

typedef enum {
    HIB_PART_NETWORK,
    HIB_PART_CAMPAIGN,
    HIB_PART_TAG,
    HIB_PART_FORMAT
} HibPartKind; /* as stored; same order as the contract's enum */
typedef struct {
    const char *network, *campaign,
        *tags; /* network NULL: not known yet, counted nowhere; tags one a line */
    int format;
} HibLabels;

typedef struct {
    HibPartKind part;
    const char *name;
    uint8_t metric;
    HibGrain grain;
    int64_t at; /* by the grain */
    const char *account;
    int64_t value;
} HibPartRow;

typedef struct HibParts HibParts;
HibParts *hib_parts_new(void);
void hib_parts_free(HibParts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibParts, hib_parts_free)
/* What the post's days were (`before`) and what they are now; the same begin of both costs nothing. */
void hib_parts_change(HibParts *parts, const HibLabels *labels, const char *account,
                      const HibDayChange *before, size_t n_before, const HibDayChange *after,
                      size_t n_after);
/* What the post gained by hour: 1, or -1 to take it out. */
void hib_parts_hours(HibParts *parts, const HibLabels *labels, const char *account,
                     const HibHourChange *hours, size_t n, int sign);
/* A post that went out: 1, or -1 to take it out. `first_hour`: the first that is kept (hib_rolling_first_part_hour). */
void hib_parts_published(HibParts *parts, const HibLabels *labels, const char *account,
                         const HibWallParts *at, int64_t first_hour, int sign);
/* To be added to what is stored, in the arena; empty again afterwards. */
HibPartRow *hib_parts_rows(HibParts *parts, HibArena *arena, size_t *ret_n);

bool hib_parts_flush(HibParts *parts, HibDb *db, GError **error);
/* A post's campaign or hashtags may have changed: its publications are counted where they stand now. In one transaction; again: nothing. */
bool hib_measure_relabel(HibDb *db, const char *post, GError **error);
