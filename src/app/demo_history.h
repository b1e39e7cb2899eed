/* The demo's data: the workspace 「喫茶ひびき」 with 90 days of practice history, loaded through the features' faces once, and put on the practice network at each start. */
#pragma once
#include "http/services.h"
#include "practice/bluesky_face.h"
#include <stdbool.h>

/* What a demo keeps beside its database, in demo.json: made on the first start. */
typedef struct {
    HibInstant since; /* first start: the history ends here */
    uint64_t seed;
    const char *workspace, *person, *token, *password; /* of the practice accounts too */
    int practice_port;
} HibDemo;

/* The practice network with the demo's accounts and its history on it. NULL: error. */
HibFace *hib_demo_face(const HibDemo *demo, const char *journal, HibArena *arena, GError **error);
/* First start: owner, workspace, accounts (signed in to the face), history, planned posts. Fills the ids of `demo`. */
bool hib_demo_load(HibStore *store, const HibServices *services, HibDemo *demo, HibArena *arena,
                   GError **error);
/* Later starts: what was planned for the time the demo was off moves to the coming days, at the same time of day. */
bool hib_demo_catch_up(HibStore *store, const HibDemo *demo, HibArena *arena, GError **error);
