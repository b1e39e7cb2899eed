/* What commands share: their words, and how they speak. */
#include "app/command.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/messages.h"
#include <stdio.h>
#include <string.h>

int
hib_command_fail(const HibCommandCall *call, const GError *error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    fprintf(stderr, "hibiki: %s\n", hib_message_fill(arena, call->locale, error));
    fprintf(stderr, "        (%s: %s)\n", hib_error_reason(error), error->message);
    return 1;
}

void
hib_command_say(const HibCommandCall *call, const char *key, const char *value)
{
    g_autofree char *full = g_strconcat("cli.", key, NULL);
    const char *text = hib_message(call->locale, full);
    const char *hole = value ? strstr(text, "{value}") : NULL;
    if (!hole)
        printf("%s\n", text);
    else
        printf("%.*s%s%s\n", (int)(hole - text), text, value, hole + strlen("{value}"));
    fflush(stdout);
}

const char *
hib_command_option(const HibCommandCall *call, const char *name)
{
    size_t n = strlen(name);
    for (int i = 1; i < call->argc; i++) {
        const char *word = call->argv[i];
        if (!g_str_has_prefix(word, "--") || strncmp(word + 2, name, n) != 0)
            continue;
        if (word[2 + n] == '=')
            return word + 3 + n;
        if (word[2 + n] == '\0')
            return i + 1 < call->argc ? call->argv[i + 1] : "";
    }
    return NULL;
}

bool
hib_command_flag(const HibCommandCall *call, const char *name)
{
    for (int i = 1; i < call->argc; i++)
        if (g_str_has_prefix(call->argv[i], "--") && g_str_equal(call->argv[i] + 2, name))
            return true;
    return false;
}

const char *
hib_command_word(const HibCommandCall *call, int n, const char *const *valued)
{
    for (int i = 1; i < call->argc; i++) {
        const char *word = call->argv[i];
        if (g_str_has_prefix(word, "--")) {
            if (valued && g_strv_contains(valued, word + 2))
                i++;
            continue;
        }
        if (n-- == 0)
            return word;
    }
    return NULL;
}
