/* hibiki: the one binary. Finds the command, reads the settings, runs it. */
#include "app/command.h"
#include "base/error.h"
#include "base/log.h"
#include "base/messages.h"
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const HibCommand commands[] = {
    {"serve", "cli.help.serve", hib_command_serve, "new-key"},
    {"demo", "cli.help.demo", hib_command_demo, ""},
    {"practice", "cli.help.practice", hib_command_practice,
     "no-journal limits speed= seed= accounts="},
    {"connect", "cli.help.connect", hib_command_connect, "url= token="},
    {"post", "cli.help.post", hib_command_post,
     "at= zone= now account= image= alt= lang= url= token="},
    {"check", "cli.help.check", hib_command_check,
     "industry= network= relation= around= rules= format="},
    {"queue", "cli.help.queue", hib_command_queue, "state= url= token="},
    {"hold", "cli.help.hold", hib_command_hold, "reason= url= token="},
    {"config", "cli.help.config", hib_command_config, ""},
    {"doctor", "cli.help.doctor", hib_command_doctor, ""},
    {"routes", "cli.help.routes", hib_command_routes, "role="},
    {"train", "cli.help.train", hib_command_train, "out= report check"},
};

static const char *
speech(void)
{
    const char *names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);
        if (value && *value)
            return g_str_has_prefix(value, "ja") ? "ja" : "en";
    }
    return "en";
}

static int
help(const char *locale)
{
    printf("hibiki %s\n\n", HIBIKI_VERSION);
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        printf("  hibiki %-9s %s\n", commands[i].name, hib_message(locale, commands[i].help_key));
    printf("\n%s\n", hib_message(locale, "cli.help.settings"));
    return 0;
}

static bool
set_log_level(const char *name)
{
    static const char *const names[] = {"debug", "info", "warn", "alarm"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_str_equal(names[i], name)) {
            hib_log_set_level((HibLogLevel)i);
            return true;
        }
    return false;
}

/* A misspelt option is said, not passed over: `serve --prot 80` must not open another port. */
static bool
check_options(const HibCommandCall *call, const HibCommand *command, GError **error)
{
    g_auto(GStrv) names = g_strsplit(command->options, " ", -1);
    for (int i = 1; i < call->argc; i++) {
        if (!g_str_has_prefix(call->argv[i], "--") || call->argv[i][2] == '\0')
            continue;
        g_auto(GStrv) parts = g_strsplit(call->argv[i] + 2, "=", 2);
        g_autofree char *valued = g_strconcat(parts[0], "=", NULL);
        bool has_value = g_strv_contains((const char *const *)names, valued);
        if (!has_value && !g_str_equal(parts[0], "json") &&
            !g_strv_contains((const char *const *)names, parts[0]))
            return hib_settings_known(parts[0], error);
        i += has_value && !parts[1];
    }
    return true;
}

int
main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    if (sodium_init() < 0)
        return 1;
    const char *name = argc > 1 ? argv[1] : "help";
    HibCommandCall call = {.argc = argc - 1, .argv = argv + 1, .locale = speech()};
    if (g_str_equal(name, "help") || g_str_equal(name, "--help") || g_str_equal(name, "-h"))
        return help(call.locale);
    if (g_str_equal(name, "version") || g_str_equal(name, "--version"))
        return printf("hibiki %s\n", HIBIKI_VERSION) < 0;

    g_autoptr(GError) error = NULL;
    const char *file = g_getenv("HIBIKI_CONF");
    g_autoptr(HibSettingsBook) book = hib_settings_read(file, &call.argc, &call.argv, &error);
    if (!book)
        return hib_command_fail(&call, error);
    call.book = book;
    call.settings = hib_settings(book);
    call.is_json = hib_command_flag(&call, "json");
    if (!set_log_level(call.settings->log_level)) {
        hib_error_set(&error, HIB_ERROR_INVALID, "cli.bad_setting", "log_level");
        hib_error_set_detail(error, "name", "log_level");
        hib_error_set_detail(error, "value", call.settings->log_level);
        hib_error_set_detail(error, "expected", "debug|info|warn|alarm");
        return hib_command_fail(&call, error);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (g_str_equal(commands[i].name, name))
            return check_options(&call, &commands[i], &error) ? commands[i].run(&call)
                                                              : hib_command_fail(&call, error);
    hib_error_set(&error, HIB_ERROR_INVALID, "cli.unknown_command", "no command %s", name);
    hib_error_set_detail(error, "name", name);
    return hib_command_fail(&call, error);
}
