/* hibiki post: new, list, schedule, unschedule and delete posts from the command line, over the API.
 *
 *   hibiki post new --at "2026-12-01 09:00" [--zone Asia/Tokyo] [--account HANDLE[,HANDLE]] [--image FILE [--alt TEXT]]… TEXT
 *   hibiki post list | hibiki post unschedule ID | hibiki post delete ID
 *
 * Without --at or --now the post stays a draft. With --json a list comes page by page, one JSON object a line. TEXT "-" reads standard input. Without --account it goes to every connected account. */
#include "api.gen.h"
#include "app/command.h"
#include "app/remote.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/time.h"
#include <stdio.h>
#include <string.h>

static const char *const valued[] = {"at",   "zone", "account", "image", "alt",
                                     "lang", "url",  "token",   NULL};

static const char *
read_text(HibArena *arena, const char *word)
{
    if (!g_str_equal(word, "-"))
        return word;
    char *text = hib_arena_take(arena, HIB_LIMIT_POST_BYTES + 1);
    size_t n = fread(text, 1, HIB_LIMIT_POST_BYTES, stdin);
    while (n && text[n - 1] == '\n')
        text[--n] = '\0';
    return text;
}

static bool
choose_accounts(HibRemote *remote, const char *wanted, HibApiPostDraft *draft, GError **error)
{
    HibApiAccountList list = {0};
    if (!hib_remote_call(remote, "GET", "/accounts", NULL, NULL, &hib_api_account_list_shape, &list,
                         NULL, error))
        return false;
    g_auto(GStrv) names = g_strsplit(wanted ? wanted : "", ",", -1);
    draft->variants = hib_arena_array(remote->arena, HibApiPostVariant, list.n_accounts + 1);
    for (size_t n = 0; n < (wanted ? g_strv_length(names) : list.n_accounts); n++) {
        const char *id = wanted ? NULL : list.accounts[n].id;
        for (size_t i = 0; wanted && i < list.n_accounts && !id; i++) {
            const HibApiAccount *account = &list.accounts[i];
            const char *name = names[n][0] == '@' ? names[n] + 1 : names[n];
            if (g_str_equal(account->handle, name) || g_str_equal(account->id, name))
                id = account->id;
        }
        if (!id || draft->n_variants == list.n_accounts) {
            hib_error_set(error, HIB_ERROR_NOT_FOUND, "cli.unknown_account", "%s", wanted);
            if (error)
                hib_error_set_detail(*error, "name", names[n]);
            return false;
        }
        draft->variants[draft->n_variants++].account_id = id;
    }
    return true;
}

/* Uploads each --image in order; an --alt belongs to the image before it. */
static bool
take_images(HibRemote *remote, const HibCommandCall *call, HibApiPostDraft *draft, GError **error)
{
    draft->media = hib_arena_array(remote->arena, HibApiPostMedia, (size_t)call->argc);
    for (int i = 1; i + 1 < call->argc; i++) {
        if (g_str_equal(call->argv[i], "--alt") && draft->n_media)
            draft->media[draft->n_media - 1].alt = call->argv[i + 1];
        if (!g_str_equal(call->argv[i], "--image"))
            continue;
        HibApiMedia media = {0};
        if (!hib_remote_upload(remote, call->argv[i + 1], &hib_api_media_shape, &media, error))
            return false;
        draft->has_media = true;
        draft->media[draft->n_media++] = (HibApiPostMedia){.media_id = media.id, .alt = ""};
    }
    return true;
}

static const char *
show_time(HibRemote *remote, HibInstant at)
{
    g_autoptr(HibZone) zone = hib_zone_open(remote->zone);
    HibWall wall = hib_wall_at(zone ? zone : hib_zone_utc(), at);
    return hib_arena_printf(remote->arena, "%04d-%02d-%02d %02d:%02d", wall.year, wall.month,
                            wall.day, wall.hour, wall.minute);
}

static void
print_post(HibRemote *remote, const HibApiPost *post)
{
    const char *due = post->has_due_at ? show_time(remote, post->due_at) : "-               ";
    g_autofree char *line = g_strdelimit(g_strdup(post->text), "\n\r\t", ' ');
    printf("%s  %-9s  %s  %s\n", post->id, hib_api_post_state_names[post->state], due, line);
}

