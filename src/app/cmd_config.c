/* hibiki config: every setting, its value and where that came from. */
#include "app/command.h"
#include "base/messages.h"
#include <stdio.h>

int
hib_command_config(const HibCommandCall *call)
{
    static const char *const origins[] = {"default", "file", "environment", "option"};
    for (size_t i = 0; i < hib_settings_count(); i++) {
        HibSettingRow row = hib_settings_row(call->book, i);
        g_autofree char *value = row.value;
        g_autofree char *key = g_strconcat("cli.setting.", row.key, NULL);
        printf("# %s\n", hib_message(call->locale, key));
        printf("%s = %s   # %s; %s\n", row.key, value, row.kind, origins[row.origin]);
    }
    return 0;
}
