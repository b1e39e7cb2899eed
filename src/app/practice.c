/* See practice.h. */
#include "app/practice.h"
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/json.h"
#include "practice/face_oauth.h"
#include <glib/gstdio.h>
#include <string.h>

static void
add_service(HibPracticeWorld *practice, const char *network, const char *url)
{
    size_t n = 0;
    while (practice->services[n].network)
        n++;
    if (n >= HIB_PRACTICE_NETWORKS)
        return;
    practice->services[n] = (HibPracticeService){.network = network,
                                                 .url = url,
                                                 .client_id = HIB_PRACTICE_CLIENT_ID,
                                                 .client_secret = HIB_PRACTICE_CLIENT_SECRET};
}

static bool
start(HibPracticeWorld *practice, const char *data_dir, const char *const *networks, GError **error)
{
    HibWorldPlace place;
    g_autofree char *folder = g_build_filename(data_dir, "practice", NULL);
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "practice.journal_unwritable", "cannot make %s",
                      folder);
        if (error && *error)
            hib_error_set_detail(*error, "path", folder);
        return false;
    }
    const HibWorldOptions options = {.folder = folder,
                                     .seed = 8470,
                                     .has_limits = true,
                                     .has_control = true,
                                     .networks = networks};
    practice->world = hib_world_start(&options, error);
    for (size_t i = 0; practice->world && hib_world_place(practice->world, i, &place); i++)
        add_service(practice, place.network, place.url);
    return practice->world != NULL;
}

/* "x=http://127.0.0.1:4001,line=http://…": cut in place. */
static bool
read_addresses(HibPracticeWorld *practice, const char *setting, GError **error)
{
    practice->addresses = g_strdup(setting);
    char *rest = NULL;
    for (char *one = strtok_r(practice->addresses, ",", &rest); one;
         one = strtok_r(NULL, ",", &rest)) {
        char *equals = strchr(one, '=');
        if (!equals || !g_str_has_prefix(equals + 1, "http://127.0.0.1:")) {
            hib_error_set(error, HIB_ERROR_INVALID, "cli.bad_practice", "practice: %s", setting);
            return false;
        }
        *equals = '\0';
        add_service(practice, one, equals + 1);
    }
    return true;
}

bool
hib_practice_world_open(HibPracticeWorld *practice, const char *setting, const char *data_dir,
                        HibServices *services, GError **error)
{
    *practice = (HibPracticeWorld){0};
    if (g_str_equal(setting, "no"))
        return true;
    services->practice = practice->services;
    return g_str_equal(setting, "yes") ? start(practice, data_dir, NULL, error)
                                       : read_addresses(practice, setting, error);
}

bool
hib_practice_world_beside(HibPracticeWorld *practice, const char *data_dir, const char *bluesky,
                          HibServices *services, GError **error)
{
    const char *others[HIB_PRACTICE_NETWORKS + 1] = {NULL};
    *practice = (HibPracticeWorld){0};
    for (size_t i = 0; hib_practice_networks[i] && i < HIB_PRACTICE_NETWORKS; i++)
        others[i] = hib_practice_networks[i]->name;
    practice->services[0] = (HibPracticeService){.network = "bluesky", .url = bluesky};
    services->practice = practice->services;
    return start(practice, data_dir, others, error);
}

void
hib_practice_world_close(HibPracticeWorld *practice)
{
    hib_world_stop(practice->world);
    g_free(practice->addresses);
    *practice = (HibPracticeWorld){0};
}

/* --- who is where -------------------------------------------------------------------------------------------------------------- */
static cJSON *
accounts_json(const HibWorld *world, size_t i, size_t n)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t a = 0; a < n; a++) {
        const HibPracticeAccount about = hib_world_account(world, i, a);
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "id", about.id);
        cJSON_AddStringToObject(one, "handle", about.handle);
        cJSON_AddStringToObject(one, "name", about.name);
        cJSON_AddStringToObject(one, "password", about.password);
        cJSON_AddItemToArray(list, one);
    }
    return list;
}

const char *
hib_practice_world_json(const HibWorld *world, HibArena *arena)
{
    cJSON *about = cJSON_CreateObject();
    HibWorldPlace place = {0};
    if (hib_world_place(world, 0, &place)) {
        cJSON_AddStringToObject(about, "url", place.url);
        cJSON_AddItemToObject(about, "accounts", accounts_json(world, 0, place.n_accounts));
    }
    cJSON *list = cJSON_AddArrayToObject(about, "networks");
    for (size_t i = 0; hib_world_place(world, i, &place); i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "network", place.network);
        cJSON_AddStringToObject(one, "title", place.title);
        cJSON_AddStringToObject(one, "url", place.url);
        cJSON_AddItemToObject(one, "accounts", accounts_json(world, i, place.n_accounts));
        cJSON_AddItemToArray(list, one);
    }
    cJSON_AddStringToObject(about, "client_id", HIB_PRACTICE_CLIENT_ID);
    cJSON_AddStringToObject(about, "client_secret", HIB_PRACTICE_CLIENT_SECRET);
    return hib_json_print(arena, about);
}

/* --- connecting ---------------------------------------------------------------------------------------------------------------- */
bool
hib_practice_world_connect(HibDb *db, const HibServices *services, const HibPracticeWorld *practice,
                           const char *network, const char **ret_id, GError **error)
{
    HibWorldPlace place;
    const HibNetwork *known = hib_network_find(network);
    for (size_t i = 0; known && hib_world_place(practice->world, i, &place); i++) {
        if (!g_str_equal(place.network, network))
            continue;
        const HibPracticeAccount account = hib_world_account(practice->world, i, 0);
        const char *login = known->auth == HIB_NET_AUTH_CHANNEL ? account.id : account.handle;
        return hib_accounts_connect_practice(db, services, network, login, account.password, ret_id,
                                             error);
    }
    hib_error_set(error, HIB_ERROR_INVALID, "accounts.no_practice", "no practice %s runs", network);
    return false;
}
