/* X's face: users, posts by id, an account's own timeline, its mentions. */
#include "practice/tagged.h"
#include "practice/x_face_private.h"

#include <string.h>

/* --- what is asked for ------------------------------------------------------------------------------------------ */
bool
hib_x_face_wants(const char *const *list, const char *name)
{
    return g_strv_contains(list, name);
}

static void
free_list(void *data)
{
    g_strfreev(data);
}

static const char *const *
read_list(HibPracticeCall *call, const char *name)
{
    const char *text = hib_practice_query(call, name);
    char **out = g_strsplit(text ? text : "", ",", 101);
    hib_arena_defer(call->arena, free_list, out);
    return (const char *const *)out;
}

/* What X knows by either name; a word it does not know is refused. */
static bool
check_list(HibPracticeCall *call, const char *name, const char *const *list,
           const char *const *known)
{
    for (size_t i = 0; list[i]; i++)
        if (!g_strv_contains(known, list[i])) {
            hib_x_face_invalid(call, name, list[i],
                               hib_arena_printf(call->arena,
                                                "The `%s` query parameter value [%s] is not one of "
                                                "the values this endpoint knows",
                                                name, list[i]));
            return false;
        }
    return true;
}

static const char *const post_fields[] = {"article",
                                          "attachments",
                                          "author_id",
                                          "card_uri",
                                          "community_id",
                                          "context_annotations",
                                          "conversation_id",
                                          "created_at",
                                          "display_text_range",
                                          "edit_controls",
                                          "edit_history_tweet_ids",
                                          "entities",
                                          "geo",
                                          "id",
                                          "in_reply_to_user_id",
                                          "lang",
                                          "media_metadata",
                                          "non_public_metrics",
                                          "note_post",
                                          "note_tweet",
                                          "organic_metrics",
                                          "paid_partnership",
                                          "possibly_sensitive",
                                          "promoted_metrics",
                                          "public_metrics",
                                          "referenced_tweets",
                                          "reply_settings",
                                          "scopes",
                                          "source",
                                          "text",
                                          "withheld",
                                          NULL};
static const char *const expansions[] = {"article.cover_media",
                                         "attachments.media_keys",
                                         "attachments.poll_ids",
                                         "author_id",
                                         "edit_history_post_ids",
                                         "edit_history_tweet_ids",
                                         "entities.mentions.username",
                                         "geo.place_id",
                                         "in_reply_to_user_id",
                                         "participant_ids",
                                         "referenced_posts",
                                         "referenced_tweets.id",
                                         "referenced_tweets.id.author_id",
                                         "sender_id",
                                         "username",
                                         "pinned_tweet_id",
                                         NULL};
static const char *const user_fields[] = {"affiliation",
                                          "confirmed_email",
                                          "connection_status",
                                          "created_at",
                                          "description",
                                          "entities",
                                          "id",
                                          "is_identity_verified",
                                          "location",
                                          "most_recent_tweet_id",
                                          "name",
                                          "parody",
                                          "pinned_tweet_id",
                                          "profile_banner_url",
                                          "profile_image_url",
                                          "protected",
                                          "public_metrics",
                                          "receives_your_dm",
                                          "subscription",
                                          "subscription_type",
                                          "url",
                                          "username",
                                          "verified",
                                          "verified_type",
                                          "withheld",
                                          NULL};
static const char *const media_fields[] = {"alt_text",
                                           "duration_ms",
                                           "height",
                                           "media_key",
                                           "non_public_metrics",
                                           "organic_metrics",
                                           "preview_image_url",
                                           "promoted_metrics",
                                           "public_metrics",
                                           "type",
                                           "url",
                                           "variants",
                                           "width",
                                           NULL};

bool
hib_x_face_ask(HibPracticeCall *call, const HibPracticeAccount *viewer, XAsk *ret)
{
    bool is_new = hib_practice_query(call, "post.fields") != NULL;
    const char *name = is_new ? "post.fields" : "tweet.fields";
    *ret = (XAsk){.viewer = viewer,
                  .is_new = is_new,
                  .post = read_list(call, name),
                  .expand = read_list(call, "expansions"),
                  .user = read_list(call, "user.fields"),
                  .media = read_list(call, "media.fields")};
    if (!check_list(call, name, ret->post, post_fields) ||
        !check_list(call, "expansions", ret->expand, expansions) ||
        !check_list(call, "user.fields", ret->user, user_fields) ||
        !check_list(call, "media.fields", ret->media, media_fields))
        return false;
    ret->users = cJSON_CreateArray();
    ret->media_list = cJSON_CreateArray();
    ret->polls = cJSON_CreateArray();
    ret->errors = cJSON_CreateArray();
    return true;
}

