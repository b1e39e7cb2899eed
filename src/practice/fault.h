/* What a practice network can be told to do wrong. Shared by all faces and by who tests against them. */
#pragma once

typedef enum {
    HIB_FAULT_NONE,
    HIB_FAULT_RATE_LIMITED,      /* 429, the window ends `ms` from now */
    HIB_FAULT_ERROR,             /* 500, nothing done */
    HIB_FAULT_ERROR_AFTER,       /* done, then 500 */
    HIB_FAULT_CUT_BEFORE,        /* connection cut, nothing done */
    HIB_FAULT_CUT_AFTER,         /* done, then the connection is cut */
    HIB_FAULT_DELAY,             /* done, answered after `ms` */
    HIB_FAULT_STALL,             /* nothing done, and the connection is cut after `ms` */
    HIB_FAULT_EXPIRED_TOKEN,     /* the access token counts as stale: refreshing helps */
    HIB_FAULT_ENDED_GRANT,       /* the person took the permission back: only reconnecting helps */
    HIB_FAULT_EMPTY_TOKEN,       /* a token answer whose tokens are empty */
    HIB_FAULT_REFUSED,           /* the content is refused, nothing done */
    HIB_FAULT_QUOTA,             /* the day's or month's quota is used up, nothing done */
    HIB_FAULT_NONSENSE,          /* done, answered 200 with a page of HTML */
    HIB_FAULT_SLOW,              /* what is processed takes `ms` (of the face's clock) longer */
    HIB_FAULT_PROCESSING_FAILED, /* what is processed ends in the network's error */
    HIB_FAULT_HOOK_TWICE,        /* each webhook arrives twice */
    HIB_FAULT_HOOK_SWAPPED,      /* a webhook arrives after the one that follows it */
    HIB_FAULT_N
} HibFault;

const char *hib_fault_name(HibFault fault); /* "cut_after", as the control door says it */
HibFault hib_fault_find(const char *name);  /* HIB_FAULT_N: there is none of that name */
