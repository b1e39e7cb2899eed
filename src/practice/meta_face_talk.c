/* What people say under posts, and how an app is told: webhooks signed with the app's secret, for accounts that subscribed. */
#include "base/secrets.h"
#include "practice/face_hook.h"
#include "practice/meta_face_private.h"
#include <inttypes.h>
#include <string.h>

#define DIGITS 5 /* of a comment's number within its id */
#define MOST_COMMENTS 10000

/* --- ids -------------------------------------------------------------------------------------------------------------------------- */
/* A page's post is PAGE_NUMBER; its number alone names it too. */
static const char *
number_of(const char *post_id)
{
    const char *at = strrchr(post_id, '_');
    return at ? at + 1 : post_id;
}

static const char *
comment_id(HibPracticeCall *call, const HibPracticePost *post, uint64_t n)
{
    return hib_arena_printf(call->arena, "%s%s%0*" PRIu64, number_of(post->id),
                            hib_meta_face_kind(call->face)->comment_separator, DIGITS, n);
}

static const HibPracticePost *
find_post(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    const HibPracticePost *post = hib_practice_post(call->face, id);
    if (!post)
        post =
            hib_practice_post(call->face, hib_arena_printf(call->arena, "%s_%s", account->id, id));
    return post && g_str_equal(post->account, account->id) ? post : NULL;
}

bool
hib_meta_face_row(HibPracticeCall *call, const HibPracticeAccount *account, const char *id,
                  MetaRow *ret)
{
    const char *separator = hib_meta_face_kind(call->face)->comment_separator;
    size_t n = strlen(id), n_tail = DIGITS + strlen(separator);
    HibComment *said;
    *ret = (MetaRow){.id = id, .post = find_post(call, account, id)};
    if (ret->post) {
        ret->id = ret->post->id;
        return !g_str_equal(ret->post->kind, "message");
    }
    if (n <= n_tail || !g_str_has_prefix(id + n - n_tail, separator) ||
        hib_meta_face_kept(call->face, "removed", id))
        return false;
    ret->post = find_post(call, account, hib_arena_strndup(call->arena, id, n - n_tail));
    uint64_t k = g_ascii_strtoull(id + n - DIGITS, NULL, 10);
    if (!ret->post ||
        hib_practice_comments(call->face, ret->post->id, k, 1, call->arena, &said) == 0)
        return false;
    ret->said = said;
    return true;
}

HibInstant
hib_meta_face_row_at(const MetaRow *row)
{
    return row->said ? row->said->at : row->post->at;
}

/* --- under a post --------------------------------------------------------------------------------------------------------------------- */
static int
newest_first(const void *a, const void *b)
{
    HibInstant one = hib_meta_face_row_at(a), other = hib_meta_face_row_at(b);
    return one < other   ? 1
           : one > other ? -1
                         : strcmp(((const MetaRow *)b)->id, ((const MetaRow *)a)->id);
}

static void
add_said(HibPracticeCall *call, const HibPracticePost *post, GArray *rows)
{
    HibComment *said;
    size_t n = hib_practice_comments(call->face, post->id, 0, MOST_COMMENTS, call->arena, &said);
    for (size_t i = 0; i < n; i++) {
        MetaRow row = {.id = comment_id(call, post, said[i].n), .post = post, .said = &said[i]};
        if (!hib_meta_face_kept(call->face, "removed", row.id))
            g_array_append_val(rows, row);
    }
}

size_t
hib_meta_face_under(HibPracticeCall *call, const MetaRow *row, MetaRow **ret)
{
    const HibPracticePost *const *own;
    const char *next;
    const HibPracticeQuery query = {.account = row->post->account, .parent = row->id};
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(MetaRow));
    size_t n = hib_practice_posts(call->face, call->arena, &query, &own, &next);
    for (size_t i = 0; i < n; i++) {
        MetaRow one = {.id = own[i]->id, .post = own[i]};
        g_array_append_val(rows, one);
    }
    if (!row->said)
        add_said(call, row->post, rows);
    g_array_sort(rows, newest_first);
    *ret = hib_arena_array(call->arena, MetaRow, rows->len + 1);
    if (rows->len)
        memcpy(*ret, rows->data, rows->len * sizeof(MetaRow));
    return rows->len;
}