void
hib_x_face_answer(HibPracticeCall *call, XAsk *ask, cJSON *data, cJSON *meta)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *includes = cJSON_CreateObject();
    const struct {
        const char *name;
        cJSON *list;
    } lists[] = {{"users", ask->users}, {"media", ask->media_list}, {"polls", ask->polls}};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (cJSON_GetArraySize(lists[i].list))
            cJSON_AddItemToObject(includes, lists[i].name, lists[i].list);
        else
            cJSON_Delete(lists[i].list);
    if (data && (cJSON_IsObject(data) || cJSON_GetArraySize(data)))
        cJSON_AddItemToObject(out, "data", data); /* an empty list is left out */
    else
        cJSON_Delete(data);
    if (cJSON_GetArraySize(includes))
        cJSON_AddItemToObject(out, "includes", includes);
    else
        cJSON_Delete(includes);
    if (cJSON_GetArraySize(ask->errors))
        cJSON_AddItemToObject(out, "errors", ask->errors);
    else
        cJSON_Delete(ask->errors);
    if (meta)
        cJSON_AddItemToObject(out, "meta", meta);
    hib_practice_json(call, 200, out);
}

/* --- users --------------------------------------------------------------------------------------------------------- */
const char *
hib_x_face_user_id(HibArena *arena, const char *handle)
{
    return hib_arena_printf(arena, "1%017" G_GUINT64_FORMAT,
                            hib_audience_key(handle) % G_GUINT64_CONSTANT(100000000000000000));
}

static void
add_account_facts(HibPracticeCall *call, const HibPracticeAccount *account, const XAsk *ask,
                  cJSON *out)
{
    bool is_premium = hib_x_face_is_premium(call->face, account);
    if (hib_x_face_wants(ask->user, "subscription_type") && account == ask->viewer)
        cJSON_AddStringToObject(out, "subscription_type", is_premium ? "Premium" : "None");
    if (hib_x_face_wants(ask->user, "verified"))
        cJSON_AddBoolToObject(out, "verified", is_premium);
    if (!hib_x_face_wants(ask->user, "public_metrics"))
        return;
    const HibPracticePost *const *posts = NULL;
    const char *next = NULL;
    cJSON *to = cJSON_AddObjectToObject(out, "public_metrics");
    const HibPracticeQuery query = {.account = account->id, .kind = "post"};
    const HibPracticeQuery replies = {.account = account->id, .kind = "reply"};
    double n = (double)hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    n += (double)hib_practice_posts(call->face, call->arena, &replies, &posts, &next);
    cJSON_AddNumberToObject(to, "followers_count",
                            (double)hib_practice_followers(call->face, account->id));
    cJSON_AddNumberToObject(to, "following_count", 100);
    cJSON_AddNumberToObject(to, ask->is_new ? "post_count" : "tweet_count", n);
    cJSON_AddNumberToObject(to, "listed_count", 3);
    cJSON_AddNumberToObject(to, "like_count", 0);
    cJSON_AddNumberToObject(to, "media_count", 0);
}

cJSON *
hib_x_face_user_json(HibPracticeCall *call, const char *id, const char *handle, const char *name,
                     const XAsk *ask)
{
    const HibPracticeAccount *account = hib_practice_account(call->face, id);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddStringToObject(out, "name", account ? account->name : name);
    cJSON_AddStringToObject(out, "username", account ? account->handle : handle);
    if (hib_x_face_wants(ask->user, "created_at"))
        cJSON_AddStringToObject(out, "created_at", "2020-01-01T00:00:00.000Z");
    if (hib_x_face_wants(ask->user, "description"))
        cJSON_AddStringToObject(out, "description", "");
    if (hib_x_face_wants(ask->user, "protected"))
        cJSON_AddBoolToObject(out, "protected", false);
    if (hib_x_face_wants(ask->user, "profile_image_url"))
        cJSON_AddStringToObject(out, "profile_image_url",
                                "https://abs.twimg.com/sticky/default_profile_images/"
                                "default_profile_normal.png");
    if (account)
        add_account_facts(call, account, ask, out);
    return out;
}

void
hib_x_face_include_user(HibPracticeCall *call, XAsk *ask, const char *id, const char *handle,
                        const char *name)
{
    const cJSON *one;
    cJSON_ArrayForEach(
        one, ask->users) if (!strcmp(cJSON_GetObjectItemCaseSensitive(one, "id")->valuestring,
                                     id)) return;
    cJSON_AddItemToArray(ask->users, hib_x_face_user_json(call, id, handle, name, ask));
}

