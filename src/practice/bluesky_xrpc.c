/* The face's methods: what com.atproto.* and app.bsky.* answer here. One row a method; each reads its input, acts, replies. */
#include "networks/bluesky.h"
#include "practice/bluesky_face_private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    bool is_post;
    enum { NO_AUTH, ACCESS, REFRESH } auth;
    void (*run)(HibFace *face, FaceCall *call, FaceAccount *account,
                HibJson in); /* account NULL with NO_AUTH */
} Method;

static const char *
query(const FaceCall *call, const char *name)
{
    return MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, name);
}

static void
invalid(FaceCall *call, const char *what)
{
    hib_face_refuse(call, 400, "InvalidRequest", "%s", what);
}

static void
roll_window(const HibFace *face, FaceAccount *account)
{
    int64_t now_s = hib_clock_now(face->clock) / HIB_SECOND;
    if (now_s < account->window + 300)
        return;
    account->window = now_s;
    account->n_in_window = 0;
    account->n_signs_in_window = 0;
}

/* --- sessions ------------------------------------------------------------------------------------------- */
static void
add_session(HibFace *face, FaceCall *call, FaceAccount *account, cJSON *out, bool with_tokens)
{
    if (with_tokens) {
        cJSON_AddStringToObject(out, "accessJwt",
                                hib_face_token_new(face, call->arena, account, false));
        cJSON_AddStringToObject(out, "refreshJwt",
                                hib_face_token_new(face, call->arena, account, true));
    }
    cJSON_AddStringToObject(out, "handle", account->handle);
    cJSON_AddStringToObject(out, "did", account->did);
    cJSON *doc = cJSON_AddObjectToObject(out, "didDoc");
    cJSON_AddStringToObject(doc, "id", account->did);
    cJSON *service = cJSON_CreateObject();
    cJSON_AddStringToObject(service, "id", "#atproto_pds");
    cJSON_AddStringToObject(service, "type", "AtprotoPersonalDataServer");
    cJSON_AddStringToObject(service, "serviceEndpoint", face->url);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(doc, "service"), service);
    cJSON_AddBoolToObject(out, "emailConfirmed", true);
    cJSON_AddBoolToObject(out, "emailAuthFactor", false);
    cJSON_AddBoolToObject(out, "active", true);
}

static void
create_session(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    const char *identifier = NULL;
    const char *password = NULL;
    if (!hib_json_text(in, "identifier", &identifier, NULL) ||
        !hib_json_text(in, "password", &password, NULL)) {
        invalid(call, "Input must have the properties \"identifier\" and \"password\"");
        return;
    }
    account = hib_face_account(face, identifier);
    if (account)
        roll_window(face, account);
    if (account && face->rate_limit > 0 && ++account->n_signs_in_window > 30) {
        hib_face_refuse(call, 429, "RateLimitExceeded", "Rate Limit Exceeded");
        return;
    }
    if (!account || !hib_equal_secret(account->password, password)) {
        hib_face_refuse(call, 401, "AuthenticationRequired", "Invalid identifier or password");
        return;
    }
    face->counts.n_sign_ins++;
    cJSON *out = cJSON_CreateObject();
    add_session(face, call, account, out, true);
    hib_face_reply(call, 200, out);
}

static void
refresh_session(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    face->counts.n_refreshes++;
    cJSON *out = cJSON_CreateObject();
    add_session(face, call, account, out, true);
    hib_face_reply(call, 200, out);
}

static void
get_session(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    cJSON *out = cJSON_CreateObject();
    add_session(face, call, account, out, false);
    hib_face_reply(call, 200, out);
}

static void
resolve_handle(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    account = hib_face_account(face, query(call, "handle"));
    if (!account) {
        invalid(call, "Unable to resolve handle");
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "did", account->did);
    hib_face_reply(call, 200, out);
}

static void
describe_server(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "did", "did:web:localhost");
    cJSON_AddItemToObject(out, "availableUserDomains", cJSON_CreateArray());
    hib_face_reply(call, 200, out);
}

