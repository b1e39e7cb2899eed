/* A feature's record: what it adds to the program besides its handlers (those the linker collects). app/features.c lists the records;
 * nothing registers itself. Arrays are static, ended by a zeroed element; NULL where there is none. */
#pragma once
#include "store/events.h"
#include "store/jobs.h"

typedef struct {
    const char *name;
    const HibJobKind *jobs;
    const HibSubscription *subscriptions;
} HibFeature;
