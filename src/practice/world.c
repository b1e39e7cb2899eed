/* Starts the faces one after the other and keeps them together. A fast clock is written down with the moment it began, so that the world
 * goes on where it was when it is started again, however it ended. */
#include "practice/world.h"
#include "base/error.h"
#include "base/json.h"
#include "practice/face.h"

#include <string.h>

#define BLUESKY "bluesky"

static const HibPracticeAccount shop[] = {
    {.id = "1001",
     .handle = "hibiki",
     .name = "喫茶ひびき",
     .password = HIB_WORLD_PASSWORD,
     .followers = 640},
    {.id = "1002",
     .handle = "tencho_hibiki",
     .name = "喫茶ひびき 店長",
     .password = HIB_WORLD_PASSWORD,
     .followers = 310},
    {.id = "1003",
     .handle = "nene",
     .name = "ねね",
     .password = HIB_WORLD_PASSWORD,
     .followers = 90},
};
static const char *const shop_on_bluesky[] = {"hibiki.test", "tencho.hibiki.test", "nene.test"};

struct HibWorld {
    HibArena *arena; /* of the accounts */
    HibPracticeAccount *accounts;
    const char **bluesky_handles;
    size_t n_accounts;
    HibClock *clock;
    bool owns_clock;
    HibFace *bluesky;
    GPtrArray *faces; /* HibPracticeFace */
};

static bool
is_wanted(const HibWorldOptions *options, const char *network)
{
    return !options->networks || g_strv_contains(options->networks, network);
}

/* --- the clock -------------------------------------------------------------------------------------------- */
/* Where the world's time stands now by what was written down; the machine's time where nothing was. */
static HibInstant
time_in_world(HibArena *arena, const char *path)
{
    g_autofree char *text = NULL;
    gsize n = 0;
    HibJson in = {0};
    int64_t real = 0;
    int64_t there = 0;
    double speed = 1;
    HibInstant now = hib_clock_now(hib_clock_real());
    if (!g_file_get_contents(path, &text, &n, NULL) || !hib_json_parse(arena, text, n, &in, NULL) ||
        !hib_json_int(in, "real", &real, NULL) || !hib_json_int(in, "practice", &there, NULL) ||
        !hib_json_real(in, "speed", &speed, NULL))
        return now;
    return MAX(there + (HibDuration)((double)MAX(now - real, 0) * speed), now);
}

static bool
write_clock(HibArena *arena, const char *path, HibInstant there, double speed, GError **error)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddNumberToObject(out, "real", (double)hib_clock_now(hib_clock_real()));
    cJSON_AddNumberToObject(out, "practice", (double)there);
    cJSON_AddNumberToObject(out, "speed", speed);
    if (g_file_set_contents_full(path, hib_json_print(arena, out), -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL))
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "practice.journal_unwritable", "cannot write %s",
                  path);
    if (error && *error)
        hib_error_set_detail(*error, "path", path);
    return false;
}

static bool
open_clock(HibWorld *world, const HibWorldOptions *options, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    double speed = options->speed > 0 ? options->speed : 1;
    HibInstant start = hib_clock_now(hib_clock_real());
    world->clock = options->clock ? options->clock : hib_clock_real();
    if (options->clock)
        return true;
    if (options->folder) {
        g_autofree char *path = g_build_filename(options->folder, "practice.clock", NULL);
        if (speed == 1 && !g_file_test(path, G_FILE_TEST_EXISTS))
            return true;
        start = time_in_world(arena, path);
        if (!write_clock(arena, path, start, speed, error))
            return false;
    } else if (speed == 1) {
        return true;
    }
    world->clock = hib_clock_fast_new(start, speed);
    world->owns_clock = true;
    return true;
}

/* --- the accounts ----------------------------------------------------------------------------------------- */
/* Beyond the shop's own three come its branches: whoever tests limits of an account needs many. */
static void
fill_accounts(HibWorld *world, size_t wanted)
{
    HibArena *arena = world->arena = hib_arena_new();
    size_t n = world->n_accounts =
        CLAMP(wanted ? wanted : G_N_ELEMENTS(shop), 1, HIB_WORLD_ACCOUNTS);
    world->accounts = hib_arena_array(arena, HibPracticeAccount, n);
    world->bluesky_handles = hib_arena_array(arena, const char *, n);
    for (size_t i = 0; i < n; i++) {
        bool is_shop = i < G_N_ELEMENTS(shop);
        world->accounts[i] =
            is_shop
                ? shop[i]
                : (HibPracticeAccount){.id = hib_arena_printf(arena, "%zu", 1001 + i),
                                       .handle = hib_arena_printf(arena, "branch%zu", i + 1),
                                       .name = hib_arena_printf(arena, "喫茶ひびき %zu号店", i + 1),
                                       .password = HIB_WORLD_PASSWORD,
                                       .followers = 90};
        world->bluesky_handles[i] =
            is_shop ? shop_on_bluesky[i] : hib_arena_printf(arena, "branch%zu.hibiki.test", i + 1);
    }
}

/* --- the faces -------------------------------------------------------------------------------------------- */
static char *
journal_of(const HibWorldOptions *options, const char *network)
{
    if (!options->folder)
        return NULL;
    g_autofree char *name = strcmp(network, BLUESKY) != 0
                                ? g_strdup_printf("practice-%s.journal", network)
                                : g_strdup("practice.journal");
    return g_build_filename(options->folder, name, NULL);
}