/* --- writing -------------------------------------------------------------------------------------------- */
static void
upload_blob(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    const char *mime =
        MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, "Content-Type");
    if (!mime) {
        invalid(call, "Request encoding (Content-Type) required but not provided");
        return;
    }
    const char *cid = hib_face_cid(call->arena, true, call->body->str, call->body->len);
    int64_t *size = g_new(int64_t, 1);
    *size = (int64_t)call->body->len;
    g_hash_table_replace(face->blobs, g_strdup(cid), size);
    face->counts.n_uploads++;
    cJSON *out = cJSON_CreateObject();
    cJSON *blob = cJSON_AddObjectToObject(out, "blob");
    cJSON_AddStringToObject(blob, "$type", "blob");
    cJSON_AddStringToObject(cJSON_AddObjectToObject(blob, "ref"), "$link", cid);
    cJSON_AddStringToObject(blob, "mimeType", mime);
    cJSON_AddNumberToObject(blob, "size", (double)call->body->len);
    hib_face_reply(call, 200, out);
}

/* Reads repo and collection, which must be the caller's own posts. */
static bool
is_own_posts(HibFace *face, FaceCall *call, const FaceAccount *account, HibJson in)
{
    const char *repo = NULL;
    const char *collection = NULL;
    if (!hib_json_text(in, "repo", &repo, NULL) ||
        !hib_json_text(in, "collection", &collection, NULL)) {
        invalid(call, "Input must have the properties \"repo\" and \"collection\"");
        return false;
    }
    if (hib_face_account(face, repo) != account) {
        hib_face_refuse(call, 401, "AuthenticationRequired", "Authentication Required");
        return false;
    }
    if (strcmp(collection, FACE_POSTS) != 0) {
        invalid(call, "This practice server keeps posts only");
        return false;
    }
    return true;
}

static void
write_record(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in, bool may_exist)
{
    HibJson record = {0};
    FaceFacts facts = {.arrived_at = hib_clock_now(face->clock)};
    char fresh[HIB_TID_TEXT];
    if (!is_own_posts(face, call, account, in))
        return;
    if (!hib_json_opt_text(in, "rkey", &facts.rkey, NULL) || (!facts.rkey && may_exist) ||
        !hib_json_object(in, "record", &record, NULL)) {
        invalid(call, "Input must have the properties \"rkey\" and \"record\"");
        return;
    }
    if (!facts.rkey) {
        hib_tid_fill(fresh, facts.arrived_at);
        facts.rkey = fresh;
    }
    if (!hib_tid_valid(facts.rkey)) {
        invalid(call, "Invalid TID string (got \"…\") at $.rkey");
        return;
    }
    const FacePost *old = hib_face_post(account, facts.rkey);
    if (old && !may_exist) { /* what PDS 0.4.217 does: it looks like an accident and is none */
        hib_face_refuse(call, 500, "InternalServerError", "Internal Server Error");
        return;
    }
    facts.record = hib_json_print(call->arena, cJSON_Duplicate(record.value, true));
    bool is_same = old && !strcmp(old->record, facts.record);
    if (!is_same && !hib_face_record_read(face, call, record, &facts))
        return;
    const FacePost *post = hib_face_put(face, account, &facts);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(
        out, "uri",
        hib_arena_printf(call->arena, "at://%s/" FACE_POSTS "/%s", account->did, post->rkey));
    cJSON_AddStringToObject(out, "cid", post->cid);
    if (!is_same) {
        char rev[HIB_TID_TEXT];
        hib_tid_fill(rev, facts.arrived_at);
        cJSON *commit = cJSON_AddObjectToObject(out, "commit");
        cJSON_AddStringToObject(commit, "cid", hib_face_cid(call->arena, false, rev, strlen(rev)));
        cJSON_AddStringToObject(commit, "rev", rev);
    }
    cJSON_AddStringToObject(out, "validationStatus", "valid");
    hib_face_reply(call, 200, out);
}