static void
gather(HibPracticeCall *call, const MetaRow *row, int depth, GArray *all)
{
    MetaRow *under;
    size_t n = depth > 0 ? hib_meta_face_under(call, row, &under) : 0;
    for (size_t i = 0; i < n; i++) {
        g_array_append_val(all, under[i]);
        gather(call, &under[i], depth - 1, all);
    }
}

size_t
hib_meta_face_gather(HibPracticeCall *call, const MetaRow *row, int depth, MetaRow **ret)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(MetaRow));
    gather(call, row, depth, all);
    g_array_sort(all, newest_first);
    *ret = hib_arena_array(call->arena, MetaRow, all->len + 1);
    if (all->len)
        memcpy(*ret, all->data, all->len * sizeof(MetaRow));
    return all->len;
}

void
hib_meta_face_turn(MetaRow *rows, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        MetaRow one = rows[i];
        rows[i] = rows[n - 1 - i];
        rows[n - 1 - i] = one;
    }
}

const char *
hib_meta_face_user(HibArena *arena, const char *handle)
{
    return hib_arena_printf(arena, "7%015" PRIu64,
                            hib_audience_key(handle) % UINT64_C(1000000000000000));
}

cJSON *
hib_meta_face_from(HibPracticeCall *call, const MetaRow *row, const char *name_field)
{
    const HibPracticeAccount *account = hib_practice_account(call->face, row->post->account);
    bool is_name = g_str_equal(name_field, "name");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(
        out, "id", row->said ? hib_meta_face_user(call->arena, row->said->handle) : account->id);
    cJSON_AddStringToObject(out, name_field,
                            row->said ? (is_name ? row->said->name : row->said->handle)
                            : is_name ? account->name
                                      : account->handle);
    return out;
}

bool
hib_meta_face_is_hidden(HibPracticeCall *call, const char *id)
{
    return hib_meta_face_int(hib_meta_face_kept(call->face, "hidden", id), "is") != 0;
}

void
hib_meta_face_hide(HibPracticeCall *call, const char *id, bool is_hidden)
{
    cJSON *kept = cJSON_CreateObject();
    hib_meta_face_set_int(kept, "is", is_hidden);
    hib_meta_face_keep(call->face, "hidden", id, kept);
}

bool
hib_meta_face_delete(HibPracticeCall *call, const MetaRow *row)
{
    if (!row->said)
        return hib_practice_post_delete(call->face, row->id);
    hib_meta_face_keep(call->face, "removed", row->id, cJSON_CreateObject());
    return true;
}

bool
hib_meta_face_is_twin(HibPracticeCall *call, const HibPracticeAccount *account, const char *kind,
                      const char *parent, const char *text)
{
    const HibPracticePost *const *posts;
    const char *next;
    const HibPracticeQuery query = {.account = account->id,
                                    .kind = kind,
                                    .parent = parent,
                                    .since = hib_practice_now(call->face) - HIB_HOUR,
                                    .limit = 1};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    return n > 0 && *text && posts[0]->n_images == 0 && g_str_equal(posts[0]->text, text);
}

/* --- webhooks ----------------------------------------------------------------------------------------------------------------------------- */
static bool
is_wanted(HibPracticeCall *call, const HibPracticeAccount *account)
{
    return hib_practice_hook_url_of(call->face, call->arena) &&
           (!hib_meta_face_kind(call->face)->needs_subscription ||
            hib_meta_face_kept(call->face, "subscribed", account->id));
}

