/* See test_scripted.h. The state is the process's: one network, as one test runs at a time; jobs may call from several threads. */
#include "test_scripted.h"
#include "networks/call.h"

#include <string.h>

#define SLOW_MS 120000
#define LATE_MS 3000 /* a call without an answer arrives this much later */

typedef struct {
    char *id, *text, *reply_to, *handle;
    HibInstant at;
    bool is_gone;
} Post;

typedef struct {
    const char *step;
    HibTestFault fault;
    int times;
} Fault;

static struct {
    GMutex lock;
    HibTestShape shape;
    GPtrArray *posts;
    Fault faults[32];
    size_t n_faults;
    GHashTable *calls; /* step → count */
    int n_made;
    bool is_ended;
    void (*hook)(void *data);
    void *hook_data;
} net;

const char *
hib_test_fault_name(HibTestFault fault)
{
    static const char *const names[] = {
        "no fault",         "429",  "500, nothing done", "500, done",   "timeout", "cut before",
        "cut after",        "slow", "expired token",     "ended grant", "refused", "quota",
        "expired container"};
    return names[fault];
}

static void
free_post(gpointer data)
{
    Post *post = data;
    g_free(post->id);
    g_free(post->text);
    g_free(post->reply_to);
    g_free(post->handle);
    g_free(post);
}

void
hib_test_scripted_reset(const HibTestShape *shape)
{
    g_mutex_lock(&net.lock);
    g_clear_pointer(&net.posts, g_ptr_array_unref);
    g_clear_pointer(&net.calls, g_hash_table_unref);
    net.posts = g_ptr_array_new_with_free_func(free_post);
    net.calls = g_hash_table_new(g_str_hash, g_str_equal);
    net.shape = *shape;
    net.n_faults = 0;
    net.is_ended = false;
    net.hook = NULL;
    g_mutex_unlock(&net.lock);
}

void
hib_test_scripted_fault(const char *step, HibTestFault fault, int times)
{
    g_mutex_lock(&net.lock);
    if (net.n_faults < G_N_ELEMENTS(net.faults))
        net.faults[net.n_faults++] = (Fault){.step = step, .fault = fault, .times = times};
    g_mutex_unlock(&net.lock);
}

void
hib_test_scripted_clear(void)
{
    g_mutex_lock(&net.lock);
    net.n_faults = 0;
    g_mutex_unlock(&net.lock);
}

void
hib_test_scripted_sign_in(void)
{
    g_mutex_lock(&net.lock);
    net.is_ended = false;
    g_mutex_unlock(&net.lock);
}

void
hib_test_scripted_between(void (*hook)(void *data), void *data)
{
    net.hook = hook;
    net.hook_data = data;
}

int
hib_test_scripted_count(const char *text)
{
    int n = 0;
    g_mutex_lock(&net.lock);
    for (guint i = 0; i < net.posts->len; i++) {
        const Post *post = net.posts->pdata[i];
        n += !post->is_gone && g_str_equal(post->text, text);
    }
    g_mutex_unlock(&net.lock);
    return n;
}

int
hib_test_scripted_calls(const char *step)
{
    g_mutex_lock(&net.lock);
    int n = GPOINTER_TO_INT(g_hash_table_lookup(net.calls, step));
    g_mutex_unlock(&net.lock);
    return n;
}

const char *
hib_test_scripted_last_reply(void)
{
    const Post *last = net.posts->len ? net.posts->pdata[net.posts->len - 1] : NULL;
    return last ? last->reply_to : "";
}

/* --- the steps ------------------------------------------------------------------------------------------------------------- */
typedef struct {
    int done; /* finished steps */
    bool is_asked;
} Progress;

static Progress
read_progress(const HibNetSending *sending)
{
    g_autoptr(cJSON) json = hib_net_progress(sending->progress);
    const cJSON *done = cJSON_GetObjectItemCaseSensitive(json, "done");
    return (Progress){.done = cJSON_IsNumber(done) ? done->valueint : 0};
}