static void
put_record(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    write_record(face, call, account, in, true);
}

static void
create_record(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    write_record(face, call, account, in, false);
}

static void
delete_record(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    const char *rkey = NULL;
    if (!is_own_posts(face, call, account, in))
        return;
    if (!hib_json_text(in, "rkey", &rkey, NULL)) {
        invalid(call, "Input must have the property \"rkey\"");
        return;
    }
    (void)hib_face_delete(face, account, rkey,
                          hib_clock_now(face->clock)); /* of what is not there: 200 as well */
    hib_face_reply(call, 200, cJSON_CreateObject());
}

/* --- reading -------------------------------------------------------------------------------------------- */
static cJSON *
record_item(FaceCall *call, const FaceAccount *account, const FacePost *post)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(
        out, "uri",
        hib_arena_printf(call->arena, "at://%s/" FACE_POSTS "/%s", account->did, post->rkey));
    cJSON_AddStringToObject(out, "cid", post->cid);
    cJSON_AddRawToObject(out, "value", post->record);
    return out;
}

static void
get_record(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    const char *rkey = query(call, "rkey");
    account = hib_face_account(face, query(call, "repo"));
    if (!account || !rkey) {
        invalid(call, account ? "Params must have the property \"rkey\"" : "Could not find repo");
        return;
    }
    const FacePost *post =
        g_strcmp0(query(call, "collection"), FACE_POSTS) ? NULL : hib_face_post(account, rkey);
    if (!post) {
        hib_face_refuse(call, 400, "RecordNotFound",
                        "Could not locate record: at://%s/" FACE_POSTS "/%s", account->did, rkey);
        return;
    }
    hib_face_reply(call, 200, record_item(call, account, post));
}

static void
list_records(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    const char *cursor = query(call, "cursor");
    const char *limit_text = query(call, "limit");
    bool is_oldest_first = !g_strcmp0(query(call, "reverse"), "true");
    int64_t limit = limit_text ? g_ascii_strtoll(limit_text, NULL, 10) : 50;
    account = hib_face_account(face, query(call, "repo"));
    if (!account || limit < 1 || limit > 100) {
        invalid(call, account ? "limit must be between 1 and 100" : "Could not find repo");
        return;
    }
    GTreeNode *node =
        is_oldest_first ? g_tree_node_first(account->posts) : g_tree_node_last(account->posts);
    if (cursor && is_oldest_first)
        node = g_tree_upper_bound(account->posts, cursor);
    else if (cursor) {
        GTreeNode *after = g_tree_lower_bound(account->posts, cursor);
        node = after ? g_tree_node_previous(after) : g_tree_node_last(account->posts);
    }
    cJSON *out = cJSON_CreateObject();
    cJSON *records = cJSON_AddArrayToObject(out, "records");
    const char *last = NULL;
    for (int64_t i = 0; node && i < limit; i++) {
        const FacePost *post = g_tree_node_value(node);
        cJSON_AddItemToArray(records, record_item(call, account, post));
        last = post->rkey;
        node = is_oldest_first ? g_tree_node_next(node) : g_tree_node_previous(node);
    }
    if (last)
        cJSON_AddStringToObject(out, "cursor", last);
    hib_face_reply(call, 200, out);
}

static cJSON *
post_view(HibFace *face, FaceCall *call, const FaceAccount *account, const FacePost *post)
{
    char when[HIB_INSTANT_TEXT];
    const HibAudienceNumbers n =
        hib_crowd_numbers(account->crowd, hib_audience_key(post->rkey), hib_clock_now(face->clock));
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(
        out, "uri",
        hib_arena_printf(call->arena, "at://%s/" FACE_POSTS "/%s", account->did, post->rkey));
    cJSON_AddStringToObject(out, "cid", post->cid);
    cJSON *author = cJSON_AddObjectToObject(out, "author");
    cJSON_AddStringToObject(author, "did", account->did);
    cJSON_AddStringToObject(author, "handle", account->handle);
    cJSON_AddStringToObject(author, "displayName", account->display_name);
    cJSON_AddRawToObject(out, "record", post->record);
    cJSON_AddNumberToObject(out, "bookmarkCount", 0);
    cJSON_AddNumberToObject(out, "replyCount", (double)n.comments);
    cJSON_AddNumberToObject(out, "repostCount", (double)n.reposts);
    cJSON_AddNumberToObject(out, "likeCount", (double)n.likes);
    cJSON_AddNumberToObject(out, "quoteCount", (double)n.quotes);
    cJSON_AddStringToObject(out, "indexedAt", hib_instant_format(post->arrived_at, when));
    return out;
}

