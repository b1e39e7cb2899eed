/* What was said on its way into the store: what was answered is heard once, whatever ends in between, and its words stay in no file. */
#include "accounts/accounts_private.h"
#include "accounts/app.sql.h"
#include "accounts/hook.h"
#include "base/error.h"
#include "test_network.h"
#include "test_workspace.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *account, *key;
    char *folder;
    HibDuration age; /* of what a process left */
} Desk;

/* --- who hears ------------------------------------------------------------------------------------------- */
static GMutex hearing;
static GString *heard; /* "m1=hello m2=hello " …, of what was stored */
static int n_batches;
static const char *hated; /* whoever says this is not stored; "": nobody is */

static bool
hear(HibDb *db, const char *account G_GNUC_UNUSED, const HibNetTalk *talk, size_t n, GError **error)
{
    g_autoptr(GString) said = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        g_string_append_printf(said, "%s=%s ", talk[i].remote_id, talk[i].text);
        if (hated && (!*hated || g_str_equal(talk[i].text, hated))) {
            hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "not this");
            return false;
        }
    }
    g_assert_nonnull(hib_db_arena(db));
    g_mutex_lock(&hearing);
    g_string_append(heard, said->str);
    n_batches++;
    g_mutex_unlock(&hearing);
    return true;
}

static void
open_desk(Desk *desk, HibTestStore *test)
{
    GError *error = NULL;
    HibAccount *account = NULL;
    HibSqlHookState *hook = NULL;
    hib_test_workspace_open(&desk->ws, test);
    hib_test_net_reset();
    heard = g_string_new(NULL);
    hated = NULL;
    n_batches = 0;
    desk->db = hib_test_workspace_db(&desk->ws, NULL);
    desk->folder = g_dir_make_tmp("hib-hooks-XXXXXX", NULL);
    hib_assert_ok(hib_accounts_connect(desk->db, &desk->ws.services, "testline", NULL, "1234567890",
                                       HIB_TEST_CHANNEL_SECRET, &account, &error),
                  error);
    desk->account = account->id;
    hib_assert_ok(hib_sql_hook_of_account(desk->db, account->id, &hook, &error), error);
    desk->key = hook->key;
}

static char *
only_file(const Desk *desk)
{
    g_autoptr(GDir) dir = g_dir_open(desk->folder, 0, NULL);
    const char *name = g_dir_read_name(dir);
    g_assert_null(g_dir_read_name(dir));
    return name ? g_build_filename(desk->folder, name, NULL) : NULL;
}

static void
close_desk(Desk *desk)
{
    g_autofree char *left = only_file(desk);
    if (left)
        g_unlink(left);
    g_rmdir(desk->folder);
    g_free(desk->folder);
    g_string_free(heard, TRUE);
    hib_db_close(desk->db);
    hib_test_workspace_close(&desk->ws);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, close_desk)

static void
begin(Desk *desk)
{
    GError *error = NULL;
    desk->ws.services.hooks = hib_hooks_open(desk->ws.test->store, desk->folder, hear, &error);
    g_assert_no_error(error);
}

static void
end(Desk *desk)
{
    hib_hooks_close(g_steal_pointer(&desk->ws.services.hooks));
}

static void
settle(Desk *desk)
{
    g_assert_true(hib_hooks_settle(desk->ws.services.hooks, 10 * HIB_SECOND));
}

static const char *
header_of(void *data G_GNUC_UNUSED, const char *name_lower)
{
    return strcmp(name_lower, "x-test-signature") == 0 ? HIB_TEST_CHANNEL_SECRET : NULL;
}

static void
say(const Desk *desk, const char *body)
{
    GError *error = NULL;
    HibNetHookCall call = {
        .method = "POST", .query = "", .header = header_of, .body = body, .n_body = strlen(body)};
    HibNetHookAnswer answer = {0};
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) global = hib_db_open(desk->ws.test->store, arena, NULL);
    hib_assert_ok(
        hib_hook_take(global, &desk->ws.services, "testline", desk->key, &call, &answer, &error),
        error);
}

static size_t
n_waiting(Desk *desk)
{
    GError *error = NULL;
    HibAccountHeard *rows;
    size_t n;
    hib_assert_ok(hib_accounts_heard(desk->db, desk->account, 1000, &rows, &n, &error), error);
    return n;
}

