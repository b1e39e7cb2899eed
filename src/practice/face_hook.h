/* Webhooks out: a face tells a URL what happened, signed in the network's way, again until it is answered 2xx or given up.
 *
 * A thread of its own sends, in order; the faults hook_twice and hook_swapped spoil the order as real networks do. Where events go is
 * set by the control door (POST /practice/hook), by the network's own routes (hib_practice_hook_url), or per event. */
#pragma once
#include "http/client.h"
#include "practice/face.h"

void hib_practice_hook_url(HibPracticeFace *face, const char *url); /* "" or NULL: nowhere */
const char *hib_practice_hook_url_of(HibPracticeFace *face, HibArena *arena); /* NULL: nowhere */

typedef struct {
    const char *url;            /* NULL: where hib_practice_hook_url said */
    const char *body;           /* JSON text; copied, as everything here */
    const char *content_type;   /* NULL: application/json */
    const char *const *headers; /* "X-Hub-Signature-256: sha256=…", ended by NULL; NULL: none */
} HibPracticeHook;
/* Queues one event; nothing happens where no URL is known. Tried at once, then after 1 s, 5 s and 30 s, 10 s a try. */
void hib_practice_hook(HibPracticeFace *face, const HibPracticeHook *hook);
/* Asks the URL at once (challenges: hub.challenge, crc_token); 5 s at most, the face stands still meanwhile. */
bool hib_practice_hook_ask(HibPracticeFace *face, HibArena *arena, const HibHttpRequest *request,
                           HibHttpReply *ret);
/* Waits until all queued events are delivered or given up, `ms` at most; false: some are left. For tests. */
bool hib_practice_hooks_settle(HibPracticeFace *face, int ms);

/* HMAC-SHA-256 of a body, as hex or base64. */
char *hib_practice_hmac_hex(HibArena *arena, const char *key, const void *data, size_t n);
char *hib_practice_hmac_base64(HibArena *arena, const char *key, const void *data, size_t n);
