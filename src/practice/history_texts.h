/* Inside practice/ only: what the shop has to say, by season and hour of the day. */
#pragma once
#include <stddef.h>

typedef enum { AT_MORNING, AT_NOON, AT_EVENING, AT_ANY_TIME } HistoryHour;
enum { SPRING = 1, RAINS = 2, SUMMER = 4, AUTUMN = 8, WINTER = 16, ALL_YEAR = 31 };

typedef struct {
    int seasons;
    HistoryHour hour;
    const char *topic, *text;
    const char *alt; /* NULL: no picture */
    int n_images;
} HistoryText;

extern const HistoryText hib_history_texts[];
extern const size_t hib_n_history_texts;