/* --- taking ---------------------------------------------------------------------------------------------- */
static void
what_was_said_is_heard_once_and_its_words_leave_the_file(HibTestStore *test)
{
    GError *error = NULL;
    HibAccountHealth *health;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    begin(&desk);
    say(&desk, "e1|talk||m1|hello|1000\ne2|talk||m2|there|1001");
    say(&desk, "e1|talk||m1|hello|1000");
    settle(&desk);
    g_autofree char *file = only_file(&desk);
    g_autofree char *words = NULL;
    size_t n;
    hib_assert_ok(g_file_get_contents(file, &words, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    say(&desk, "e3|talk||m3|again|1002");
    end(&desk);
    g_assert_cmpstr(heard->str, ==, "m1=hello m2=there m3=again ");
    g_assert_cmpuint(n_waiting(&desk), ==, 0);
    g_autofree char *left = only_file(&desk);
    g_assert_null(left);
    hib_assert_ok(hib_account_health(desk.db, &desk.ws.services, desk.account, &health, &error),
                  error);
    g_assert_cmpint(health->hook_n_taken, ==, 3);
}

static void
what_changes_an_account_is_stored_before_the_answer(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    begin(&desk);
    say(&desk, "e1|talk||m1|hello|1000\ne2|follow||user-1||1001");
    g_assert_cmpuint(n_waiting(&desk), ==, 1);
    g_autofree char *file = only_file(&desk);
    g_assert_null(file);
    end(&desk);
}

static void
one_that_cannot_be_stored_waits_in_its_row_and_stops_no_other(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    hated = "poison";
    begin(&desk);
    for (int i = 0; i < 5; i++) {
        g_autofree char *body =
            g_strdup_printf("e%d|talk||m%d|%s|1000", i, i, i == 2 ? "poison" : "hello");
        say(&desk, body);
    }
    end(&desk);
    g_assert_cmpstr(heard->str, ==, "m0=hello m1=hello m3=hello m4=hello ");
    g_assert_cmpuint(n_waiting(&desk), ==, 1);
}

/* --- after a kill ---------------------------------------------------------------------------------------- */
static GByteArray *
record(const Desk *desk, const char *id, const char *text)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibNetHookEvent event = {.id = id,
                                   .kind = "talk",
                                   .at = 1000,
                                   .talk = {.kind = HIB_TALK_MESSAGE,
                                            .remote_id = id,
                                            .text = text,
                                            .author_id = "user-1",
                                            .conversation = "user-1",
                                            .at = 1000}};
    const HibInstant now = hib_db_now(desk->db);
    const HibHookCall call = {.key = desk->key, .at = now - desk->age, .events = &event, .n = 1};
    return hib_hook_record(arena, desk->ws.workspace, &call);
}

/* A file as a killed process leaves it: a hole where something was taken, records, the last one torn perhaps. */
static void
leave(const Desk *desk, size_t n_hole, size_t n_torn)
{
    GError *error = NULL;
    g_autoptr(GByteArray) first = record(desk, "m1", "hello"), second = record(desk, "m2", "there");
    g_autoptr(GByteArray) all = g_byte_array_new();
    g_autofree uint8_t *hole = g_malloc0(n_hole + 1);
    g_autofree char *path = g_build_filename(desk->folder, "0.spool", NULL);
    g_byte_array_append(all, hole, (guint)n_hole);
    g_byte_array_append(all, first->data, first->len);
    g_byte_array_append(all, second->data, second->len);
    hib_assert_ok(
        g_file_set_contents(path, (const char *)all->data, (gssize)(all->len - n_torn), &error),
        error);
}

static void
what_a_killed_process_left_is_taken_and_nothing_twice(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    for (int i = 0; i < 2; i++) {
        leave(&desk, i ? 100000 : 0, 0);
        begin(&desk);
        end(&desk);
        g_assert_cmpstr(heard->str, ==, "m1=hello m2=there ");
        g_autofree char *left = only_file(&desk);
        g_assert_null(left);
    }
}

static void
what_lay_for_longer_than_repeats_are_known_is_not_taken(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    desk.age = 31 * HIB_DAY;
    leave(&desk, 0, 0);
    begin(&desk);
    end(&desk);
    g_assert_cmpstr(heard->str, ==, "");
    g_autofree char *left = only_file(&desk);
    g_assert_null(left);
}

static void
a_torn_record_was_never_answered_and_ends_the_file(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    leave(&desk, 0, 5);
    begin(&desk);
    end(&desk);
    g_assert_cmpstr(heard->str, ==, "m1=hello ");
}

static void
a_record_is_read_as_it_was_written_and_none_past_its_end(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibNetAttachment picture = {.kind = HIB_ATTACH_IMAGE, .url = "https://e.example/a"};
    const HibNetHookEvent event = {.id = "e1",
                                   .kind = "talk",
                                   .account = "there",
                                   .at = 7,
                                   .talk = {.kind = HIB_TALK_COMMENT,
                                            .remote_id = "m1",
                                            .text = "",
                                            .parent_id = "p1",
                                            .author_name = "花",
                                            .is_edited = true,
                                            .attachments = &picture,
                                            .n_attachments = 1}};
    const HibHookCall call = {.key = "k", .at = 9, .events = &event, .n = 1};
    g_autoptr(GByteArray) bytes = hib_hook_record(arena, "w", &call);
    const char *workspace = NULL;
    HibHookCall read = {0};
    for (guint n = 0; n < bytes->len; n++)
        g_assert_cmpuint(
            hib_hook_record_read(arena, (const char *)bytes->data, n, &workspace, &read), ==, 0);
    g_assert_cmpuint(
        hib_hook_record_read(arena, (const char *)bytes->data, bytes->len, &workspace, &read), ==,
        bytes->len);
    const HibNetTalk *talk = &read.events->talk;
    g_assert_cmpstr(workspace, ==, "w");
    g_assert_cmpstr(read.key, ==, "k");
    g_assert_cmpint(read.at, ==, 9);
    g_assert_cmpuint(read.n, ==, 1);
    g_assert_cmpstr(read.events->account, ==, "there");
    g_assert_null(read.events->remote_id);
    g_assert_true(talk->kind == HIB_TALK_COMMENT && talk->is_edited && !talk->is_own);
    g_assert_cmpstr(talk->text, ==, "");
    g_assert_cmpstr(talk->parent_id, ==, "p1");
    g_assert_null(talk->post_id);
    g_assert_cmpstr(talk->author_name, ==, "花");
    g_assert_cmpuint(talk->n_attachments, ==, 1);
    g_assert_cmpstr(talk->attachments->url, ==, picture.url);
}

/* --- many, and no room ------------------------------------------------------------------------------------ */
enum { THREADS = 6, EACH = 40 };
typedef struct {
    const Desk *desk;
    int first;
} Sender;

static void *
send_many(void *data)
{
    const Sender *sender = data;
    for (int i = 0; i < EACH; i++) {
        g_autofree char *body =
            g_strdup_printf("e%d|talk||m%d|hello|1000", sender->first + i, sender->first + i);
        say(sender->desk, body);
    }
    return NULL;
}

static void
calls_at_once_share_a_sync_and_none_is_lost(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    GThread *threads[THREADS];
    Sender senders[THREADS];
    open_desk(&desk, test);
    begin(&desk);
    for (int i = 0; i < THREADS; i++) {
        senders[i] = (Sender){&desk, i * EACH};
        threads[i] = g_thread_new("sender", send_many, &senders[i]);
    }
    for (int i = 0; i < THREADS; i++)
        g_thread_join(threads[i]);
    end(&desk);
    g_auto(GStrv) parts = g_strsplit(heard->str, " ", -1);
    g_assert_cmpuint(g_strv_length(parts), ==, THREADS * EACH + 1);
    g_assert_cmpint(n_batches, <=, THREADS * EACH);
}

static void
a_full_disk_is_an_error_so_that_the_network_repeats(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    g_autoptr(GByteArray) one = record(&desk, "m1", "hello");
    pid_t child = fork(); /* the limit is the process's */
    if (child == 0) {
        const struct rlimit little = {100, 100};
        g_autoptr(GError) error = NULL;
        signal(SIGXFSZ, SIG_IGN);
        HibHooks *hooks = hib_hooks_open(test->store, desk.folder, hear, NULL);
        bool ok = hooks && setrlimit(RLIMIT_FSIZE, &little) == 0 &&
                  !hib_hooks_keep(hooks, one, &error) &&
                  g_strcmp0(hib_error_reason(error), "store.disk_full") == 0;
        _exit(ok ? 0 : 1);
    }
    int status = -1;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    g_autofree char *path = only_file(&desk);
    g_autofree char *words = NULL;
    size_t n;
    g_assert_true(g_file_get_contents(path, &words, &n, NULL));
    g_assert_cmpuint(n, ==, 0); /* nothing of what was refused is there to be taken later */
    /* There is room again and the network repeats its call, twice. */
    GError *error = NULL;
    begin(&desk);
    for (int i = 0; i < 2; i++)
        hib_assert_ok(hib_hooks_keep(desk.ws.services.hooks, one, &error), error);
    end(&desk);
    g_assert_cmpstr(heard->str, ==, "m1=hello ");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/hook-spool/" #name, name)
    ADD(what_was_said_is_heard_once_and_its_words_leave_the_file);
    ADD(what_changes_an_account_is_stored_before_the_answer);
    ADD(one_that_cannot_be_stored_waits_in_its_row_and_stops_no_other);
    ADD(what_a_killed_process_left_is_taken_and_nothing_twice);
    ADD(what_lay_for_longer_than_repeats_are_known_is_not_taken);
    ADD(a_torn_record_was_never_answered_and_ends_the_file);
    ADD(calls_at_once_share_a_sync_and_none_is_lost);
    ADD(a_full_disk_is_an_error_so_that_the_network_repeats);
    g_test_add_func("/hook-spool/a_record_is_read_as_it_was_written_and_none_past_its_end",
                    a_record_is_read_as_it_was_written_and_none_past_its_end);
    return g_test_run();
}