void
hib_meta_face_event(HibPracticeCall *call, const HibPracticeAccount *account, const char *name,
                    cJSON *change)
{
    const MetaFace *kind = hib_meta_face_kind(call->face);
    HibInstant now = hib_practice_now(call->face);
    cJSON *out = cJSON_CreateObject(), *entry = out;
    if (!is_wanted(call, account)) {
        cJSON_Delete(change);
        cJSON_Delete(out);
        return;
    }
    if (g_str_equal(kind->object, "threads")) { /* an envelope of its own */
        cJSON_AddStringToObject(out, "app_id", HIB_PRACTICE_CLIENT_ID);
        cJSON_AddStringToObject(out, "topic", "moderate");
        cJSON_AddStringToObject(out, "target_id", account->id);
        cJSON_AddNumberToObject(out, "time", (double)(now / HIB_SECOND));
        cJSON_AddStringToObject(out, "subscription_id", "1");
        cJSON_AddBoolToObject(out, "has_uid_field", false);
        cJSON_AddItemToObject(out, "values", change);
    } else {
        cJSON_AddStringToObject(out, "object", kind->object);
        entry = cJSON_CreateObject();
        cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "entry"), entry);
        cJSON_AddStringToObject(entry, "id", account->id);
        cJSON_AddNumberToObject(entry, "time", (double)(now / HIB_SECOND));
        cJSON_AddItemToArray(cJSON_AddArrayToObject(entry, name), change);
    }
    const char *body = hib_json_print(call->arena, out);
    const char *sum =
        hib_practice_hmac_hex(call->arena, HIB_PRACTICE_CLIENT_SECRET, body, strlen(body));
    const char *const headers[] = {
        hib_arena_printf(call->arena, "X-Hub-Signature-256: sha256=%s", sum), NULL};
    hib_practice_hook(call->face, &(HibPracticeHook){.body = body, .headers = headers});
}

/* What the audience says while somebody listens. It is nobody's call: only its face and its memory are there. */
void
hib_meta_face_happened(HibPracticeFace *face, const HibPracticeHappening *what)
{
    const MetaFace *kind = hib_meta_face_kind(face);
    g_autoptr(HibArena) arena = hib_arena_new();
    HibPracticeCall call = {.face = face, .arena = arena};
    if (what->kind != HIB_CROWD_COMMENT || !what->post || !is_wanted(&call, what->account))
        return;
    const MetaRow row = {.id = comment_id(&call, what->post, what->comment->n),
                         .post = what->post,
                         .said = what->comment};
    cJSON *change = cJSON_CreateObject();
    cJSON_AddStringToObject(change, "field", kind->field);
    cJSON_AddItemToObject(change, "value", kind->comment_event(&call, &row));
    hib_meta_face_event(&call, what->account, "changes", change);
}

void
hib_meta_face_subscribe_account(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, NULL);
    g_auto(GStrv) fields = hib_meta_face_words(call, "subscribed_fields");
    if (!account)
        return;
    if (!*fields) {
        hib_meta_face_invalid(call, "The parameter subscribed_fields is required");
        return;
    }
    cJSON *kept = cJSON_CreateObject();
    cJSON_AddItemToObject(
        kept, "fields",
        cJSON_CreateStringArray((const char *const *)fields, (int)g_strv_length(fields)));
    hib_meta_face_keep(call->face, "subscribed", account->id, kept);
    hib_meta_face_success(call);
}

/* The app's side, with its own token "id|secret": the address must answer the challenge before it is believed. */
void
hib_meta_face_subscribe_app(HibPracticeCall *call)
{
    const char *url = hib_practice_field(call, "callback_url"),
               *token = hib_practice_field(call, "verify_token"),
               *object = hib_practice_field(call, "object"),
               *access = hib_practice_field(call, "access_token");
    const char *challenge = hib_practice_id(call);
    HibHttpReply reply;
    if (g_strcmp0(access, HIB_PRACTICE_CLIENT_ID "|" HIB_PRACTICE_CLIENT_SECRET) != 0) {
        hib_practice_refuse(call, HIB_REFUSE_NO_TOKEN, "%s", "an app's token is needed");
        return;
    }
    if (!url || !token || g_strcmp0(object, hib_meta_face_kind(call->face)->object) != 0) {
        hib_meta_face_invalid(call, "object, callback_url and verify_token are required");
        return;
    }
    const HibHttpRequest request = {
        .method = "GET",
        .url = hib_arena_printf(
            call->arena, "%s%shub.mode=subscribe&hub.challenge=%s&hub.verify_token=%s", url,
            strchr(url, '?') ? "&" : "?", challenge, hib_url_escape(call->arena, token))};
    if (!hib_practice_hook_ask(call->face, call->arena, &request, &reply) || reply.status != 200 ||
        !g_str_equal(reply.body, challenge)) {
        hib_meta_face_error(
            call, &(MetaError){.code = 2200,
                               .message = "(#2200) Callback verification failed with the "
                                          "following errors: the challenge was not answered"});
        return;
    }
    hib_practice_hook_url(call->face, url);
    hib_meta_face_success(call);
}
