/* An arena: memory that lives as long as one request, job run or command, and goes all at once.
 *
 * What came in, what the store read and what is formatted for the reply live here; model structs need no free
 * functions. Not thread-safe: one arena belongs to one thread at a time. Memory is zeroed. A size from input is
 * checked against base/limits.h before it gets here (GLib aborts when memory ends). */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct HibArena HibArena;

HibArena *hib_arena_new(void);
void hib_arena_free(HibArena *arena); /* runs the deferred calls, last first; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibArena, hib_arena_free)

/* Zeroed, aligned for any type; never NULL. */
void *hib_arena_take(HibArena *arena, size_t size) G_GNUC_WARN_UNUSED_RESULT;
#define hib_arena_new0(arena, type) ((type *)hib_arena_take((arena), sizeof(type)))
/* Refuses overflow by aborting the process: n comes from a counted array, never straight from input. */
void *hib_arena_take_n(HibArena *arena, size_t n, size_t size) G_GNUC_WARN_UNUSED_RESULT;
#define hib_arena_array(arena, type, n) ((type *)hib_arena_take_n((arena), (n), sizeof(type)))

char *hib_arena_strdup(HibArena *arena, const char *text); /* NULL gives NULL */
char *hib_arena_strndup(HibArena *arena, const char *text, size_t n);
char *hib_arena_printf(HibArena *arena, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Calls `run(data)` when the arena is freed; for the odd foreign resource. */
void hib_arena_defer(HibArena *arena, void (*run)(void *data), void *data);
