/* Direct messages of Instagram and Messenger: an account may answer within 24 hours of what a person wrote (a person's agent within 7 days),
 * and answer a comment privately once within 7 days. */
#include "practice/meta_face_private.h"
#include <string.h>

#define WINDOW HIB_DAY
#define AGENT_WINDOW (7 * HIB_DAY)
#define MESSAGES_KEPT 100 /* of one conversation */

/* --- a conversation: {"user", "name", "messages":[{"id","text","at","is_own"}]}, newest first -------------------------------------------- */
static const char *
key_of(HibPracticeCall *call, const HibPracticeAccount *account, const char *user)
{
    return hib_arena_printf(call->arena, "%s-%s", account->id, user);
}

static void
add_message(HibPracticeCall *call, const HibPracticeAccount *account, const char *user,
            const char *id, const char *text, bool is_own)
{
    const char *picture = is_own ? NULL : hib_practice_field(call, "picture");
    const char *key = key_of(call, account, user);
    cJSON *kept = hib_meta_face_kept(call->face, "talk", key), *one = cJSON_CreateObject();
    if (!kept) {
        kept = cJSON_CreateObject();
        cJSON_AddStringToObject(kept, "user", user);
        cJSON_AddArrayToObject(kept, "messages");
    }
    cJSON_AddStringToObject(one, "id", id);
    cJSON_AddStringToObject(one, "text", text);
    if (picture)
        cJSON_AddStringToObject(one, "picture", picture);
    hib_meta_face_set_int(one, "at", hib_practice_now(call->face));
    hib_meta_face_set_int(one, "is_own", is_own);
    cJSON *messages = cJSON_GetObjectItemCaseSensitive(kept, "messages");
    cJSON_InsertItemInArray(messages, 0, one);
    cJSON_DeleteItemFromArray(messages, MESSAGES_KEPT);
    hib_meta_face_set_int(kept, "at", hib_practice_now(call->face));
    hib_meta_face_keep(call->face, "talk", key, kept);
}

/* When the person last wrote; 0: never. */
static HibInstant
last_heard(HibPracticeCall *call, const HibPracticeAccount *account, const char *user)
{
    const cJSON *kept = hib_meta_face_kept(call->face, "talk", key_of(call, account, user)), *one;
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(kept, "messages"))
    {
        if (!hib_meta_face_int(one, "is_own"))
            return hib_meta_face_int(one, "at");
    }
    return 0;
}

static void
tell_message(HibPracticeCall *call, const HibPracticeAccount *account, const char *user,
             const char *id, const char *text, bool is_own)
{
    cJSON *change = cJSON_CreateObject();
    hib_meta_face_set(cJSON_AddObjectToObject(change, "sender"), "id", is_own ? account->id : user);
    hib_meta_face_set(cJSON_AddObjectToObject(change, "recipient"), "id",
                      is_own ? user : account->id);
    hib_meta_face_set_int(change, "timestamp", hib_practice_now(call->face) / HIB_MILLISECOND);
    cJSON *message = cJSON_AddObjectToObject(change, "message");
    cJSON_AddStringToObject(message, "mid", id);
    cJSON_AddStringToObject(message, "text", text);
    if (is_own)
        cJSON_AddBoolToObject(message, "is_echo", true);
    hib_meta_face_event(call, account, "messaging", change);
}

void
hib_meta_face_say(HibPracticeCall *call)
{
    const char *text = hib_practice_field(call, "text"), *user = hib_practice_field(call, "user");
    const char *to = hib_practice_field(call, "account");
    const HibPracticeAccount *account =
        to ? hib_practice_account(call->face, to) : hib_practice_account_at(call->face, 0);
    if (!text || !account) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s", "text is missing");
        return;
    }
    const char *from = hib_meta_face_user(call->arena, user ? user : "visitor");
    const char *id = hib_arena_printf(call->arena, "m_%s", hib_practice_id(call));
    add_message(call, account, from, id, text, false);
    tell_message(call, account, from, id, text, false);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "user", from);
    cJSON_AddStringToObject(out, "mid", id);
    hib_practice_json(call, 200, out);
}

/* --- sending -------------------------------------------------------------------------------------------------------------------------------- */
static void
refuse_window(HibPracticeCall *call)
{
    hib_meta_face_error(
        call, &(MetaError){.code = 10,
                           .subcode = 2018278,
                           .message = "(#10) This message is sent outside of allowed window."});
}

