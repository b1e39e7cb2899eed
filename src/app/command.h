/* A command of the command line: one file each, declared here, listed in main.c. */
#pragma once
#include "app/settings.h"

/* What every command gets: its own words (argv[0] is the command), the settings, and the language to speak. */
typedef struct {
    int argc;
    char **argv;
    const HibSettings *settings;
    const HibSettingsBook *book;
    const char *locale;
    bool is_json; /* --json: machine-readable output */
} HibCommandCall;

typedef struct {
    const char *name;                       /* "post" */
    const char *help_key;                   /* messages: one line what it does */
    int (*run)(const HibCommandCall *call); /* the exit code */
    const char *options; /* beside the settings: "at= now"; with = those that take a value */
} HibCommand;

int hib_command_serve(const HibCommandCall *call);
int hib_command_demo(const HibCommandCall *call);
int hib_command_practice(const HibCommandCall *call);
int hib_command_connect(const HibCommandCall *call);
int hib_command_post(const HibCommandCall *call);
int hib_command_check(const HibCommandCall *call);
int hib_command_queue(const HibCommandCall *call);
int hib_command_hold(const HibCommandCall *call);
int hib_command_config(const HibCommandCall *call);
int hib_command_doctor(const HibCommandCall *call);
int hib_command_routes(const HibCommandCall *call);
int hib_command_train(const HibCommandCall *call);

/* Prints the sentence of an error (what happened, what is unharmed, what to do next) to standard error; returns 1. */
int hib_command_fail(const HibCommandCall *call, const GError *error);
/* A sentence of messages "cli.<key>" with up to one {value}. */
void hib_command_say(const HibCommandCall *call, const char *key, const char *value);
/* The value of "--name value" or "--name=value" among the call's words, NULL when absent; "" for a bare flag at the end. */
const char *hib_command_option(const HibCommandCall *call, const char *name);
bool hib_command_flag(const HibCommandCall *call, const char *name);
/* The n-th word that is neither an option nor an option's value, counted after the command (0 = first); NULL when there are fewer. Options in `valued` take a value. */
const char *hib_command_word(const HibCommandCall *call, int n, const char *const *valued);