void
hib_x_face_users_me(HibPracticeCall *call)
{
    XAsk ask;
    const HibPracticeAccount *account = hib_x_face_caller(call, "users.read tweet.read");
    if (account && hib_x_face_ask(call, account, &ask))
        hib_x_face_answer(
            call, &ask,
            hib_x_face_user_json(call, account->id, account->handle, account->name, &ask), NULL);
}

static cJSON *
not_found(HibPracticeCall *call, const char *type, const char *parameter, const char *value)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "value", value);
    cJSON_AddStringToObject(
        out, "detail",
        hib_arena_printf(call->arena, "Could not find %s with %s: [%s].", type, parameter, value));
    cJSON_AddStringToObject(out, "title", "Not Found Error");
    cJSON_AddStringToObject(out, "resource_type", type);
    cJSON_AddStringToObject(out, "parameter", parameter);
    cJSON_AddStringToObject(out, "resource_id", value);
    cJSON_AddStringToObject(out, "type", X_PROBLEM "resource-not-found");
    return out;
}

void
hib_x_face_user(HibPracticeCall *call)
{
    XAsk ask;
    const HibPracticeAccount *viewer = NULL;
    const char *handle = hib_practice_param(call, "handle");
    const char *id = hib_practice_param(call, "id");
    if (!hib_x_face_reader(call, "users.read tweet.read", &viewer) ||
        !hib_x_face_ask(call, viewer, &ask))
        return;
    const char *named = handle ? handle : id, *by = handle ? "username" : "id";
    const HibPracticeAccount *account = hib_practice_account(call->face, named);
    const HibFaceRival *other = account ? NULL : hib_x_face_other(call, handle, id);
    cJSON *out = NULL;
    if (account)
        out = hib_x_face_user_json(call, account->id, account->handle, account->name, &ask);
    else if (other && !other->is_suspended) /* who is protected has a profile all the same */
        out = hib_x_face_other_json(call, other, &ask);
    else
        cJSON_AddItemToArray(ask.errors, other ? hib_x_face_other_error(call, other, by, named)
                                               : not_found(call, "user", by, named));
    hib_x_face_answer(call, &ask, out, NULL);
}

/* --- posts by id ----------------------------------------------------------------------------------------------------- */
static void
add_by_id(HibPracticeCall *call, XAsk *ask, const char *id, const char *parameter, cJSON *data)
{
    XPost post;
    if (!hib_x_face_find(call, id, &post)) {
        cJSON_AddItemToArray(ask->errors, not_found(call, "tweet", parameter, id));
        return;
    }
    cJSON *one = hib_x_face_post_json(call, &post, ask);
    if (one)
        cJSON_AddItemToArray(data, one);
}

void
hib_x_face_tweets(HibPracticeCall *call)
{
    XAsk ask;
    const HibPracticeAccount *viewer = NULL;
    if (!hib_x_face_reader(call, "tweet.read users.read", &viewer))
        return;
    const char *const *ids = read_list(call, "ids");
    guint n = g_strv_length((char **)(uintptr_t)ids);
    for (guint i = 0; i < n; i++)
        if (!hib_x_face_is_id(ids[i])) {
            hib_x_face_invalid(call, "ids", ids[i], "The `ids` query parameter value is not valid");
            return;
        }
    if (n < 1 || n > 100) {
        hib_x_face_invalid(call, "ids", hib_practice_query(call, "ids"),
                           "The number of values in the `ids` query parameter list is not between "
                           "1 and 100");
        return;
    }
    if (!hib_x_face_ask(call, viewer, &ask))
        return;
    cJSON *data = cJSON_CreateArray();
    for (guint i = 0; i < n; i++)
        add_by_id(call, &ask, ids[i], "ids", data);
    hib_x_face_answer(call, &ask, data, NULL);
}

void
hib_x_face_tweet(HibPracticeCall *call)
{
    XAsk ask;
    const HibPracticeAccount *viewer = NULL;
    const char *id = hib_practice_param(call, "id");
    if (!hib_x_face_reader(call, "tweet.read users.read", &viewer))
        return;
    if (!hib_x_face_is_id(id)) {
        hib_x_face_invalid(call, "id", id, "The `id` query parameter value is not valid");
        return;
    }
    if (!hib_x_face_ask(call, viewer, &ask))
        return;
    cJSON *data = cJSON_CreateArray();
    add_by_id(call, &ask, id, "id", data);
    hib_x_face_answer(call, &ask, cJSON_DetachItemFromArray(data, 0), NULL);
    cJSON_Delete(data);
}

