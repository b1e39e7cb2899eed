/* The program: see program.h. The order matters: what is opened later may use what was opened before. */
#include "app/program.h"
#include "accounts/accounts.h"
#include "app/boot.h"
#include "app/features.h"
#include "base/error.h"
#include "base/log.h"
#include "contacts/contacts.h"
#include "draw/draw.h"
#include "engage/engage.h"
#include "links/links.h"
#include "media/media.h"
#include "migrations/migrations.h"
#include "networks/network.h"
#include "plan/plan.h"
#include "report/report.h"
#include "store/prune.h"
#include "team/team.h"
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern const HibRoute hib_routes[];
extern const HibAsset hib_assets[];

/* What this process writes is nobody else's, and a crash leaves no grants or keys in a core file. */
static void
keep_to_itself(void)
{
    const struct rlimit none = {0, 0};
    umask(077);
    setrlimit(RLIMIT_CORE, &none);
}

/* Memory that is free again goes back. glibc would give nearly every thread an arena of its own, and each keeps what its busiest moment needed; and after the first large block it would
 * keep such blocks for good. Little is lost: each thread still has a cache of its own for what is small. */
static void
keep_memory_small(void)
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

bool
hib_program_make_folder(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0700) == 0 && access(path, R_OK | W_OK | X_OK) == 0)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "cli.no_data_dir", "%s: %s", path, g_strerror(errno));
    if (error)
        hib_error_set_detail(*error, "name", path);
    return false;
}

/* A set-up instance whose key file is gone: a new key would open nothing of what was sealed, and that would only show later. */
static bool
check_key(HibStore *store, const char *path, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, NULL);
    bool is_new = false;
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    if (!hib_team_needs_setup(db, &is_new, error))
        return false;
    if (is_new)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "cli.key_missing", "no %s", path);
    if (error)
        hib_error_set_detail(*error, "name", path);
    return false;
}

bool
hib_program_new_key(const char *data_dir, GError **error)
{
    g_autofree char *path = g_build_filename(data_dir, "secret.key", NULL);
    if (!hib_program_make_folder(data_dir, error))
        return false;
    HibKeys *keys = hib_keys_open(path, error);
    if (keys)
        hib_keys_free(keys);
    return keys != NULL;
}

bool
hib_program_open(HibProgram *program, const HibSettings *settings, bool is_demo, GError **error)
{
    HibServices *services = &program->services;
    keep_to_itself();
    keep_memory_small();
    if (!hib_program_make_folder(settings->data_dir, error))
        return false;
    g_autofree char *key_path = g_build_filename(settings->data_dir, "secret.key", NULL);
    g_autofree char *blob_dir = g_build_filename(settings->data_dir, "blobs", NULL);
    g_autofree char *file = g_build_filename(settings->data_dir, "hibiki.db", NULL);
    g_autofree char *sqlite_url = g_strconcat("sqlite:", file, NULL);
    HibStoreOptions options = {
        .url = *settings->database ? settings->database : sqlite_url,
        .connections = (int)settings->connections,
        .clock = program->clock,
    };
    services->store = hib_store_open(&options, error);
    if (!services->store)
        return false;
    if (!hib_store_migrate(services->store, hib_migrations, hib_n_migrations, error))
        return false;
    hib_events_subscribe(services->store, hib_features_subscriptions());
    services->team_cache = hib_team_cache_new(services->store);
    services->plan_likes = hib_plan_likes_new();
    services->report_keep = hib_report_keep_new();
    if (!check_key(services->store, key_path, error))
        return false;
    services->keys = hib_keys_open(key_path, error);
    if (!services->keys)
        return false;
    services->blobs = hib_blobs_open(blob_dir, error);
    if (!services->blobs)
        return false;
    services->http = hib_http_new();
    services->media_workers = hib_media_workers_new();
    services->forgets = hib_features_forgets();
    services->knows_campaign = hib_plan_knows_campaign;
    services->people = &hib_contacts_people;
    services->version = HIBIKI_VERSION;
    program->base_url = *settings->base_url ? g_strdup(settings->base_url)
                                            : g_strdup_printf("http://%s:%d", settings->address,
                                                              (int)settings->port);
    services->base_url = program->base_url;
    services->public_url = *settings->base_url ? program->base_url : NULL;
    services->is_demo = is_demo;
    program->mail = (HibMailServer){.url = settings->smtp_url,
                                    .user = settings->smtp_user,
                                    .password = settings->smtp_password,
                                    .from = settings->smtp_from,
                                    .is_plain = settings->smtp_plain};
    services->mail = &program->mail;
    services->bluesky_service = settings->bluesky_service;
    services->may_connect_private = settings->allow_private_services;
    return true;
}