typedef struct {
    HibFace *face;
    FaceCall *call;
    cJSON *posts;
    int n;
} Asked;

static enum MHD_Result
add_asked(void *data, enum MHD_ValueKind kind, const char *name, const char *uri)
{
    Asked *asked = data;
    if (!uri || (strcmp(name, "uris") != 0 && strcmp(name, "uris[]") != 0))
        return MHD_YES;
    asked->n++;
    g_auto(GStrv) parts = g_strsplit(uri, "/", 6); /* at: "" did collection rkey */
    if (g_strv_length(parts) != 5 || strcmp(parts[3], FACE_POSTS) != 0)
        return MHD_YES;
    const FaceAccount *account = hib_face_account(asked->face, parts[2]);
    const FacePost *post = account ? hib_face_post(account, parts[4]) : NULL;
    cJSON *view = asked->n > 25 ? NULL
                  : post        ? post_view(asked->face, asked->call, account, post)
                                : hib_face_answer(asked->face, asked->call, parts[4]);
    if (!view && asked->n <= 25)
        view = hib_face_tagged(asked->face, asked->call, parts[4]);
    if (view)
        cJSON_AddItemToArray(asked->posts, view);
    return MHD_YES;
}

static void
get_posts(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    cJSON *out = cJSON_CreateObject();
    Asked asked = {.face = face, .call = call, .posts = cJSON_AddArrayToObject(out, "posts")};
    MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, add_asked, &asked);
    if (asked.n == 0 || asked.n > 25) {
        cJSON_Delete(out);
        invalid(call, "uris must have 1 to 25 elements");
        return;
    }
    hib_face_reply(call, 200, out);
}

static void
get_profile(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    const FaceAccount *who = hib_face_account(face, query(call, "actor"));
    if (!who) {
        if (!hib_face_rival_profile(face, call, query(call, "actor")))
            invalid(call, "Profile not found");
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "did", who->did);
    cJSON_AddStringToObject(out, "handle", who->handle);
    cJSON_AddStringToObject(out, "displayName", who->display_name);
    cJSON_AddNumberToObject(out, "followersCount",
                            (double)hib_crowd_followers(who->crowd, hib_clock_now(face->clock)));
    cJSON_AddNumberToObject(out, "followsCount", 87);
    cJSON_AddNumberToObject(out, "postsCount", g_tree_nnodes(who->posts));
    hib_face_reply(call, 200, out);
}

/* One page, the newest first. */
static void
get_author_feed(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    const char *actor = query(call, "actor"), *limit = query(call, "limit");
    const int64_t most = limit ? CLAMP(g_ascii_strtoll(limit, NULL, 10), 1, 100) : 50;
    const FaceAccount *who = hib_face_account(face, actor);
    (void)account;
    (void)in;
    if (!who) {
        if (!hib_face_rival_feed(face, call, actor, (size_t)most))
            invalid(call, "Profile not found");
        return;
    }
    cJSON *out = cJSON_CreateObject(), *feed = cJSON_AddArrayToObject(out, "feed");
    GTreeNode *node = g_tree_node_last(who->posts);
    for (int64_t i = 0; node && i < most; i++, node = g_tree_node_previous(node)) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToObject(item, "post", post_view(face, call, who, g_tree_node_value(node)));
        cJSON_AddItemToArray(feed, item);
    }
    hib_face_reply(call, 200, out);
}