static HibNetStep
next_step(const HibNetSending *sending)
{
    const HibTestShape *shape = &net.shape;
    int at = read_progress(sending).done;
    if (at < shape->n_uploads)
        return (HibNetStep){HIB_NET_STEP_PREPARE, "upload", at + 1, shape->n_uploads};
    at -= shape->n_uploads;
    if (shape->has_container && at-- == 0)
        return (HibNetStep){HIB_NET_STEP_PREPARE, "container", 0, 0};
    if (shape->has_process && at-- == 0)
        return (HibNetStep){HIB_NET_STEP_PREPARE, "process", 0, 0};
    if (at-- == 0)
        return (HibNetStep){HIB_NET_STEP_EFFECT, "publish", 0, 0};
    return (HibNetStep){HIB_NET_STEP_CONFIRM, "confirm", at + 1, shape->n_confirms};
}

static int
n_steps(void)
{
    return net.shape.n_uploads + net.shape.has_container + net.shape.has_process + 1 +
           net.shape.n_confirms;
}

static HibTestFault
meet(const char *step)
{
    int n = GPOINTER_TO_INT(g_hash_table_lookup(net.calls, step));
    g_hash_table_insert(net.calls, (gpointer)step, GINT_TO_POINTER(n + 1));
    for (size_t i = 0; i < net.n_faults; i++)
        if (net.faults[i].times > 0 && g_str_equal(net.faults[i].step, step)) {
            net.faults[i].times--;
            return net.faults[i].fault;
        }
    return HIB_TEST_OK;
}

static HibNetResult
say(HibNetClass class, int status, const char *code, HibInstant retry_at)
{
    HibNetResult out =
        hib_net_say(class, code, status == 200 ? "" : "the scripted network says so");
    out.http_status = status;
    out.retry_at = retry_at;
    return out;
}

/* What the fault means for a call of that kind, as a connector would class it. */
static HibNetResult
answer(HibTestFault fault, bool is_effect, HibInstant now)
{
    HibNetClass open = is_effect ? HIB_NET_RECONCILE : HIB_NET_RETRY_SAME;
    switch (fault) {
    case HIB_TEST_RATE_LIMITED:
        return say(HIB_NET_RETRY_AFTER, 429, "RateLimited", now + 30 * HIB_SECOND);
    case HIB_TEST_ERROR_BEFORE:
    case HIB_TEST_ERROR_AFTER:
        return say(open, 500, "Internal", 0);
    case HIB_TEST_TIMEOUT:
    case HIB_TEST_CUT_BEFORE:
    case HIB_TEST_CUT_AFTER:
        return say(open, 0, "http.no_answer", 0);
    case HIB_TEST_SLOW:
        return say(HIB_NET_WAIT_ASYNC, 202, "InProgress", now + SLOW_MS * HIB_MILLISECOND);
    case HIB_TEST_EXPIRED:
        return say(HIB_NET_REFRESH_AUTH, 401, "ExpiredToken", 0);
    case HIB_TEST_ENDED:
        return say(HIB_NET_REAUTH_HUMAN, 401, "EndedGrant", 0);
    case HIB_TEST_REFUSED:
        return say(HIB_NET_FIX_CONTENT, 400, "NotThis", 0);
    case HIB_TEST_QUOTA:
        return say(HIB_NET_QUOTA, 403, "DailyLimit", now + HIB_HOUR);
    case HIB_TEST_NEW_HANDLE:
        return say(HIB_NET_NEW_HANDLE, 400, "ExpiredContainer", 0);
    default:
        return say(HIB_NET_OK, 200, "", 0);
    }
}

static bool
is_done_despite(HibTestFault fault)
{
    return fault == HIB_TEST_OK || fault == HIB_TEST_ERROR_AFTER || fault == HIB_TEST_TIMEOUT ||
           fault == HIB_TEST_CUT_AFTER;
}

static Post *
make_post(const HibNetSending *sending, HibInstant at)
{
    /* Where looking repeats the call, the network knows the handle: the same call again is the same post. */
    for (guint i = 0; net.shape.find_sends && i < net.posts->len; i++) {
        Post *same = net.posts->pdata[i];
        if (g_str_equal(same->handle, sending->handle))
            return same;
    }
    Post *post = g_new0(Post, 1);
    post->id = g_strdup_printf("post-%d", ++net.n_made);
    post->text = g_strdup(sending->post->text);
    post->reply_to = g_strdup(sending->post->reply_to ? sending->post->reply_to : "");
    post->handle = g_strdup(sending->handle);
    post->at = at;
    g_ptr_array_add(net.posts, post);
    return post;
}

