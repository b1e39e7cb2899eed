/* The practice world: every network's face at once, with the accounts of 「喫茶ひびき」 on each, on one clock. For `hibiki practice`, the
 * demo, connector tests and benches. */
#pragma once
#include "practice/bluesky_face.h"
#include "practice/face_run.h"

#define HIB_WORLD_PASSWORD "practice-password"
enum { HIB_WORLD_ACCOUNTS = 200 };

typedef struct {
    int port; /* of Bluesky; the others follow in the order of the table; 0: free ones */
    const char
        *folder; /* where journals (and the clock, when it runs fast) are kept; NULL: memory only */
    HibClock *clock; /* NULL: the machine's, or one that runs `speed` times as fast */
    double speed;    /* 0, 1: as the machine's */
    uint64_t seed;
    size_t n_accounts; /* on each network; 0: the three of the shop; at most HIB_WORLD_ACCOUNTS */
    bool has_limits, has_control;
    const char *const *networks; /* names, ended by NULL; NULL: all there are */
} HibWorldOptions;

typedef struct HibWorld HibWorld;
/* Errors as hib_practice_start. */
HibWorld *hib_world_start(const HibWorldOptions *options, GError **error);
void hib_world_stop(HibWorld *world); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibWorld, hib_world_stop)

HibClock *hib_world_clock(const HibWorld *world);
/* NULL: the network is not played here, or (Bluesky) not by the framework. */
HibPracticeFace *hib_world_face(const HibWorld *world, const char *network);
HibFace *hib_world_bluesky(const HibWorld *world); /* NULL: not played */

/* What a person needs of each network, in the order of the table. */
typedef struct {
    const char *network, *title, *url;
    size_t n_accounts;
} HibWorldPlace;
bool hib_world_place(const HibWorld *world, size_t i, HibWorldPlace *ret); /* false: no more */
const char *hib_world_url(const HibWorld *world, const char *network);     /* NULL: not played */
/* Account number `account` of place `i`; texts are the world's. */
HibPracticeAccount hib_world_account(const HibWorld *world, size_t i, size_t account);
