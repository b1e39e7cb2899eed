/* The practice world beside the program: every network's face on loopback, told to the features as HibServices.practice. */
#pragma once
#include "app/program.h"
#include "practice/world.h"

#define HIB_PRACTICE_NETWORKS 12

typedef struct {
    HibWorld *world; /* NULL: it runs elsewhere, or not at all */
    HibPracticeService services[HIB_PRACTICE_NETWORKS + 1];
    char *addresses; /* of a world elsewhere: what `services` point into */
} HibPracticeWorld;

/* As the setting `practice` says: "no"; "yes": in this process, kept in data_dir/practice; or NETWORK=URL,NETWORK=URL of a world that runs elsewhere
 * (`hibiki practice`). INVALID cli.bad_practice. */
bool hib_practice_world_open(HibPracticeWorld *practice, const char *setting, const char *data_dir,
                             HibServices *services, GError **error);
/* In this process, without Bluesky (the demo has one of its own, with a history). */
bool hib_practice_world_beside(HibPracticeWorld *practice, const char *data_dir,
                               const char *bluesky, HibServices *services, GError **error);
void hib_practice_world_close(HibPracticeWorld *practice);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HibPracticeWorld, hib_practice_world_close)

/* What is needed to meet the world: {"url","accounts" (Bluesky's), "networks":[{"network","title","url","accounts":[{"id","handle","name","password"}]}],"client_id","client_secret"}. */
const char *hib_practice_world_json(const HibWorld *world, HibArena *arena);

/* Connects the first practice account of a network as a person would: through the network's own page where it has one. *ret_id: the account. */
bool hib_practice_world_connect(HibDb *db, const HibServices *services,
                                const HibPracticeWorld *practice, const char *network,
                                const char **ret_id, GError **error);
