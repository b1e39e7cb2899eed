/* Sixteen smoothers side by side over one series (forecast_smooth.c), and what the combination asks of them. */
#pragma once
#include "stats/forecast.h"

#define HIB_LANES 16
#define HIB_ORIGINS 16

typedef enum { HIB_SMOOTH_PLAIN, HIB_SMOOTH_SEASON, HIB_SMOOTH_BOTH } HibSmooth;

typedef struct {
    HibSmooth kind;
    size_t season, long_season; /* 0: none */
    const double *values;
    size_t n, horizon;
    const size_t *origins; /* ascending, n_origins and then n itself */
    size_t n_origins;
} HibSmoothing;

/* What each smoother says at each origin: ret[(origin * horizon + step) * HIB_LANES + lane]. */
void hib_smooth(HibArena *arena, const HibSmoothing *smoothing, double *ret);