static void
keep(const HibNetContext *ctx, HibNetSending *sending, const Post *post)
{
    g_autoptr(cJSON) json = hib_net_progress(sending->progress);
    int done = read_progress(sending).done + 1;
    cJSON_DeleteItemFromObject(json, "done");
    cJSON_AddNumberToObject(json, "done", done);
    if (post)
        cJSON_AddStringToObject(json, "id", post->id);
    sending->progress = hib_net_progress_text(ctx->arena, json);
    if (done < n_steps())
        return;
    sending->is_done = true;
    sending->published.remote_id = hib_net_progress_get(ctx->arena, json, "id");
    sending->published.url =
        hib_arena_printf(ctx->arena, "https://scripted.example/%s", sending->published.remote_id);
}

/* Refused after it was accepted: the network takes it back. */
static void
take_back(const HibNetContext *ctx, const HibNetSending *sending)
{
    g_autoptr(cJSON) json = hib_net_progress(sending->progress);
    const char *id = hib_net_progress_get(ctx->arena, json, "id");
    for (guint i = 0; id && i < net.posts->len; i++) {
        Post *post = net.posts->pdata[i];
        post->is_gone = post->is_gone || g_str_equal(post->id, id);
    }
}

static HibNetResult
run_step(const HibNetContext *ctx, const HibGrant *grant G_GNUC_UNUSED, HibNetSending *sending)
{
    HibNetStep step = next_step(sending);
    bool is_effect = step.kind == HIB_NET_STEP_EFFECT;
    HibInstant now = hib_clock_now(ctx->clock);
    Post *made = NULL;
    g_mutex_lock(&net.lock);
    HibTestFault fault = net.is_ended ? HIB_TEST_ENDED : meet(step.name);
    net.is_ended = fault == HIB_TEST_ENDED;
    HibNetResult said = answer(fault, is_effect, now);
    if (is_effect && is_done_despite(fault))
        made =
            make_post(sending, fault == HIB_TEST_TIMEOUT ? now + LATE_MS * HIB_MILLISECOND : now);
    if (step.kind == HIB_NET_STEP_CONFIRM && fault == HIB_TEST_REFUSED)
        take_back(ctx, sending);
    if (said.class == HIB_NET_OK)
        keep(ctx, sending, made);
    void (*hook)(void *) = made ? net.hook : NULL;
    if (hook)
        net.hook = NULL;
    g_mutex_unlock(&net.lock);
    if (hook)
        hook(net.hook_data);
    return said;
}

static HibNetResult
look(const HibNetContext *ctx, HibNetSending *sending, bool *ret_found)
{
    HibInstant now = hib_clock_now(ctx->clock);
    HibNetSeen *seen = hib_arena_array(ctx->arena, HibNetSeen, net.posts->len + 1);
    size_t n = 0;
    if (net.shape.find_sends) {
        Post *post = make_post(sending, now);
        sending->published =
            (HibNetPublished){hib_arena_strdup(ctx->arena, post->id), "https://scripted.example/"};
        *ret_found = true;
        return say(HIB_NET_OK, 200, "", 0);
    }
    for (guint i = 0; i < net.posts->len; i++) {
        const Post *post = net.posts->pdata[i];
        if (!post->is_gone && post->at <= now)
            seen[n++] = (HibNetSeen){.remote_id = hib_arena_strdup(ctx->arena, post->id),
                                     .url = "https://scripted.example/",
                                     .text = hib_arena_strdup(ctx->arena, post->text),
                                     .at = post->at,
                                     .n_media = -1};
    }
    int at = hib_net_match(ctx->arena, sending, seen, n);
    *ret_found = at >= 0;
    if (at >= 0)
        sending->published = (HibNetPublished){seen[at].remote_id, seen[at].url};
    return say(HIB_NET_OK, 200, "", 0);
}

static HibNetResult
find(const HibNetContext *ctx, const HibGrant *grant G_GNUC_UNUSED, HibNetSending *sending,
     bool *ret_found)
{
    *ret_found = false;
    g_mutex_lock(&net.lock);
    HibTestFault fault = net.is_ended ? HIB_TEST_ENDED : meet("find");
    net.is_ended = fault == HIB_TEST_ENDED;
    HibNetResult said = fault == HIB_TEST_OK ? look(ctx, sending, ret_found)
                                             : answer(fault, false, hib_clock_now(ctx->clock));
    g_mutex_unlock(&net.lock);
    return said;
}

