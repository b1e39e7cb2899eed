/* Settings: one table says each one's key, type, default and range; hibiki.conf < environment < options.
 *
 * `hibiki config` prints all with where each came from; an unknown key is an error that names the nearest known one. Only this folder
 * reads the environment (HIBIKI_<KEY IN CAPITALS>). The help sentences are in messages/ under cli.setting.<key>. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *data_dir; /* database, key file and blobs live here */
    const char *database; /* "": sqlite in data_dir; else a libpq URL */
    const char *address;
    int64_t port;
    const char *base_url; /* "": http://address:port */
    const char *link_url; /* "": short links are base_url/l/… */
    bool behind_proxy;
    int64_t workers, job_threads, publish_threads, connections;
    const char *bluesky_service;
    bool allow_private_services;
    const char *practice; /* "no", "yes", or NETWORK=URL,… of a practice world elsewhere */
    const char *smtp_url, *smtp_user, *smtp_password, *smtp_from; /* smtp_url "": no e-mail */
    bool smtp_plain;
    const char *log_level;
} HibSettings;

typedef enum {
    HIB_FROM_DEFAULT,
    HIB_FROM_FILE,
    HIB_FROM_ENVIRONMENT,
    HIB_FROM_OPTION
} HibSettingOrigin;

typedef struct HibSettingsBook
    HibSettingsBook; /* the values and where each came from; owns the strings */
/* Reads `file` (NULL: hibiki.conf in the data directory when it is there), the environment, then `options` ("--port=8471" or "--port" "8471"); what is no setting is left in
 * *argv (shifted, *argc shortened). INVALID cli.unknown_setting (details name, nearest), cli.bad_setting (name, value, expected). */
HibSettingsBook *hib_settings_read(const char *file, int *argc, char ***argv, GError **error);
void hib_settings_free(HibSettingsBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibSettingsBook, hib_settings_free)
const HibSettings *hib_settings(const HibSettingsBook *book);

typedef struct {
    const char *key, *kind, *standard; /* kind: "text", "whole number 1..65535", "yes or no" … */
    char *value;                       /* as text; secret parts masked; g_free */
    HibSettingOrigin origin;
} HibSettingRow;
size_t hib_settings_count(void);
HibSettingRow hib_settings_row(const HibSettingsBook *book, size_t i);
/* False with cli.unknown_setting, which names the nearest setting, when there is none of this name ("port"). */
bool hib_settings_known(const char *key, GError **error);
