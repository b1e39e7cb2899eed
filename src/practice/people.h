/* Who the people of a practice audience are: ages, genders, where they live. Fixed shares, a little different for each account, so that screens and tests have something true to show. */
#pragma once
#include <stddef.h>

typedef enum {
    HIB_PEOPLE_AGE,     /* "13-17" … "65+" */
    HIB_PEOPLE_GENDER,  /* "female" "male" "unknown" */
    HIB_PEOPLE_COUNTRY, /* "JP" */
    HIB_PEOPLE_CITY,    /* as Instagram writes it: "Shibuya, Tokyo" */
    HIB_PEOPLE_AREA     /* as LINE writes it: "東京" */
} HibPeoplePart;
typedef struct {
    const char *name;
    double share; /* those of a part come to less than 1 where not everybody is known */
} HibFaceGroup;
#define HIB_PEOPLE_MOST 16
#define HIB_PEOPLE_LEAST 100 /* followers below which Meta's faces tell nothing */
/* The shares of a part for the account; how many there are. Pure. */
size_t hib_people(const char *account, HibPeoplePart part, HibFaceGroup ret[HIB_PEOPLE_MOST]);
