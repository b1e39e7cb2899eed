/* hibiki demo: the practice network and a workspace full of practice data on it, signed in at the first click.
 *
 * Everything is real but the network: posts go out through the scheduler to a server on loopback, and their numbers are read back from it. Kept in a data directory of its own. */
#include "app/command.h"
#include "app/demo_history.h"
#include "app/practice.h"
#include "app/program.h"
#include "app/remote.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "http/client.h"
#include "measure/measure.h"
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

static int
free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), port = 0;
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, n) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &n) == 0)
        port = ntohs(address.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}

static bool
read_demo(const char *path, HibArena *arena, HibDemo *demo, GError **error)
{
    g_autofree char *text = NULL;
    gsize n = 0;
    HibJson json;
    int64_t seed = 0, port = 0;
    g_autoptr(GError) failure = NULL;
    if (!g_file_get_contents(path, &text, &n, &failure) ||
        !hib_json_parse(arena, text, n, &json, &failure) ||
        !hib_json_time(json, "since", &demo->since, &failure) ||
        !hib_json_int(json, "seed", &seed, &failure) ||
        !hib_json_int(json, "practice_port", &port, &failure) ||
        !hib_json_text(json, "workspace", &demo->workspace, &failure) ||
        !hib_json_text(json, "person", &demo->person, &failure) ||
        !hib_json_text(json, "token", &demo->token, &failure) ||
        !hib_json_text(json, "password", &demo->password, &failure)) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "cli.file_damaged", "%s: %s", path,
                      failure->message);
        if (error)
            hib_error_set_detail(*error, "name", path);
        return false;
    }
    demo->seed = (uint64_t)seed;
    demo->practice_port = (int)port;
    return true;
}

