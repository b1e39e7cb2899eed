/* For the tests of publish/: a workspace with a connected account on the practice network, and a dispatcher driven by hand. */
#pragma once
#include "publish/publish_private.h"
#include "store/test_store.h"

typedef struct HibFace HibFace;

typedef struct {
    HibTestStore *test;
    HibClock *clock;
    HibServices services;
    HibFace *face;
    HibJobs *jobs;
    HibArena *arena;
    HibDb *db;
    const char *person;           /* id of the owner */
    const char *account, *second; /* ids of two connected accounts */
    const char *image;            /* id of a picture */
    char *directory;
    const HibJobKind
        *kinds; /* what the dispatcher runs from its next start on; NULL: publish/'s own */
} HibTestPublish;

/* `has_threads`: the dispatcher runs by itself (real clock); else only in hib_test_advance. */
HibTestPublish *hib_test_publish_new(HibTestStore *test, bool has_threads);
void hib_test_publish_free(HibTestPublish *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibTestPublish, hib_test_publish_free)
/* Moves the clock and runs what is due, in steps, so that waits within the time are met. */
void hib_test_advance(HibTestPublish *t, HibDuration by);
/* Stops the dispatcher as a crash would, and starts it anew. */
void hib_test_crash(HibTestPublish *t);

/* A draft for the first account (both, when so said) with n pictures. */
HibPost *hib_test_draft(HibTestPublish *t, const char *text, size_t n_media, bool is_for_both);
/* A draft for the first account, scheduled `after` from now; the id. */
const char *hib_test_scheduled(HibTestPublish *t, const char *text, size_t n_media,
                               HibDuration after);
HibPost *hib_test_post(HibTestPublish *t, const char *post);
HibDelivery *hib_test_delivery(HibTestPublish *t, const char *post); /* of the first account */
HibDelivery *hib_test_delivery_of(HibTestPublish *t, const char *post, const char *account);
int hib_test_n_steps(HibTestPublish *t, const char *delivery, HibDid what);
