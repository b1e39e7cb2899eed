/* The program: everything `serve` and `demo` run together, opened in order and closed in reverse. */
#pragma once
#include "app/settings.h"
#include "http/server.h"
#include "http/services.h"
#include "store/jobs.h"

typedef struct {
    HibServices services;
    HibJobs *jobs;
    HibServer *server;
    HibClock *clock; /* set before opening; NULL: the machine's; not owned */
    char *base_url;
    HibMailServer mail;
} HibProgram;

/* Makes the data directory where it is not there, and sees that files can be made in it. INTERNAL cli.no_data_dir (detail name). */
bool hib_program_make_folder(const char *path, GError **error);
/* Makes secret.key where there is none; one that is there stays. */
bool hib_program_new_key(const char *data_dir, GError **error);
/* Opens store (migrated), keys, blobs and the HTTP client; starts nothing. Errors as their headers say, plus INTERNAL cli.no_data_dir, cli.key_missing. */
bool hib_program_open(HibProgram *program, const HibSettings *settings, bool is_demo,
                      GError **error);
/* Starts the job runner and the server. */
bool hib_program_start(HibProgram *program, const HibSettings *settings, GError **error);
void hib_program_close(HibProgram *program); /* fine on a half-opened one */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HibProgram, hib_program_close)

/* Blocks until SIGINT or SIGTERM. hib_program_block_signals must have run before any thread was started. */
void hib_program_block_signals(void);
void hib_program_wait(void);
/* Memory that is free between what is used goes back to the system; hib_program_wait sees to it every ten minutes. */
void hib_program_give_back(void);

/* The text of GET /metrics. */
char *hib_program_metrics(void *context, HibArena *arena);
