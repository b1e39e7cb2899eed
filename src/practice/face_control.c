/* A face's control door, for tests, benches and people with curl: what happened, and which fault comes next. See face_run.h. */
#include "practice/face_hook.h"
#include "practice/face_private.h"
#include "practice/picture.h"

#include <string.h>

static void
wrong(HibPracticeCall *call, int status, const char *what)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "error", what);
    hib_practice_json(call, status, out);
}

static void
health(HibPracticeCall *call)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "network", call->face->network->name);
    hib_practice_json(call, 200, out);
}

static void
counts(HibPracticeCall *call)
{
    static const struct {
        const char *name;
        size_t offset;
    } rows[] = {
#define ROW(field) {#field, offsetof(HibPracticeCounts, field)}
        ROW(n_calls),        ROW(n_effects),    ROW(n_created),
        ROW(n_changed),      ROW(n_deleted),    ROW(n_uploads),
        ROW(n_faults),       ROW(n_twice_text), ROW(upload_bytes),
        ROW(n_sign_ins),     ROW(n_live),       ROW(n_hooks),
        ROW(n_hooks_failed), ROW(n_refreshes),  ROW(n_hooks_delivered),
#undef ROW
    };
    HibPracticeCounts n = {0};
    hib_practice_counts(call->face, hib_practice_query(call, "account"), &n);
    cJSON *out = cJSON_CreateObject();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        cJSON_AddNumberToObject(
            out, rows[i].name,
            (double)*(const int64_t *)(const void *)((const char *)&n + rows[i].offset));
    cJSON *refused = cJSON_AddArrayToObject(out, "n_refused");
    for (int i = 0; i < HIB_REFUSE_N; i++)
        cJSON_AddItemToArray(refused, cJSON_CreateNumber((double)n.n_refused[i]));
    hib_practice_json(call, 200, out);
}

static void
posts(HibPracticeCall *call)
{
    const HibPracticePost *const *found = NULL;
    const HibPracticeQuery all = {.is_oldest_first = true};
    size_t n = hib_practice_posts(call->face, call->arena, &all, &found, NULL);
    cJSON *out = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(out, "posts");
    for (size_t i = 0; i < n; i++) {
        char when[HIB_INSTANT_TEXT];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "id", found[i]->id);
        cJSON_AddStringToObject(item, "account", found[i]->account);
        cJSON_AddStringToObject(item, "kind", found[i]->kind);
        cJSON_AddStringToObject(item, "text", found[i]->text);
        if (found[i]->parent)
            cJSON_AddStringToObject(item, "parent", found[i]->parent);
        if (found[i]->media)
            cJSON_AddStringToObject(item, "media", found[i]->media);
        cJSON_AddStringToObject(item, "at", hib_instant_format(found[i]->at, when));
        cJSON_AddStringToObject(item, "arrived_at", hib_instant_format(found[i]->arrived_at, when));
        cJSON_AddItemToArray(list, item);
    }
    hib_practice_json(call, 200, out);
}

/* What came with a comment, as the network's own store would hand it out: to anybody. */
static void
picture(HibPracticeCall *call)
{
    g_autoptr(GBytes) bytes =
        hib_practice_picture(g_ascii_strtoull(hib_practice_param(call, "seed"), NULL, 10));
    hib_practice_content(call, 200, "image/png", bytes);
}

static void
accounts(HibPracticeCall *call)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(out, "accounts");
    for (size_t i = 0; i < call->face->n_accounts; i++) {
        const HibPracticeAccount *about = &call->face->accounts[i].about;
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "id", about->id);
        cJSON_AddStringToObject(item, "handle", about->handle);
        cJSON_AddStringToObject(item, "name", about->name);
        cJSON_AddStringToObject(item, "password", about->password);
        cJSON_AddNumberToObject(item, "followers",
                                (double)hib_practice_followers(call->face, about->id));
        cJSON_AddItemToArray(list, item);
    }
    hib_practice_json(call, 200, out);
}

static void
fault(HibPracticeCall *call)
{
    const char *name = NULL;
    HibPracticeFault wanted = {.times = -1};
    int64_t ms = 0;
    if (!hib_json_text(call->json, "fault", &name, NULL) ||
        !hib_json_opt_text(call->json, "at", &wanted.at, NULL) ||
        !hib_json_opt_int(call->json, "times", &wanted.times, NULL) ||
        !hib_json_opt_int(call->json, "ms", &ms, NULL) ||
        !hib_json_opt_real(call->json, "share", &wanted.share, NULL)) {
        wrong(call, 400, "a fault is {fault, at?, times?, ms?, share?}");
        return;
    }
    wanted.fault = hib_fault_find(name);
    if (wanted.fault == HIB_FAULT_N) {
        wrong(call, 400, "there is no such fault");
        return;
    }
    wanted.ms = (int)CLAMP(ms, 0, G_MAXINT);
    hib_practice_fault(call->face, &wanted);
    hib_practice_json(call, 200, cJSON_CreateObject());
}

static void
expire(HibPracticeCall *call)
{
    hib_practice_expire_tokens(call->face);
    hib_practice_json(call, 200, cJSON_CreateObject());
}

static void
end(HibPracticeCall *call)
{
    hib_practice_end_grants(call->face);
    hib_practice_json(call, 200, cJSON_CreateObject());
}

static void
hook(HibPracticeCall *call)
{
    const char *url = NULL;
    if (!hib_json_text(call->json, "url", &url, NULL)) {
        wrong(call, 400, "a hook is {url}");
        return;
    }
    hib_practice_hook_url(call->face, url);
    hib_practice_json(call, 200, cJSON_CreateObject());
}

static void delete (HibPracticeCall *call)
{
    const char *id = NULL;
    if (!hib_json_text(call->json, "id", &id, NULL) || !hib_practice_post_delete(call->face, id)) {
        wrong(call, 404, "there is no such post");
        return;
    }
    hib_practice_json(call, 200, cJSON_CreateObject());
}

static const HibPracticeRoute routes[] = {
    {"GET", "/practice/health", "control", health},
    {"GET", "/practice/counts", "control", counts},
    {"GET", "/practice/posts", "control", posts},
    {"GET", "/practice/accounts", "control", accounts},
    {"GET", "/practice/picture/{seed}", "control", picture},
    {"POST", "/practice/fault", "control", fault},
    {"POST", "/practice/expire", "control", expire},
    {"POST", "/practice/end", "control", end},
    {"POST", "/practice/hook", "control", hook},
    {"POST", "/practice/delete", "control", delete},
};

void
hib_face_control_run(HibPracticeCall *call)
{
    const HibPracticeNetwork *network = call->face->network;
    call->route = hib_face_route(call, routes, G_N_ELEMENTS(routes), call->path);
    if (!call->route)
        call->route = hib_face_route(call, network->controls, network->n_controls, call->path);
    if (call->route)
        call->route->run(call);
    else
        wrong(call, 404, "there is no such control");
}