/* --- lists --------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibInstant start, end; /* 0: none */
    const char *since, *until;
    int most;
} Page;

static bool
read_time(HibPracticeCall *call, const char *name, HibInstant *ret)
{
    const char *text = hib_practice_query(call, name);
    *ret = 0;
    if (!text || hib_instant_parse(text, ret))
        return true;
    hib_x_face_invalid(call, name, text,
                       hib_arena_printf(call->arena,
                                        "The `%s` query parameter value [%s] is not a valid time",
                                        name, text));
    return false;
}

/* A page ends before the id its token carries. */
#define TOKEN "7140dibdnow9c"

static bool
read_page(HibPracticeCall *call, Page *ret)
{
    const char *most = hib_practice_query(call, "max_results");
    const char *token = hib_practice_query(call, "pagination_token");
    *ret = (Page){.since = hib_practice_query(call, "since_id"),
                  .until = hib_practice_query(call, "until_id"),
                  .most = most ? (int)g_ascii_strtoll(most, NULL, 10) : 10};
    if (ret->most < 5 || ret->most > 100) {
        hib_x_face_invalid(call, "max_results", most,
                           "The `max_results` query parameter value is not between 5 and 100");
        return false;
    }
    if (token) {
        ret->until = g_str_has_prefix(token, TOKEN) ? token + strlen(TOKEN) : "";
        if (!hib_x_face_is_id(ret->until)) {
            hib_x_face_invalid(call, "pagination_token", token,
                               "The `pagination_token` query parameter value is not valid");
            return false;
        }
    }
    return read_time(call, "start_time", &ret->start) && read_time(call, "end_time", &ret->end);
}

static gint
newest_first(gconstpointer a, gconstpointer b)
{
    return -hib_x_face_compare_ids(((const XPost *)a)->id, ((const XPost *)b)->id);
}

static bool
is_on(const Page *page, const XPost *post)
{
    return (!page->start || post->at >= page->start) && (!page->end || post->at < page->end) &&
           (!page->since || hib_x_face_compare_ids(post->id, page->since) > 0) &&
           (!page->until || hib_x_face_compare_ids(post->id, page->until) < 0);
}

/* Sorts, keeps the page's, answers. */
static void
answer_list(HibPracticeCall *call, XAsk *ask, const Page *page, GArray *posts)
{
    cJSON *data = cJSON_CreateArray();
    cJSON *meta = cJSON_CreateObject();
    const XPost *newest = NULL;
    const XPost *oldest = NULL;
    int n = 0;
    g_array_sort(posts, newest_first);
    for (guint i = 0; i < posts->len; i++) {
        const XPost *post = &g_array_index(posts, XPost, i);
        if (!is_on(page, post))
            continue;
        if (n == page->most) {
            cJSON_AddStringToObject(meta, "next_token",
                                    hib_arena_printf(call->arena, TOKEN "%s", oldest->id));
            break;
        }
        n++;
        newest = newest ? newest : post;
        oldest = post;
        cJSON *one = hib_x_face_post_json(call, post, ask);
        if (one)
            cJSON_AddItemToArray(data, one);
    }
    cJSON_AddNumberToObject(meta, "result_count", cJSON_GetArraySize(data));
    if (newest) {
        cJSON_AddStringToObject(meta, "newest_id", newest->id);
        cJSON_AddStringToObject(meta, "oldest_id", oldest->id);
    }
    hib_x_face_answer(call, ask, data, meta);
}

/* The account of the path; NULL after refusing. */
static const HibPracticeAccount *
asked_account(HibPracticeCall *call, XAsk *ask, Page *page)
{
    const HibPracticeAccount *viewer = NULL;
    const char *id = hib_practice_param(call, "id");
    if (!hib_x_face_reader(call, "tweet.read users.read", &viewer))
        return NULL;
    const HibPracticeAccount *account =
        hib_x_face_is_id(id) ? hib_practice_account(call->face, id) : NULL;
    if (!account) {
        hib_x_face_invalid(call, "id", id, "The `id` query parameter value is not a user");
        return NULL;
    }
    return read_page(call, page) && hib_x_face_ask(call, viewer, ask) ? account : NULL;
}

