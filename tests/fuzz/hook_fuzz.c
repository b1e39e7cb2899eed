/* Fuzz target: bytes as what a killed process left of its spool of webhooks, as they are and as the body of a record whose length and checksum fit. Whatever they are, reading stays inside
 * them and goes forward, every text ends inside, a call has no more events than one may have, and what was read is written and read again as the same. */
#include "accounts/hook.h"
#include <string.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t
length(const char *text)
{
    return text ? strlen(text) : 0;
}

static void
check_event(const HibNetHookEvent *event)
{
    const HibNetTalk *talk = &event->talk;
    g_assert_nonnull(event->id);
    g_assert_true(talk->remote_id && talk->text && talk->author_id &&
                  talk->kind <= HIB_TALK_MESSAGE);
    g_assert_cmpuint(talk->n_attachments, <=, HIB_NET_ATTACHMENTS);
    g_assert_cmpuint(length(event->account) + length(talk->parent_id) + length(talk->reply_token),
                     <, G_MAXINT);
}

static void
check_again(HibArena *arena, const char *workspace, const HibHookCall *call)
{
    const char *same;
    HibHookCall again;
    g_autoptr(GByteArray) first = hib_hook_record(arena, workspace, call);
    g_assert_cmpuint(
        hib_hook_record_read(arena, (const char *)first->data, first->len, &same, &again), ==,
        first->len);
    g_autoptr(GByteArray) second = hib_hook_record(arena, same, &again);
    g_assert_cmpmem(first->data, first->len, second->data, second->len);
}

static void
check(const char *bytes, size_t n)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *workspace;
    HibHookCall call;
    for (size_t size; (size = hib_hook_record_read(arena, bytes, n, &workspace, &call)) > 0;
         bytes += size, n -= size) {
        g_assert_cmpuint(size, <=, n);
        g_assert_cmpuint(call.n, <=, HIB_HOOK_EVENTS);
        for (size_t i = 0; i < call.n; i++)
            check_event(&call.events[i]);
        check_again(arena, workspace, &call);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const uint32_t head[] = {0x314b4f48u, (uint32_t)n, (uint32_t)crc32(0, data, (uInt)n)};
    g_autofree char *exact = g_memdup2(data, n), *whole = g_malloc(sizeof head + n);
    memcpy(whole, head, sizeof head);
    if (n)
        memcpy(whole + sizeof head, data, n);
    check(exact, n);
    check(whole, sizeof head + n);
    return 0;
}
