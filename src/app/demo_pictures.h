/* What the demo's posts show: drawn pictures in the place of the house's photographs, in the library under what they show. */
#pragma once
#include "http/services.h"
#include "plan/plan.h"
#include "practice/history.h"

/* Media of each post, in order of `posts`; n_media 0: words alone. In the db's arena. Calls the media's child: never inside a HibTx. */
typedef struct {
    HibPostMedia *media;
    size_t n_media;
} HibDemoShown;
bool hib_demo_pictures(HibDb *db, const HibServices *services, const HibHistoryPost *posts,
                       size_t n, HibDemoShown **ret, GError **error);