static bool
plan_upkeep(HibStore *store, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, NULL);
    return hib_media_plan_sweep(db, error) && hib_media_plan_hashes(db, error) &&
           hib_accounts_plan_sweep(db, error) && hib_engage_begin(db, error);
}

bool
hib_program_start(HibProgram *program, const HibSettings *settings, GError **error)
{
    HibServices *services = &program->services;
    HibJobsOptions jobs = {.threads = (int)settings->job_threads,
                           .lane_threads = (int)settings->publish_threads};
    program->jobs = hib_jobs_start(services->store, hib_features_jobs(), &jobs, services, error);
    if (!program->jobs || !hib_prune_begin(services->store, error))
        return false;
    if (!plan_upkeep(services->store, error))
        return false;
    g_autofree char *hooks = g_build_filename(settings->data_dir, "hooks", NULL);
    services->hooks = hib_hooks_open(services->store, hooks, hib_engage_hear, error);
    if (!services->hooks)
        return false;
    g_autofree char *clicks = g_build_filename(settings->data_dir, "clicks", NULL);
    const HibLinkDomain domain = {.base_url = services->base_url,
                                  .short_url = *settings->link_url ? settings->link_url : NULL};
    services->links = hib_links_open(services->store, services->keys, clicks, &domain, error);
    if (!services->links)
        return false;
    HibServerOptions options = {
        .address = settings->address,
        .port = (int)settings->port,
        .threads = (int)settings->workers,
        .base_url = *settings->base_url ? settings->base_url : NULL,
        .is_behind_proxy = settings->behind_proxy,
        .routes = hib_routes,
        .assets = hib_assets,
        .store = services->store,
        .authorise = hib_team_authorise,
        .context = services,
        .short_url = domain.short_url,
        .early = hib_links_early,
        .metrics = hib_program_metrics,
        .boot = hib_boot,
    };
    program->server = hib_server_start(&options, error);
    return program->server != NULL;
}

void
hib_program_close(HibProgram *program)
{
    hib_media_workers_stop(program->services.media_workers);
    hib_server_stop(program->server);
    if (program->jobs)
        hib_jobs_stop(program->jobs);
    hib_links_close(program->services.links);
    hib_hooks_close(program->services.hooks);
    hib_http_free(program->services.http);
    hib_media_workers_free(program->services.media_workers);
    if (program->services.blobs)
        hib_blobs_close(program->services.blobs);
    if (program->services.keys)
        hib_keys_free(program->services.keys);
    hib_store_close(program->services.store);
    hib_team_cache_free(program->services.team_cache);
    hib_plan_likes_free(program->services.plan_likes);
    hib_report_keep_free(program->services.report_keep);
    g_free(program->base_url);
    hib_draw_close();
    memset(program, 0, sizeof *program);
}

static sigset_t
stop_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void
hib_program_block_signals(void)
{
    sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void
hib_program_give_back(void)
{
    malloc_trim(0);
}

void
hib_program_wait(void)
{
    sigset_t set = stop_signals();
    const struct timespec some_minutes = {.tv_sec = 600};
    int received = 0;
    while ((received = sigtimedwait(&set, NULL, &some_minutes)) < 0)
        hib_program_give_back();
    hib_log(HIB_INFO, "program.stopping", "signal", received == SIGINT ? "INT" : "TERM", NULL);
}
