/* Inside practice/ only: what people write under posts. {item} {time} {who} are filled from lists. */
#pragma once
#include "practice/crowd.h"

typedef struct {
    HibSentiment sentiment;
    HibIndustry industry; /* HIB_INDUSTRY_N: under anything */
    const char *text;
} CrowdText;

typedef struct {
    const char *lang;
    const CrowdText *texts;
    size_t n;
    const char *const *items[HIB_INDUSTRY_N]; /* each ended by NULL */
    const char *const *times, *const *whos;
} CrowdTongue;

extern const CrowdTongue hib_crowd_japanese, hib_crowd_english;
