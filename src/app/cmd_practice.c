/* hibiki practice: the practice networks alone, for trying connectors by hand, for tests and benches.
 *
 * In a terminal it tells a person where each network is and how to get in; anywhere else, or with --json, it prints one JSON line
 * {"url","accounts" (Bluesky's), "networks":[{"network","title","url","accounts":[{"id","handle","name","password"}]}],"client_id","client_secret"}
 * and serves until it is told to stop. --port is Bluesky's (8480 if not told), the others follow; 0 takes free ones. */
#include "app/command.h"
#include "app/practice.h"
#include "base/messages.h"
#include "practice/face_oauth.h"
#include "practice/world.h"
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#define USUAL_PORT 8480

static void
print_json(const HibWorld *world)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    printf("%s\n", hib_practice_world_json(world, arena));
}

static void
print_for_people(const HibCommandCall *call, const HibWorld *world)
{
    HibWorldPlace place = {0};
    hib_command_say(call, "practice.ready", NULL);
    for (size_t i = 0; hib_world_place(world, i, &place); i++) {
        printf("\n%s  %s\n", place.title, place.url);
        for (size_t a = 0; a < place.n_accounts; a++) {
            const HibPracticeAccount about = hib_world_account(world, i, a);
            printf("    %s  %s", about.handle, about.name);
            if (!g_str_equal(about.password, HIB_WORLD_PASSWORD)) /* a channel: id and secret */
                printf("  %s / %s", about.id, about.password);
            printf("\n");
        }
    }
    printf("\n");
    hib_command_say(call, "practice.password", HIB_WORLD_PASSWORD);
    hib_command_say(call, "practice.client",
                    HIB_PRACTICE_CLIENT_ID " / " HIB_PRACTICE_CLIENT_SECRET);
    hib_command_say(call, "practice.control", "/practice/counts");
}

static bool
read_number(const HibCommandCall *call, const char *name, double least, double most, double *ret)
{
    const char *text = hib_command_option(call, name);
    char *end = NULL;
    if (!text)
        return true;
    *ret = g_ascii_strtod(text, &end);
    if (end != text && !*end && isfinite(*ret) && *ret >= least && *ret <= most)
        return true;
    fprintf(stderr, "%s\n", hib_message(call->locale, "cli.practice.usage"));
    return false;
}

/* Where nobody named one: beside the server, which has the setting's own default. */
static int
port_of(const HibCommandCall *call)
{
    for (size_t i = 0; i < hib_settings_count(); i++) {
        g_autofree char *value = NULL;
        const HibSettingRow row = hib_settings_row(call->book, i);
        value = row.value;
        if (g_str_equal(row.key, "port") && row.origin == HIB_FROM_DEFAULT)
            return USUAL_PORT;
    }
    return (int)call->settings->port;
}

int
hib_command_practice(const HibCommandCall *call)
{
    g_autoptr(GError) error = NULL;
    double speed = 1;
    double seed = 8470;
    double accounts = 0;
    if (!read_number(call, "speed", 1, 100000, &speed) ||
        !read_number(call, "seed", 0, 9007199254740992.0, &seed) ||
        !read_number(call, "accounts", 1, HIB_WORLD_ACCOUNTS, &accounts))
        return 2;
    g_mkdir_with_parents(call->settings->data_dir, 0700);
    const HibWorldOptions options = {
        .port = port_of(call),
        .folder = hib_command_flag(call, "no-journal") ? NULL : call->settings->data_dir,
        .speed = speed,
        .seed = (uint64_t)seed,
        .n_accounts = (size_t)accounts,
        .has_limits = hib_command_flag(call, "limits"),
        .has_control = true};
    hib_program_block_signals();
    g_autoptr(HibWorld) world = hib_world_start(&options, &error);
    if (!world)
        return hib_command_fail(call, error);
    if (call->is_json || !isatty(STDOUT_FILENO))
        print_json(world);
    else
        print_for_people(call, world);
    fflush(stdout);
    hib_program_wait();
    return 0;
}