static bool
schedule(HibRemote *remote, const HibCommandCall *call, HibApiPost *post, const char **raw,
         GError **error)
{
    HibApiPostTime time = {0};
    time.wall = hib_command_option(call, "at");
    time.has_wall = time.wall != NULL;
    time.zone = hib_command_option(call, "zone");
    time.has_zone = time.zone != NULL;
    time.now = time.has_now = hib_command_flag(call, "now");
    if (!time.has_wall && !time.has_now)
        return true;
    const char *path = hib_arena_printf(remote->arena, "/posts/%s/schedule", post->id);
    return hib_remote_call(remote, "POST", path, &hib_api_post_time_shape, &time,
                           &hib_api_post_shape, post, raw, error);
}

static bool
run_new(HibRemote *remote, const HibCommandCall *call, const char *text, GError **error)
{
    HibApiPostDraft draft = {.text = read_text(remote->arena, text)};
    draft.lang = hib_command_option(call, "lang");
    draft.has_lang = draft.lang != NULL;
    if (!choose_accounts(remote, hib_command_option(call, "account"), &draft, error) ||
        !take_images(remote, call, &draft, error))
        return false;
    HibApiPost post = {0};
    const char *raw = NULL;
    if (!hib_remote_call(remote, "POST", "/posts", &hib_api_post_draft_shape, &draft,
                         &hib_api_post_shape, &post, &raw, error))
        return false;
    if (!schedule(remote, call, &post, &raw, error)) {
        hib_command_say(call, "post.kept_draft", post.id);
        return false;
    }
    if (call->is_json)
        printf("%s\n", raw);
    else
        print_post(remote, &post);
    return true;
}

static bool
run_list(HibRemote *remote, const HibCommandCall *call, GError **error)
{
    const char *path = "/posts?limit=500", *raw = NULL;
    size_t n_shown = 0;
    while (path) {
        HibApiPostList list = {0};
        if (!hib_remote_call(remote, "GET", path, NULL, NULL, &hib_api_post_list_shape, &list, &raw,
                             error))
            return false;
        if (call->is_json)
            printf("%s\n", raw);
        for (size_t i = 0; !call->is_json && i < list.n_posts; i++)
            print_post(remote, &list.posts[i]);
        n_shown += list.n_posts;
        path = list.has_next_cursor
                   ? hib_arena_printf(remote->arena, "/posts?limit=500&cursor=%s",
                                      hib_url_escape(remote->arena, list.next_cursor))
                   : NULL;
    }
    if (!n_shown && !call->is_json)
        hib_command_say(call, "post.none", NULL);
    return true;
}

static bool
run_change(HibRemote *remote, const HibCommandCall *call, const char *verb, const char *id,
           GError **error)
{
    HibApiPost post = {0};
    id = hib_url_escape(remote->arena, id);
    const char *path = hib_arena_printf(remote->arena, "/posts/%s", id);
    if (g_str_equal(verb, "delete"))
        return hib_remote_call(remote, "DELETE", path, NULL, NULL, NULL, NULL, NULL, error);
    if (g_str_equal(verb, "schedule")) {
        post.id = id;
        if (!schedule(remote, call, &post, NULL, error))
            return false;
    } else if (!hib_remote_call(remote, "POST",
                                hib_arena_printf(remote->arena, "%s/unschedule", path), NULL, NULL,
                                &hib_api_post_shape, &post, NULL, error))
        return false;
    if (post.text)
        print_post(remote, &post);
    return true;
}

int
hib_command_post(const HibCommandCall *call)
{
    g_auto(HibRemote) remote = {0};
    g_autoptr(GError) error = NULL;
    const char *verb = hib_command_word(call, 0, valued), *what = hib_command_word(call, 1, valued);
    bool is_known = verb && g_strv_contains((const char *const[]){"new", "list", "schedule",
                                                                  "unschedule", "delete", NULL},
                                            verb);
    if (!is_known || (!what && !g_str_equal(verb, "list"))) {
        hib_command_say(call, "post.usage", NULL);
        return 2;
    }
    if (!hib_remote_open(&remote, call, &error))
        return hib_command_fail(call, error);
    bool ok = g_str_equal(verb, "new")    ? run_new(&remote, call, what, &error)
              : g_str_equal(verb, "list") ? run_list(&remote, call, &error)
                                          : run_change(&remote, call, verb, what, &error);
    return ok ? 0 : hib_command_fail(call, error);
}
