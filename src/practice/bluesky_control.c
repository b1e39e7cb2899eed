/* The face's control door for tests and benches in another process: what happened, and which fault comes next. */
#include "practice/bluesky_face_private.h"

#include <string.h>

void
hib_face_set_fault(HibFace *face, const HibFaceFault *fault)
{
    g_free(face->fault_method);
    face->fault = *fault;
    face->fault_method = g_strdup(fault->method);
    face->fault.method = face->fault_method;
}

static void
counts(HibFace *face, FaceCall *call)
{
    const HibFaceCounts *n = &face->counts;
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {{"n_calls", n->n_calls},
                {"n_puts", n->n_puts},
                {"n_created", n->n_created},
                {"n_unchanged", n->n_unchanged},
                {"n_changed", n->n_changed},
                {"n_deleted", n->n_deleted},
                {"n_twice_key", n->n_twice_key},
                {"n_twice_text", n->n_twice_text},
                {"n_uploads", n->n_uploads},
                {"n_sign_ins", n->n_sign_ins},
                {"n_refreshes", n->n_refreshes},
                {"n_faults", n->n_faults},
                {"n_live", n->n_live}};
    cJSON *out = cJSON_CreateObject();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        cJSON_AddNumberToObject(out, rows[i].name, (double)rows[i].value);
    hib_face_reply(call, 200, out);
}

static void
posts(HibFace *face, FaceCall *call)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(out, "posts");
    for (size_t i = 0; i < face->n_accounts; i++)
        for (GTreeNode *node = g_tree_node_first(face->accounts[i].posts); node;
             node = g_tree_node_next(node)) {
            const FacePost *post = g_tree_node_value(node);
            char when[HIB_INSTANT_TEXT];
            cJSON *item = cJSON_CreateObject();
            cJSON_AddStringToObject(item, "id",
                                    hib_arena_printf(call->arena, "at://%s/" FACE_POSTS "/%s",
                                                     face->accounts[i].did, post->rkey));
            cJSON_AddStringToObject(item, "account", face->accounts[i].did);
            cJSON_AddStringToObject(item, "did", face->accounts[i].did);
            cJSON_AddStringToObject(item, "rkey", post->rkey);
            cJSON_AddStringToObject(item, "text", post->text);
            cJSON_AddStringToObject(item, "created_at", hib_instant_format(post->created_at, when));
            cJSON_AddStringToObject(item, "arrived_at", hib_instant_format(post->arrived_at, when));
            cJSON_AddItemToArray(list, item);
        }
    hib_face_reply(call, 200, out);
}

