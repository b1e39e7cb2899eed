/* Calls as records of a spool: a head with length and checksum, then texts that each end with a zero. A record that was cut by a crash has another checksum: its reply never left. */
#include "accounts/hook.h"
#include <string.h>
#include <zlib.h>

#define MARK 0x314b4f48u /* "HOK1": a record begins; what lies before it in a hole is zeros */
#define NOTHING "\x01"   /* no text, as told from an empty one */

typedef struct {
    uint32_t mark, n, sum;
} Head;

/* --- writing ----------------------------------------------------------------------------------------- */
static void
put_text(GByteArray *out, const char *text)
{
    const char *copy = text ? text : NOTHING;
    g_byte_array_append(out, (const guint8 *)copy, (guint)strlen(copy) + 1);
}

static void
put_number(GByteArray *out, int64_t number)
{
    g_byte_array_append(out, (const guint8 *)&number, sizeof number);
}

static void
put_talk(HibArena *arena, GByteArray *out, const HibNetTalk *talk)
{
    put_number(out, talk->kind);
    put_number(out, talk->at);
    put_number(out, talk->is_own | talk->is_deleted << 1 | talk->is_edited << 2);
    put_text(out, talk->remote_id);
    put_text(out, talk->text);
    put_text(out, talk->post_id);
    put_text(out, talk->parent_id);
    put_text(out, talk->conversation);
    put_text(out, talk->author_id);
    put_text(out, talk->author_handle);
    put_text(out, talk->author_name);
    put_text(out, talk->url);
    put_text(out, talk->reply_token);
    put_text(out, hib_net_attachments_text(arena, talk->attachments, talk->n_attachments));
}

GByteArray *
hib_hook_record(HibArena *arena, const char *workspace, const HibHookCall *call)
{
    GByteArray *out = g_byte_array_new();
    Head head = {.mark = MARK};
    g_byte_array_append(out, (const guint8 *)&head, sizeof head);
    put_text(out, workspace);
    put_text(out, call->key);
    put_number(out, call->at);
    put_number(out, (int64_t)call->n);
    for (size_t i = 0; i < call->n; i++) {
        const HibNetHookEvent *event = &call->events[i];
        put_text(out, event->id);
        put_text(out, event->account);
        put_text(out, event->remote_id);
        put_number(out, event->at);
        put_talk(arena, out, &event->talk);
    }
    head.n = out->len - (guint)sizeof head;
    head.sum = (uint32_t)crc32(0, out->data + sizeof head, head.n);
    memcpy(out->data, &head, sizeof head);
    return out;
}

/* --- reading ----------------------------------------------------------------------------------------- */
typedef struct {
    const char *at, *end;
    bool is_bad;
} Reader;

static const char *
get_text(Reader *in)
{
    const char *text = in->at, *zero = memchr(text, 0, (size_t)(in->end - text));
    in->is_bad |= !zero;
    if (!zero)
        return "";
    in->at = zero + 1;
    return strcmp(text, NOTHING) == 0 ? NULL : text;
}

static const char *
get_or_empty(Reader *in)
{
    const char *text = get_text(in);
    return text ? text : "";
}

static int64_t
get_number(Reader *in)
{
    int64_t number = 0;
    in->is_bad |= (size_t)(in->end - in->at) < sizeof number;
    if (in->is_bad)
        return 0;
    memcpy(&number, in->at, sizeof number);
    in->at += sizeof number;
    return number;
}

static void
get_talk(HibArena *arena, Reader *in, HibNetTalk *ret)
{
    HibNetAttachment *attachments;
    const int64_t kind = get_number(in);
    *ret = (HibNetTalk){.kind = (HibNetTalkKind)CLAMP(kind, 0, HIB_TALK_MESSAGE)};
    ret->at = get_number(in);
    const int64_t flags = get_number(in);
    ret->is_own = flags & 1;
    ret->is_deleted = flags >> 1 & 1;
    ret->is_edited = flags >> 2 & 1;
    ret->remote_id = get_or_empty(in);
    ret->text = get_or_empty(in);
    ret->post_id = get_text(in);
    ret->parent_id = get_text(in);
    ret->conversation = get_text(in);
    ret->author_id = get_or_empty(in);
    ret->author_handle = get_or_empty(in);
    ret->author_name = get_or_empty(in);
    ret->url = get_or_empty(in);
    ret->reply_token = get_text(in);
    hib_net_attachments_read(arena, get_text(in), &attachments, &ret->n_attachments);
    ret->attachments = attachments;
}

/* Zeros before it are what was cut out: stored already. */
static size_t
zeros(const char *bytes, size_t n)
{
    size_t skipped = 0;
    while (skipped < n && !bytes[skipped])
        skipped++;
    return skipped;
}

size_t
hib_hook_record_read(HibArena *arena, const char *bytes, size_t n, const char **ret_workspace,
                     HibHookCall *ret)
{
    Head head;
    const size_t skipped = zeros(bytes, n);
    n -= skipped;
    if (n < sizeof head)
        return 0;
    memcpy(&head, bytes + skipped, sizeof head);
    const char *body = bytes + skipped + sizeof head;
    if (head.mark != MARK || head.n > n - sizeof head ||
        head.sum != (uint32_t)crc32(0, (const Bytef *)body, head.n))
        return 0;
    Reader in = {.at = body, .end = body + head.n};
    *ret_workspace = get_or_empty(&in);
    *ret = (HibHookCall){.key = get_or_empty(&in)};
    ret->at = get_number(&in);
    const int64_t said = get_number(&in);
    const size_t most = (size_t)CLAMP(said, 0, HIB_HOOK_EVENTS);
    HibNetHookEvent *events = hib_arena_array(arena, HibNetHookEvent, most + 1);
    for (; ret->n < most && !in.is_bad; ret->n++) {
        HibNetHookEvent *event = &events[ret->n];
        *event = (HibNetHookEvent){.kind = "talk", .id = get_or_empty(&in)};
        event->account = get_text(&in);
        event->remote_id = get_text(&in);
        event->at = get_number(&in);
        get_talk(arena, &in, &event->talk);
    }
    ret->n -= in.is_bad && ret->n;
    ret->events = events;
    return skipped + sizeof head + head.n;
}