static cJSON *
object_in(HibPracticeCall *call, const char *name)
{
    const char *text = hib_practice_field(call, name);
    cJSON *in_json =
        call->json.value ? cJSON_GetObjectItemCaseSensitive(call->json.value, name) : NULL;
    return cJSON_IsObject(in_json) ? cJSON_Duplicate(in_json, true)
           : text                  ? cJSON_Parse(text)
                                   : NULL;
}

/* Whom a private answer to a comment goes to; NULL after refusing. */
static const char *
comment_author(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    MetaRow row;
    if (!hib_meta_face_row(call, account, id, &row) || !row.said) {
        hib_meta_face_missing(call, id);
        return NULL;
    }
    if (hib_meta_face_kept(call->face, "answered", id)) {
        hib_meta_face_error(
            call, &(MetaError){.code = 10900, .message = "(#10900) Activity already replied to"});
        return NULL;
    }
    if (hib_practice_now(call->face) - row.said->at > AGENT_WINDOW) {
        refuse_window(call);
        return NULL;
    }
    hib_meta_face_keep(call->face, "answered", id, cJSON_CreateObject());
    return hib_meta_face_user(call->arena, row.said->handle);
}

/* The user's id; NULL after refusing. */
static const char *
recipient_of(HibPracticeCall *call, const HibPracticeAccount *account)
{
    g_autoptr(cJSON) to = object_in(call, "recipient");
    const char *user = hib_meta_face_text(to, "id"),
               *comment = hib_meta_face_text(to, "comment_id");
    bool is_agent = g_strcmp0(hib_practice_field(call, "tag"), "HUMAN_AGENT") == 0;
    if (comment)
        return comment_author(call, account, comment);
    if (!user) {
        hib_meta_face_invalid(call, "The parameter recipient is required");
        return NULL;
    }
    HibInstant heard = last_heard(call, account, user);
    if (!heard) {
        hib_meta_face_error(call, &(MetaError){.code = 100,
                                               .subcode = 2018001,
                                               .message = "(#100) No matching user found"});
        return NULL;
    }
    if (hib_practice_now(call->face) - heard > (is_agent ? AGENT_WINDOW : WINDOW)) {
        refuse_window(call);
        return NULL;
    }
    return hib_arena_strdup(call->arena, user);
}

void
hib_meta_face_send_message(HibPracticeCall *call)
{
    bool is_instagram = g_str_equal(hib_meta_face_kind(call->face)->object, "instagram");
    const HibPracticeAccount *account =
        hib_meta_face_own(call, is_instagram ? "instagram_business_manage_messages" : NULL);
    g_autoptr(cJSON) message = account ? object_in(call, "message") : NULL;
    const char *text = hib_meta_face_text(message, "text");
    if (!account)
        return;
    if (!text || !*text || strlen(text) > (is_instagram ? 1000 : 2000)) {
        hib_meta_face_invalid(call, "Length of param message[text] must be greater than 0 and less "
                                    "than or equal to the limit");
        return;
    }
    const char *user = recipient_of(call, account);
    if (!user)
        return;
    const char *id = hib_arena_printf(call->arena, "m_%s", hib_practice_id(call));
    const HibPracticePost post = {.id = id,
                                  .account = account->id,
                                  .kind = "message",
                                  .text = text,
                                  .parent = user,
                                  .at = hib_practice_now(call->face),
                                  .is_hidden = true};
    hib_practice_post_add(call->face, &post);
    add_message(call, account, user, id, text, true);
    tell_message(call, account, user, id, text, true);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "recipient_id", user);
    cJSON_AddStringToObject(out, "message_id", id);
    hib_practice_json(call, 200, out);
}

/* --- reading ---------------------------------------------------------------------------------------------------------------------------------- */
static cJSON *
person(const char *id, const char *name)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddStringToObject(out, "username", name);
    cJSON_AddStringToObject(out, "name", name);
    return out;
}