/* The names that steps have on every face. */
static const char *
method_of(const char *step)
{
    static const struct {
        const char *step, *method;
    } rows[] = {{"publish", "com.atproto.repo.putRecord"},
                {"upload", "com.atproto.repo.uploadBlob"},
                {"delete", "com.atproto.repo.deleteRecord"},
                {"find", "com.atproto.repo.getRecord"},
                {"read", "app.bsky.feed.getPosts"},
                {"token", "com.atproto.server.refreshSession"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(rows[i].step, step))
            return rows[i].method;
    return step;
}

static void
fault(HibFace *face, FaceCall *call, HibJson in)
{
    const char *name = NULL;
    const char *at = NULL;
    HibFaceFault wanted = {.times = -1};
    int64_t ms = 0;
    if (!hib_json_text(in, "fault", &name, NULL) ||
        !hib_json_opt_text(in, "method", &wanted.method, NULL) ||
        !hib_json_opt_text(in, "at", &at, NULL) ||
        !hib_json_opt_int(in, "times", &wanted.times, NULL) ||
        !hib_json_opt_int(in, "ms", &ms, NULL) ||
        !hib_json_opt_real(in, "share", &wanted.share, NULL)) {
        hib_face_refuse(call, 400, "InvalidRequest",
                        "a fault is {fault, method? or at?, times?, ms?, share?}");
        return;
    }
    wanted.fault = hib_fault_find(name);
    if (wanted.fault == HIB_FAULT_EMPTY_TOKEN || wanted.fault == HIB_FAULT_QUOTA ||
        wanted.fault >= HIB_FAULT_SLOW) { /* or no fault at all */
        hib_face_refuse(call, 400, "InvalidRequest", "there is no such fault");
        return;
    }
    wanted.ms = (int)CLAMP(ms, 0, 3600000);
    if (at && !wanted.method)
        wanted.method = method_of(at);
    hib_face_set_fault(face, &wanted);
    hib_face_reply(call, 200, cJSON_CreateObject());
}

static void
mark_tokens(HibFace *face, bool is_end)
{
    for (size_t i = 0; i < face->n_accounts; i++) {
        face->accounts[i].stale_below = face->accounts[i].n_tokens;
        if (is_end)
            face->accounts[i].ended_below = face->accounts[i].n_tokens;
    }
}

static void delete (HibFace *face, FaceCall *call, HibJson in)
{
    const char *did = NULL;
    const char *rkey = NULL;
    FaceAccount *account = NULL;
    if (hib_json_text(in, "did", &did, NULL) && hib_json_text(in, "rkey", &rkey, NULL))
        account = hib_face_account(face, did);
    if (!account || !hib_face_delete(face, account, rkey, hib_clock_now(face->clock))) {
        hib_face_refuse(call, 404, "RecordNotFound", "there is no such post");
        return;
    }
    hib_face_reply(call, 200, cJSON_CreateObject());
}

static void
accounts(HibFace *face, FaceCall *call)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(out, "accounts");
    for (size_t i = 0; i < face->n_accounts; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "id", face->accounts[i].did);
        cJSON_AddStringToObject(item, "handle", face->accounts[i].handle);
        cJSON_AddStringToObject(item, "name", face->accounts[i].display_name);
        cJSON_AddStringToObject(item, "password", face->accounts[i].password);
        cJSON_AddItemToArray(list, item);
    }
    hib_face_reply(call, 200, out);
}

void
hib_face_control(HibFace *face, FaceCall *call)
{
    HibJson in = {0};
    if (!call->is_post && !strcmp(call->method, "counts")) {
        counts(face, call);
        return;
    }
    if (!call->is_post && !strcmp(call->method, "posts")) {
        posts(face, call);
        return;
    }
    if (!call->is_post && !strcmp(call->method, "accounts")) {
        accounts(face, call);
        return;
    }
    if (call->is_post && (!strcmp(call->method, "expire") || !strcmp(call->method, "end"))) {
        mark_tokens(face, !strcmp(call->method, "end"));
        hib_face_reply(call, 200, cJSON_CreateObject());
        return;
    }
    bool is_known =
        call->is_post && (!strcmp(call->method, "fault") || !strcmp(call->method, "delete"));
    if (!is_known) {
        hib_face_refuse(call, 404, "NotFound", "there is no such control");
        return;
    }
    if (!hib_json_parse(call->arena, call->body->str, call->body->len, &in, NULL) ||
        !cJSON_IsObject(in.value))
        hib_face_refuse(call, 400, "InvalidRequest", "the body must be a JSON object");
    else if (!strcmp(call->method, "fault"))
        fault(face, call, in);
    else
        delete (face, call, in);
}

void
hib_face_fault(HibFace *face, const HibFaceFault *wanted)
{
    pthread_mutex_lock(&face->lock);
    hib_face_set_fault(face, wanted);
    pthread_mutex_unlock(&face->lock);
}

void
hib_face_expire_tokens(HibFace *face)
{
    pthread_mutex_lock(&face->lock);
    mark_tokens(face, false);
    pthread_mutex_unlock(&face->lock);
}

void
hib_face_end_sessions(HibFace *face)
{
    pthread_mutex_lock(&face->lock);
    mark_tokens(face, true);
    pthread_mutex_unlock(&face->lock);
}
