/* An arena: a chain of blocks filled from the front; the newest block is the one being filled.
 *
 * The first block is small (most requests need little), later ones double up to a cap. What is larger than a
 * quarter of a block gets a block of its own behind the current one, so that it wastes no room. */
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#define ALIGN 16u
#define FIRST_BLOCK ((size_t)4 * 1024)
#define IMPOSSIBLE ((size_t)G_MAXSSIZE) /* no machine has it: asking for it ends the process */
#define LARGEST_BLOCK ((size_t)256 * 1024)

typedef struct Block {
    struct Block *next;
    size_t size; /* of the data */
    size_t used;
    _Alignas(16) unsigned char data[];
} Block;

typedef struct Deferred {
    struct Deferred *next;
    void (*run)(void *data);
    void *data;
} Deferred;

struct HibArena {
    Block *current;
    Deferred *deferred;
    size_t next_size;
};

/* GLib aborts with a message when the size cannot be had. */
static Block *
block_new(size_t size)
{
    Block *block = g_malloc0(MIN(size, IMPOSSIBLE - sizeof(Block)) + sizeof(Block));
    block->size = size;
    return block;
}

HibArena *
hib_arena_new(void)
{
    HibArena *arena = g_new0(HibArena, 1);
    arena->current = block_new(FIRST_BLOCK);
    arena->next_size = 2 * FIRST_BLOCK;
    return arena;
}

void
hib_arena_free(HibArena *arena)
{
    if (arena == NULL)
        return;
    /* A deferred call may still take memory or defer more; the list is read afresh each time. */
    while (arena->deferred != NULL) {
        Deferred *last = arena->deferred;
        arena->deferred = last->next;
        last->run(last->data);
    }
    for (Block *block = arena->current; block != NULL;) {
        Block *next = block->next;
        g_free(block);
        block = next;
    }
    g_free(arena);
}

void *
hib_arena_take(HibArena *arena, size_t size)
{
    if (size >= IMPOSSIBLE)
        return block_new(size); /* does not return */
    size_t need = MAX((size + ALIGN - 1) & ~(size_t)(ALIGN - 1), ALIGN);

    Block *current = arena->current;
    if (need <= current->size - current->used) {
        void *taken = current->data + current->used;
        current->used += need;
        return taken;
    }
    if (need > arena->next_size / 4) {
        Block *own = block_new(need);
        own->used = need;
        own->next = current->next;
        current->next = own;
        return own->data;
    }
    Block *fresh = block_new(arena->next_size);
    fresh->next = current;
    fresh->used = need;
    arena->current = fresh;
    arena->next_size = MIN(2 * arena->next_size, LARGEST_BLOCK);
    return fresh->data;
}

void *
hib_arena_take_n(HibArena *arena, size_t n, size_t size)
{
    size_t total = 0;
    if (!g_size_checked_mul(&total, n, size))
        total = IMPOSSIBLE;
    return hib_arena_take(arena, total);
}

char *
hib_arena_strdup(HibArena *arena, const char *text)
{
    return text != NULL ? hib_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *
hib_arena_strndup(HibArena *arena, const char *text, size_t n)
{
    if (text == NULL)
        return NULL;
    size_t length = strnlen(text, n);
    char *copy = hib_arena_take(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *
hib_arena_printf(HibArena *arena, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    int length = g_vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (length < 0)
        length = 0;
    char *text = hib_arena_take(arena, (size_t)length + 1);
    if ((size_t)length < sizeof small) {
        memcpy(text, small, (size_t)length);
        return text;
    }
    va_start(args, format);
    g_vsnprintf(text, (gulong)length + 1, format, args);
    va_end(args);
    return text;
}

void
hib_arena_defer(HibArena *arena, void (*run)(void *data), void *data)
{
    Deferred *added = hib_arena_new0(arena, Deferred);
    added->run = run;
    added->data = data;
    added->next = arena->deferred;
    arena->deferred = added;
}