/* As a reading tells it: {"data": [{"id", "mime_type", "name", "image_data": {"url", "preview_url"}}]}. */
static void
add_attachments(cJSON *message, const cJSON *kept)
{
    const char *picture = hib_meta_face_text(kept, "picture");
    cJSON *list = cJSON_AddArrayToObject(cJSON_AddObjectToObject(message, "attachments"), "data");
    if (!picture)
        return;
    cJSON *one = cJSON_CreateObject();
    cJSON_AddItemToArray(list, one);
    cJSON_AddStringToObject(one, "id", hib_meta_face_text(kept, "id"));
    cJSON_AddStringToObject(one, "mime_type", "image/png");
    cJSON_AddStringToObject(one, "name", "image.png");
    cJSON *data = cJSON_AddObjectToObject(one, "image_data");
    cJSON_AddStringToObject(data, "url", picture);
    cJSON_AddStringToObject(data, "preview_url", picture);
}

static cJSON *
conversation_json(HibPracticeCall *call, const MetaRow *row)
{
    const cJSON *kept = hib_meta_face_kept(call->face, "talk", row->id), *one;
    g_auto(GStrv) parts = g_strsplit(row->id, "-", 2);
    const HibPracticeAccount *account = hib_practice_account(call->face, parts[0]);
    const char *user = hib_meta_face_text(kept, "user");
    const char *name = hib_arena_printf(call->arena, "visitor_%.4s", user + strlen(user) - 4);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", hib_arena_printf(call->arena, "t_%s", row->id));
    hib_meta_face_add_time(call, out, "updated_time", hib_meta_face_int(kept, "at"));
    cJSON *people = cJSON_AddArrayToObject(cJSON_AddObjectToObject(out, "participants"), "data");
    cJSON_AddItemToArray(people, person(account->id, account->handle));
    cJSON_AddItemToArray(people, person(user, name));
    cJSON *messages = cJSON_AddArrayToObject(cJSON_AddObjectToObject(out, "messages"), "data");
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(kept, "messages"))
    {
        bool is_own = hib_meta_face_int(one, "is_own") != 0;
        cJSON *message = cJSON_CreateObject(), *to = cJSON_CreateObject();
        cJSON_AddStringToObject(message, "id", hib_meta_face_text(one, "id"));
        cJSON_AddStringToObject(message, "message", hib_meta_face_text(one, "text"));
        add_attachments(message, one);
        hib_meta_face_add_time(call, message, "created_time", hib_meta_face_int(one, "at"));
        cJSON_AddItemToObject(message, "from",
                              is_own ? person(account->id, account->handle) : person(user, name));
        cJSON_AddItemToArray(cJSON_AddArrayToObject(to, "data"),
                             is_own ? person(user, name) : person(account->id, account->handle));
        cJSON_AddItemToObject(message, "to", to);
        cJSON_AddItemToArray(messages, message);
    }
    return out;
}

typedef struct {
    MetaRow row;
    HibInstant at;
} Talk;

static int
newest_first(const void *a, const void *b)
{
    HibInstant one = ((const Talk *)a)->at, other = ((const Talk *)b)->at;
    return one < other ? 1 : one > other ? -1 : 0;
}

void
hib_meta_face_conversations(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, NULL);
    const char *user = hib_practice_field(call, "user_id"),
               *platform = hib_practice_field(call, "platform");
    bool is_instagram = g_str_equal(hib_meta_face_kind(call->face)->object, "instagram");
    if (!account)
        return;
    if (platform && !g_str_equal(platform, is_instagram ? "instagram" : "messenger")) {
        hib_practice_json(call, 200, cJSON_Parse("{\"data\":[]}"));
        return;
    }
    const char **ids = hib_meta_face_ids(call, "talk");
    g_autofree char *prefix = g_strconcat(account->id, "-", NULL);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Talk));
    for (size_t i = 0; ids[i]; i++) {
        Talk one = {.row = {.id = ids[i]},
                    .at = hib_meta_face_int(hib_meta_face_kept(call->face, "talk", ids[i]), "at")};
        bool is_ours = g_str_has_prefix(ids[i], prefix);
        if (is_ours && (!user || g_str_equal(ids[i] + strlen(prefix), user)))
            g_array_append_val(found, one);
    }
    g_array_sort(found, newest_first);
    MetaRow *rows = hib_arena_array(call->arena, MetaRow, found->len + 1);
    for (guint i = 0; i < found->len; i++)
        rows[i] = g_array_index(found, Talk, i).row;
    hib_meta_face_list(call, rows, found->len, conversation_json, "id,updated_time");
}