static HibNetResult
take_away(const HibNetContext *ctx, const HibGrant *grant G_GNUC_UNUSED, const char *remote_id)
{
    g_mutex_lock(&net.lock);
    HibTestFault fault = meet("remove");
    for (guint i = 0; fault == HIB_TEST_OK && i < net.posts->len; i++) {
        Post *post = net.posts->pdata[i];
        post->is_gone = post->is_gone || g_str_equal(post->id, remote_id);
    }
    g_mutex_unlock(&net.lock);
    return answer(fault, false, hib_clock_now(ctx->clock));
}

static HibNetResult
edit(const HibNetContext *ctx, const HibGrant *grant G_GNUC_UNUSED, const char *remote_id,
     const HibNetPost *post, HibNetPublished *ret)
{
    g_mutex_lock(&net.lock);
    HibTestFault fault = meet("edit");
    for (guint i = 0; fault == HIB_TEST_OK && i < net.posts->len; i++) {
        Post *one = net.posts->pdata[i];
        if (!g_str_equal(one->id, remote_id))
            continue;
        g_free(one->text);
        one->text = g_strdup(post->text);
        ret->remote_id = remote_id;
    }
    g_mutex_unlock(&net.lock);
    return answer(fault, false, hib_clock_now(ctx->clock));
}

/* --- the account -------------------------------------------------------------------------------------------------------------- */
static HibNetResult
connect_account(const HibNetContext *ctx, const char *service, const char *handle,
                const char *password G_GNUC_UNUSED, HibGrant *ret)
{
    *ret = (HibGrant){.service = service ? service : "https://scripted.example",
                      .remote_id = hib_arena_printf(ctx->arena, "id-%s", handle),
                      .handle = handle,
                      .display_name = handle,
                      .avatar_url = "",
                      .access = "access",
                      .refresh = "refresh",
                      .extra = ""};
    return say(HIB_NET_OK, 200, "", 0);
}

static HibNetResult
refresh(const HibNetContext *ctx G_GNUC_UNUSED, const HibGrant *grant, HibGrant *ret)
{
    *ret = *grant;
    ret->access = "a fresh access";
    return net.is_ended ? say(HIB_NET_REAUTH_HUMAN, 401, "EndedGrant", 0)
                        : say(HIB_NET_OK, 200, "", 0);
}

static const HibNetLimits *
limits(void)
{
    static const char *const jpeg[] = {"image/jpeg", NULL};
    static const HibNetFormatLimits formats[] = {
        {.format = HIB_FORMAT_POST, .max_media = 4, .max_text = 500, .image = {.types = jpeg}},
        {.format = HIB_FORMAT_MESSAGE, .max_text = 500}};
    static HibNetQuotaRule posts = {.name = "posts", .window_s = 86400};
    static HibNetLimits out = {.formats = formats,
                               .n_formats = 2,
                               .unit = HIB_UNIT_CHARS,
                               .max_text = 500,
                               .max_alt = 100,
                               .max_thread = 10,
                               .settling_ms = 5000,
                               .edit_s = 3600,
                               .price_post_micros = 15000,
                               .price_link_micros = 200000,
                               .price_reply_micros = 10000,
                               .currency = "USD",
                               .default_service = "https://scripted.example",
                               .source = "",
                               .as_of = ""};
    posts.limit = net.shape.posts_a_day;
    out.quotas = &posts;
    out.n_quotas = net.shape.posts_a_day > 0;
    out.handle_life_s = net.shape.handle_life_s;
    return &out;
}

static const char *
new_handle(const HibNetContext *ctx)
{
    return hib_net_uuid(ctx->arena);
}

static HibNetwork scripted = {.name = "scripted",
                              .title = "Scripted",
                              .auth = HIB_NET_AUTH_PASSWORD,
                              .can_remove = true,
                              .can_reply = true,
                              .can_message = true,
                              .limits = limits,
                              .connect = connect_account,
                              .refresh = refresh,
                              .new_handle = new_handle,
                              .next_step = next_step,
                              .run_step = run_step,
                              .find = find,
                              .remove = take_away,
                              .edit = edit};

const HibNetwork *__real_hib_network_find(const char *name);
const HibNetwork *__wrap_hib_network_find(const char *name);

const HibNetwork *
__wrap_hib_network_find(const char *name)
{
    if (!name || !g_str_equal(name, "scripted"))
        return __real_hib_network_find(name);
    scripted.find_sends = net.shape.find_sends;
    return &scripted;
}