static bool
write_demo(const char *path, HibArena *arena, const HibDemo *demo, GError **error)
{
    char since[HIB_INSTANT_TEXT];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "since", hib_instant_format(demo->since, since));
    cJSON_AddNumberToObject(json, "seed", (double)demo->seed);
    cJSON_AddNumberToObject(json, "practice_port", demo->practice_port);
    cJSON_AddStringToObject(json, "workspace", demo->workspace);
    cJSON_AddStringToObject(json, "person", demo->person);
    cJSON_AddStringToObject(json, "token", demo->token);
    cJSON_AddStringToObject(json, "password", demo->password);
    return g_file_set_contents_full(path, hib_json_print(arena, json), -1,
                                    G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* A first start that was cut off left a database without demo.json: it is put aside, never deleted. */
static void
put_aside(const char *data_dir)
{
    static const char *const names[] = {"hibiki.db", "hibiki.db-wal", "hibiki.db-shm",
                                        "practice.journal"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *from = g_build_filename(data_dir, names[i], NULL);
        g_autofree char *to = g_strconcat(from, ".unfinished", NULL);
        if (g_file_test(from, G_FILE_TEST_EXISTS) && rename(from, to) != 0)
            hib_log(HIB_WARN, "demo.not_put_aside", "file", from, NULL);
    }
}

static void
open_browser(const char *url)
{
    if (!g_getenv("DISPLAY") && !g_getenv("WAYLAND_DISPLAY"))
        return;
    char *words[] = {(char *)"xdg-open", (char *)url, NULL};
    g_spawn_async(NULL, words, NULL,
                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                  NULL, NULL, NULL, NULL);
}

/* One demo a folder, from its first moment: what looks like a start that was cut off may be one that is still going on. */
static bool
lock_folder(const char *data_dir, int *ret_fd, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "demo.lock", NULL);
    *ret_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*ret_fd >= 0 && flock(*ret_fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    hib_error_set(error, HIB_ERROR_BUSY, "store.in_use", "%s is held by another process", path);
    return false;
}

typedef struct {
    HibProgram program;
    HibFace *face;
    HibPracticeWorld practice;
    int lock_fd;
    HibArena *arena;
    char *data_dir, *path, *journal;
} Demo;

static void
demo_clear(Demo *demo)
{
    hib_program_close(&demo->program);
    hib_practice_world_close(&demo->practice);
    hib_face_stop(demo->face);
    hib_arena_free(demo->arena);
    g_free(demo->data_dir);
    g_free(demo->path);
    g_free(demo->journal);
    if (demo->lock_fd >= 0)
        close(demo->lock_fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Demo, demo_clear)

/* An account on every other practice network, so that there is something to try at once. One that cannot be connected is told in the log and
 * can be connected by hand. */
static void
connect_others(Demo *demo, const HibDemo *about)
{
    const HibServices *services = &demo->program.services;
    g_autoptr(HibDb) db = hib_db_open(services->store, demo->arena, about->workspace);
    hib_db_set_actor(db, HIB_ACTOR_PERSON, about->person);
    for (const HibPracticeService *one = services->practice; one->network; one++) {
        g_autoptr(GError) failure = NULL;
        const char *id;
        if (!g_str_equal(one->network, "bluesky") &&
            !hib_practice_world_connect(db, services, &demo->practice, one->network, &id, &failure))
            hib_log_error(HIB_WARN, "demo.not_connected", failure, "network", one->network, NULL);
    }
}

/* Two other houses to be compared with. One that cannot be looked at is told in the log and can be added by hand. */
static void
look_at_others(Demo *demo, const HibDemo *about)
{
    static const char *const handles[] = {"tonari.practice", "minato.practice"};
    const HibServices *services = &demo->program.services;
    g_autoptr(HibDb) db = hib_db_open(services->store, demo->arena, about->workspace);
    hib_db_set_actor(db, HIB_ACTOR_PERSON, about->person);
    for (size_t i = 0; i < G_N_ELEMENTS(handles); i++) {
        g_autoptr(GError) failure = NULL;
        const char *id;
        if (!hib_rival_add(db, services, "bluesky", handles[i], &id, &failure))
            hib_log_error(HIB_WARN, "demo.not_compared", failure, "handle", handles[i], NULL);
    }
}

/* A demo's replies begin with somebody to answer. They come in as on the network: the practice network hears them, and the server finds them
 * when it reads its accounts for the first time. */
static void
let_customers_write(const Demo *demo)
{
    static const struct {
        const char *network, *kind, *user, *text;
    } said[] = {
        {"x", "mention", "mori_coffee",
         "新しい深煎り、朝の一杯にぴったりでした!また買いに行きます。"},
        {"x", "message", "yui_t", "こんにちは。土曜日は何時まで開いていますか?"},
        {"instagram", "message", "sora_note", "ギフト用のラッピングはお願いできますか?"},
        {"facebook", "message", "kenji",
         "注文した豆がまだ届かないのですが、確認していただけますか?"},
    };
    g_autoptr(HibHttp) http = hib_http_new();
    for (const HibPracticeService *one = demo->program.services.practice; one->network; one++) {
        for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
            if (!g_str_equal(said[i].network, one->network))
                continue;
            cJSON *json = cJSON_CreateObject();
            cJSON_AddStringToObject(json, "kind", said[i].kind);
            cJSON_AddStringToObject(json, "user", said[i].user);
            cJSON_AddStringToObject(json, "text", said[i].text);
            const char *body = hib_json_print(demo->arena, json);
            const HibHttpRequest request = {
                .method = "POST",
                .url = hib_arena_printf(demo->arena, "%s/practice/own/say", one->url),
                .content_type = "application/json",
                .body = body,
                .n_body = strlen(body)};
            HibHttpReply reply;
            g_autoptr(GError) failure = NULL;
            if (!hib_http_do(http, demo->arena, &request, &reply, &failure))
                hib_log_error(HIB_WARN, "demo.nobody_wrote", failure, "network", one->network,
                              NULL);
        }
    }
}

static bool
start_first(Demo *demo, HibDemo *about, GError **error)
{
    const HibServices *services = &demo->program.services;
    if (!hib_demo_load(services->store, services, about, demo->arena, error))
        return false;
    connect_others(demo, about);
    look_at_others(demo, about);
    if (!write_demo(demo->path, demo->arena, about, error))
        return false;
    let_customers_write(demo);
    return true;
}

static bool
start(Demo *demo, const HibCommandCall *call, HibSettings *settings, GError **error)
{
    HibDemo about = {
        .since = hib_clock_now(hib_clock_real()), .seed = 8470, .practice_port = free_port()};
    about.password = hib_random_token(demo->arena, 12);
    if (!hib_program_make_folder(demo->data_dir, error) ||
        !lock_folder(demo->data_dir, &demo->lock_fd, error))
        return false;
    bool is_first = !g_file_test(demo->path, G_FILE_TEST_EXISTS);
    if (is_first)
        put_aside(demo->data_dir);
    else if (!read_demo(demo->path, demo->arena, &about, error))
        return false;
    demo->face = hib_demo_face(&about, demo->journal, demo->arena, error);
    if (!demo->face)
        return false;
    settings->bluesky_service = hib_face_url(demo->face);
    settings->allow_private_services = true;
    if (!hib_program_open(&demo->program, settings, true, error))
        return false;
    HibServices *services = &demo->program.services;
    if (!hib_practice_world_beside(&demo->practice, demo->data_dir, hib_face_url(demo->face),
                                   services, error))
        return false;
    return (is_first ? start_first(demo, &about, error)
                     : hib_demo_catch_up(services->store, &about, demo->arena, error)) &&
           hib_remote_remember(demo->data_dir, services->base_url, about.token, error) &&
           hib_program_start(&demo->program, settings, error);
}

static bool
is_chosen(const HibCommandCall *call, const char *key)
{
    bool is = false;
    for (size_t i = 0; i < hib_settings_count(); i++) {
        HibSettingRow row = hib_settings_row(call->book, i);
        is |= g_str_equal(row.key, key) && row.origin != HIB_FROM_DEFAULT;
        g_free(row.value);
    }
    return is;
}

int
hib_command_demo(const HibCommandCall *call)
{
    g_auto(Demo) demo = {.arena = hib_arena_new(), .lock_fd = -1};
    g_autoptr(GError) error = NULL;
    HibSettings settings = *call->settings;
    if (!is_chosen(call, "log_level"))
        hib_log_set_level(HIB_WARN); /* who tries it out reads two sentences, not a log */
    demo.data_dir = is_chosen(call, "data_dir") ? g_strdup(settings.data_dir)
                                                : g_strconcat(settings.data_dir, "-demo", NULL);
    demo.path = g_build_filename(demo.data_dir, "demo.json", NULL);
    demo.journal = g_build_filename(demo.data_dir, "practice.journal", NULL);
    settings.data_dir = demo.data_dir;
    settings.database = "";
    hib_program_block_signals();
    if (!start(&demo, call, &settings, &error))
        return hib_command_fail(call, error);
    g_autofree char *url =
        g_strdup_printf("http://%s:%d/", settings.address, hib_server_port(demo.program.server));
    hib_command_say(call, "demo.ready", url);
    hib_command_say(call, "demo.cli", demo.data_dir);
    open_browser(url);
    hib_program_wait();
    return 0;
}