/* Of somebody nobody here owns; false: there is none. */
static bool
other_timeline(HibPracticeCall *call)
{
    XAsk ask;
    Page page;
    const HibPracticeAccount *viewer = NULL;
    const char *id = hib_practice_param(call, "id");
    const HibFaceRival *other = hib_x_face_other(call, NULL, id);
    if (!other)
        return false;
    if (!hib_x_face_reader(call, "tweet.read users.read", &viewer) || !read_page(call, &page) ||
        !hib_x_face_ask(call, viewer, &ask))
        return true;
    cJSON *error = hib_x_face_other_error(call, other, "id", id);
    if (error) {
        cJSON_AddItemToArray(ask.errors, error);
        hib_x_face_answer(call, &ask, NULL, NULL);
        return true;
    }
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(XPost));
    hib_x_face_other_posts(call, other, hib_x_face_wants(read_list(call, "exclude"), "replies"),
                           all);
    answer_list(call, &ask, &page, all);
    return true;
}

void
hib_x_face_timeline(HibPracticeCall *call)
{
    XAsk ask;
    Page page;
    if (other_timeline(call))
        return;
    const HibPracticeAccount *account = asked_account(call, &ask, &page);
    if (!account)
        return;
    bool no_replies = hib_x_face_wants(read_list(call, "exclude"), "replies");
    const HibPracticePost *const *posts = NULL;
    const char *next = NULL;
    const HibPracticeQuery query = {.account = account->id, .since = page.start, .until = page.end};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(XPost));
    for (size_t i = 0; i < n; i++) {
        bool is_post = strcmp(posts[i]->kind, "message") != 0;
        if (!is_post || (no_replies && posts[i]->parent))
            continue;
        XPost one = hib_x_face_own(call, posts[i]);
        g_array_append_val(all, one);
    }
    answer_list(call, &ask, &page, all);
}

void
hib_x_face_mentions(HibPracticeCall *call)
{
    XAsk ask;
    Page page;
    const HibPracticeAccount *account = asked_account(call, &ask, &page);
    if (!account)
        return;
    HibInstant since = page.since ? hib_x_face_id_time(page.since) : page.start;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(XPost));
    hib_x_face_collect_mentions(call, account, since, all);
    answer_list(call, &ask, &page, all);
}

/* What the search finds: the audience's posts with the hashtag, and what was said through the control door. Of the query only "#tag" is understood. */
static const char *
tag_of(HibPracticeCall *call)
{
    const char *query = hib_practice_query(call, "query");
    const char *mark = query ? strchr(query, '#') : NULL;
    return mark && mark[1] && mark[1] != ' '
               ? hib_arena_strndup(call->arena, mark + 1, strcspn(mark + 1, " "))
               : NULL;
}

static void
collect_tagged(HibPracticeCall *call, const char *tag, const Page *page, GArray *into)
{
    const XState *state = hib_practice_state(call->face);
    HibInstant now = hib_practice_now(call->face), week = now - 7 * HIB_DAY;
    HibInstant from = MAX(page->since ? hib_x_face_id_time(page->since) : page->start, week);
    HibTagged *rows;
    size_t n = hib_tagged_posts(call->arena, tag, from, now, 1000, &rows);
    for (size_t i = 0; i < n; i++) {
        const char *id = hib_x_face_id_at(call->arena, rows[i].at, rows[i].id);
        XPost one = {.id = id,
                     .text = rows[i].text,
                     .lang = "ja",
                     .author = hib_x_face_user_id(call->arena, rows[i].handle),
                     .handle = rows[i].handle,
                     .name = rows[i].name,
                     .root = id,
                     .at = rows[i].at};
        g_array_append_val(into, one);
    }
    const char *word = hib_arena_printf(call->arena, "#%s", tag);
    for (guint i = 0; i < state->said->len; i++) {
        const XSaid *said = state->said->pdata[i];
        if (said->is_message || said->at < from || !strstr(said->text, word))
            continue;
        XPost one = hib_x_face_said(call->face, call->arena, said);
        g_array_append_val(into, one);
    }
}

void
hib_x_face_search(HibPracticeCall *call)
{
    XAsk ask;
    Page page;
    const HibPracticeAccount *viewer = NULL;
    const char *tag = tag_of(call);
    if (!hib_x_face_reader(call, "tweet.read users.read", &viewer))
        return;
    if (!tag) {
        hib_x_face_invalid(call, "query", "", "The `query` query parameter can not be empty");
        return;
    }
    if (!read_page(call, &page) || !hib_x_face_ask(call, viewer, &ask))
        return;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(XPost));
    collect_tagged(call, tag, &page, all);
    answer_list(call, &ask, &page, all);
}