static void
get_blob(HibFace *face, FaceCall *call, FaceAccount *account G_GNUC_UNUSED,
         HibJson in G_GNUC_UNUSED)
{
    const char *did = query(call, "did"), *cid = query(call, "cid");
    if (did && cid)
        hib_face_blob(face, call, cid);
    else
        invalid(call, "Error: Params must have the properties \"did\" and \"cid\"");
}

static const Method methods[] = {
    {"com.atproto.repo.putRecord", true, ACCESS, put_record},
    {"com.atproto.repo.createRecord", true, ACCESS, create_record},
    {"com.atproto.repo.deleteRecord", true, ACCESS, delete_record},
    {"com.atproto.repo.uploadBlob", true, ACCESS, upload_blob},
    {"com.atproto.repo.getRecord", false, NO_AUTH, get_record},
    {"com.atproto.sync.getBlob", false, NO_AUTH, get_blob},
    {"com.atproto.repo.listRecords", false, NO_AUTH, list_records},
    {"com.atproto.server.createSession", true, NO_AUTH, create_session},
    {"com.atproto.server.refreshSession", true, REFRESH, refresh_session},
    {"com.atproto.server.getSession", false, ACCESS, get_session},
    {"com.atproto.server.describeServer", false, NO_AUTH, describe_server},
    {"com.atproto.identity.resolveHandle", false, NO_AUTH, resolve_handle},
    {"app.bsky.feed.getPosts", false, ACCESS, get_posts},
    {"app.bsky.feed.searchPosts", false, ACCESS, hib_face_search},
    {"app.bsky.feed.getRepostedBy", false, ACCESS, hib_face_reposted_by},
    {"app.bsky.feed.getLikes", false, ACCESS, hib_face_likes},
    {"app.bsky.graph.getRelationships", false, ACCESS, hib_face_relationships},
    {"img", false, NO_AUTH, hib_face_picture},
    {"app.bsky.actor.getProfile", false, ACCESS, get_profile},
    {"app.bsky.feed.getAuthorFeed", false, ACCESS, get_author_feed},
    {"app.bsky.notification.listNotifications", false, ACCESS, hib_face_notifications},
};

/* Counts the call against its account's window; false after refusing it. */
static bool
is_within_rate(HibFace *face, FaceCall *call, FaceAccount *account)
{
    if (face->rate_limit <= 0)
        return true;
    roll_window(face, account);
    account->n_in_window++;
    call->rate_limit = face->rate_limit;
    call->rate_window_s = 300;
    call->rate_remaining = MAX(face->rate_limit - account->n_in_window, 0);
    call->rate_reset_s = account->window + 300;
    if (account->n_in_window <= face->rate_limit)
        return true;
    hib_face_refuse(call, 429, "RateLimitExceeded", "Rate Limit Exceeded");
    return false;
}

void
hib_face_xrpc(HibFace *face, FaceCall *call)
{
    const Method *method = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(methods) && !method; i++)
        if (!strcmp(methods[i].name, call->method))
            method = &methods[i];
    if (!method) {
        hib_face_refuse(call, 501, "MethodNotImplemented", "Method Not Implemented");
        return;
    }
    if (method->is_post != call->is_post) {
        invalid(call, method->is_post ? "Incorrect HTTP method (GET) expected POST"
                                      : "Incorrect HTTP method (POST) expected GET");
        return;
    }
    HibJson in = {0};
    bool is_json = method->is_post && method->auth != REFRESH && method->run != upload_blob;
    if (is_json && (!hib_json_parse(call->arena, call->body->str, call->body->len, &in, NULL) ||
                    !cJSON_IsObject(in.value))) {
        invalid(call, "Unable to parse the request body as a JSON object");
        return;
    }
    FaceAccount *account = NULL;
    if (method->auth != NO_AUTH) {
        account = hib_face_token_open(face, call, method->auth == REFRESH);
        if (!account)
            return;
    }
    if (account && !is_within_rate(face, call, account))
        return;
    method->run(face, call, account, in);
}
