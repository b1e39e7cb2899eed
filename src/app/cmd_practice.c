/* hibiki practice: the practice network alone, for tests, benches and trying connectors by hand.
 *
 * Prints one JSON line {"url":…,"accounts":[{"handle","password","did"}]} and serves until it is told to stop. --port 0 takes a free port; posts are kept in practice.journal in the data directory. */
#include "app/command.h"
#include "app/program.h"
#include "base/json.h"
#include "practice/bluesky_face.h"
#include <stdio.h>

int
hib_command_practice(const HibCommandCall *call)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    HibInstant since = hib_clock_now(hib_clock_real()) - 30 * HIB_DAY;
    static const char *const handles[] = {"one.practice", "two.practice", "three.practice"};
    HibFaceAccount accounts[G_N_ELEMENTS(handles)];
    for (size_t i = 0; i < G_N_ELEMENTS(handles); i++)
        accounts[i] = (HibFaceAccount){.handle = handles[i],
                                       .password = "practice-password",
                                       .display_name = handles[i],
                                       .audience = hib_audience_new(8470 + i, since, 1000)};
    g_autofree char *journal = g_build_filename(call->settings->data_dir, "practice.journal", NULL);
    g_mkdir_with_parents(call->settings->data_dir, 0700);
    HibFaceOptions options = {.port = (int)call->settings->port,
                              .accounts = accounts,
                              .n_accounts = G_N_ELEMENTS(accounts),
                              .journal = hib_command_flag(call, "no-journal") ? NULL : journal,
                              .has_control = true};
    hib_program_block_signals();
    g_autoptr(HibFace) face = hib_face_start(&options, &error);
    if (!face)
        return hib_command_fail(call, error);
    cJSON *about = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(about, "accounts");
    cJSON_AddStringToObject(about, "url", hib_face_url(face));
    for (size_t i = 0; i < G_N_ELEMENTS(handles); i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "handle", handles[i]);
        cJSON_AddStringToObject(one, "password", "practice-password");
        cJSON_AddStringToObject(one, "did", hib_face_did(face, handles[i]));
        cJSON_AddItemToArray(list, one);
    }
    printf("%s\n", hib_json_print(arena, about));
    fflush(stdout);
    hib_program_wait();
    return 0;
}