static bool
start_bluesky(HibWorld *world, const HibWorldOptions *options, HibInstant since, GError **error)
{
    HibFaceAccount accounts[HIB_WORLD_ACCOUNTS];
    if (!is_wanted(options, BLUESKY))
        return true;
    for (size_t i = 0; i < world->n_accounts; i++)
        accounts[i] = (HibFaceAccount){
            .handle = world->bluesky_handles[i],
            .password = world->accounts[i].password,
            .display_name = world->accounts[i].name,
            .audience = hib_audience_new(options->seed + i, since, world->accounts[i].followers)};
    g_autofree char *journal = journal_of(options, BLUESKY);
    world->bluesky = hib_face_start(&(HibFaceOptions){.port = options->port,
                                                      .accounts = accounts,
                                                      .n_accounts = world->n_accounts,
                                                      .journal = journal,
                                                      .clock = world->clock,
                                                      .rate_limit = options->has_limits ? 3000 : 0,
                                                      .has_control = options->has_control},
                                    error);
    return world->bluesky != NULL;
}

static bool
start_faces(HibWorld *world, const HibWorldOptions *options, HibInstant since, GError **error)
{
    for (int i = 0; hib_practice_networks[i]; i++) {
        const HibPracticeNetwork *network = hib_practice_networks[i];
        if (!is_wanted(options, network->name))
            continue;
        g_autofree char *journal = journal_of(options, network->name);
        HibPracticeFace *face = hib_practice_start(
            network,
            &(HibPracticeOptions){.port = options->port ? options->port + 1 + i : 0,
                                  .accounts = world->accounts,
                                  .n_accounts = world->n_accounts,
                                  .journal = journal,
                                  .clock = world->clock,
                                  .seed = options->seed,
                                  .since = since,
                                  .has_limits = options->has_limits,
                                  .has_control = options->has_control},
            error);
        if (!face)
            return false;
        g_ptr_array_add(world->faces, face);
    }
    return true;
}

/* The accounts' first day must be the same each time: it is written down with the first start. */
static HibInstant
first_day(const HibWorld *world, const HibWorldOptions *options)
{
    HibInstant out = hib_clock_now(world->clock) - 30 * HIB_DAY;
    if (!options->folder)
        return out;
    g_autofree char *path = g_build_filename(options->folder, "practice.since", NULL);
    g_autofree char *text = NULL;
    char when[HIB_INSTANT_TEXT];
    if (g_file_get_contents(path, &text, NULL, NULL) && hib_instant_parse(g_strstrip(text), &out))
        return out;
    (void)g_file_set_contents(path, hib_instant_format(out, when), -1, NULL);
    return out;
}

HibWorld *
hib_world_start(const HibWorldOptions *options, GError **error)
{
    g_autoptr(HibWorld) world = g_new0(HibWorld, 1);
    fill_accounts(world, options->n_accounts);
    world->faces = g_ptr_array_new_with_free_func((GDestroyNotify)hib_practice_stop);
    if (!open_clock(world, options, error))
        return NULL;
    HibInstant since = first_day(world, options);
    if (!start_bluesky(world, options, since, error) || !start_faces(world, options, since, error))
        return NULL;
    return g_steal_pointer(&world);
}

void
hib_world_stop(HibWorld *world)
{
    if (!world)
        return;
    hib_face_stop(world->bluesky);
    g_ptr_array_free(world->faces, TRUE);
    if (world->owns_clock)
        hib_clock_free(world->clock);
    hib_arena_free(world->arena);
    g_free(world);
}

/* --- who is where ----------------------------------------------------------------------------------------- */
HibClock *
hib_world_clock(const HibWorld *world)
{
    return world->clock;
}

HibFace *
hib_world_bluesky(const HibWorld *world)
{
    return world->bluesky;
}

HibPracticeFace *
hib_world_face(const HibWorld *world, const char *network)
{
    for (guint i = 0; i < world->faces->len; i++)
        if (!strcmp(hib_practice_network_of(world->faces->pdata[i])->name, network))
            return world->faces->pdata[i];
    return NULL;
}

bool
hib_world_place(const HibWorld *world, size_t i, HibWorldPlace *ret)
{
    if (world->bluesky && i == 0) {
        *ret = (HibWorldPlace){.network = BLUESKY,
                               .title = "Bluesky",
                               .url = hib_face_url(world->bluesky),
                               .n_accounts = world->n_accounts};
        return true;
    }
    i -= world->bluesky != NULL;
    if (i >= world->faces->len)
        return false;
    HibPracticeFace *face = world->faces->pdata[i];
    const HibPracticeNetwork *network = hib_practice_network_of(face);
    *ret = (HibWorldPlace){.network = network->name,
                           .title = network->title,
                           .url = hib_practice_url(face),
                           .n_accounts = world->n_accounts};
    return true;
}

const char *
hib_world_url(const HibWorld *world, const char *network)
{
    HibWorldPlace place = {0};
    for (size_t i = 0; hib_world_place(world, i, &place); i++)
        if (!strcmp(place.network, network))
            return place.url;
    return NULL;
}

HibPracticeAccount
hib_world_account(const HibWorld *world, size_t i, size_t account)
{
    HibPracticeAccount out = world->accounts[account];
    if (world->bluesky && i == 0) {
        out.handle = world->bluesky_handles[account];
        out.id = hib_face_did(world->bluesky, out.handle);
        return out;
    }
    HibPracticeFace *face = world->faces->pdata[i - (world->bluesky != NULL)];
    return *hib_practice_account_at(face, account);
}
