/* For tests of publishing: a network in memory whose steps are given, whose every call can meet a fault, and which counts what came out.
 *
 * It is the least helpful network there is: it knows no handle, so that a call made twice is a post twice, and what became of a call can only
 * be read off the list of posts. Found by the name "scripted" where hib_network_find is wrapped (-Wl,--wrap=hib_network_find). */
#pragma once
#include "networks/network.h"

typedef enum {
    HIB_TEST_OK,
    HIB_TEST_RATE_LIMITED, /* 429 with a time */
    HIB_TEST_ERROR_BEFORE, /* 500, nothing done */
    HIB_TEST_ERROR_AFTER,  /* 500, and done all the same */
    HIB_TEST_TIMEOUT,      /* no answer; done a moment later */
    HIB_TEST_CUT_BEFORE,   /* the connection went, nothing done */
    HIB_TEST_CUT_AFTER,    /* the connection went, done */
    HIB_TEST_SLOW,         /* accepted, not finished: ask again */
    HIB_TEST_EXPIRED,      /* 401 until the token is refreshed */
    HIB_TEST_ENDED,        /* the grant is over until a person signs in again */
    HIB_TEST_REFUSED,      /* 400: this content never */
    HIB_TEST_QUOTA,        /* the day's quota is used up */
    HIB_TEST_NEW_HANDLE,   /* container or session expired before any effect */
    HIB_TEST_FAULTS
} HibTestFault;
const char *hib_test_fault_name(HibTestFault fault);

/* upload 1/n … n/n, container, process (asked until ready), publish, confirm 1/n … */
typedef struct {
    int n_uploads, n_confirms;
    bool has_container, has_process;
    bool find_sends; /* looking repeats the call: the network keeps the handle for a day */
    int64_t handle_life_s;
    int posts_a_day; /* 0: as many as one likes */
} HibTestShape;

void hib_test_scripted_reset(const HibTestShape *shape); /* no posts, no faults */
/* The next `times` calls of the step ("upload" "publish" "find" …) meet the fault. */
void hib_test_scripted_fault(const char *step, HibTestFault fault, int times);
void hib_test_scripted_clear(void);            /* no faults from now on */
void hib_test_scripted_sign_in(void);          /* the grant is good again */
int hib_test_scripted_count(const char *text); /* posts of that text that are out */
int hib_test_scripted_calls(const char *step);
/* Called inside the next publishing call, after the post is out and before it is answered. */
void hib_test_scripted_between(void (*hook)(void *data), void *data);
/* What the last post answers to; "" for nothing. */
const char *hib_test_scripted_last_reply(void);
