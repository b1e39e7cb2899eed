/* The page where a person lets an app in: plain HTML, one link a practice account. */
#include "practice/face_oauth_private.h"

#include <string.h>

static const char style[] =
    "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width\"><link rel=\"icon\" "
    "href=\"data:,\"><title>%s</title><style>body{font:16px/1.6 "
    "system-ui,sans-serif;max-width:28rem;margin:3rem auto;padding:0 "
    "1rem;color:#1c2430;background:#f7f5f0}a{display:block;padding:.8rem "
    "1rem;margin:.6rem 0;border:1px solid #b9b2a3;border-radius:.6rem;background:#fff;"
    "color:#1c2430;text-decoration:none}a:focus,a:hover{outline:2px solid "
    "#2b5f8a}small{color:#5b6472}</style>";

static bool
wants_english(const HibPracticeCall *call)
{
    const char *languages = hib_practice_header_in(call, "Accept-Language");
    return languages && !g_ascii_strncasecmp(languages, "en", 2);
}

static void
begin(GString *out, bool is_en, const char *title)
{
    g_string_append_printf(out, style, is_en ? "en" : "ja", title);
}

static void
refuse(HibPracticeCall *call, const char *en, const char *ja)
{
    bool is_en = wants_english(call);
    g_autoptr(GString) out = g_string_new(NULL);
    begin(out, is_en, call->face->network->title);
    g_string_append_printf(out, "<h1>%s</h1><p>%s</p>", call->face->network->title,
                           is_en ? en : ja);
    hib_practice_text(call, 400, "text/html; charset=utf-8", out->str);
}

static void
add_query(GString *url, const char *name, const char *value)
{
    if (!value)
        return;
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(url, "%c%s=%s", strchr(url->str, '?') ? '&' : '?', name, escaped);
}

/* This page's own address with the account chosen. */
static char *
link_to(const HibPracticeCall *call, const char *client_field, const char *account)
{
    const char *const names[] = {
        client_field, "redirect_uri",   "response_type",         "scope",
        "state",      "code_challenge", "code_challenge_method", "access_type" /* Google's */};
    g_autoptr(GString) url = g_string_new(call->path);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        add_query(url, names[i], hib_practice_query(call, names[i]));
    add_query(url, "practice_account", account);
    return g_markup_escape_text(url->str, -1);
}

static void
show(HibPracticeCall *call, const char *client_field)
{
    bool is_en = wants_english(call);
    g_autoptr(GString) out = g_string_new(NULL);
    const char *scope = hib_practice_query(call, "scope");
    g_autofree char *scopes = g_markup_escape_text(scope ? scope : "", -1);
    begin(out, is_en, call->face->network->title);
    g_string_append_printf(
        out, "<h1>%s</h1><p>%s</p><p><small>%s</small></p>", call->face->network->title,
        is_en ? "Practice network. Which account may the app use?"
              : "練習用のネットワークです。どのアカウントをアプリに許可しますか?",
        scopes);
    for (size_t i = 0; i < call->face->n_accounts; i++) {
        const HibPracticeAccount *about = &call->face->accounts[i].about;
        g_autofree char *href = link_to(call, client_field, about->handle);
        g_autofree char *name = g_markup_escape_text(about->name, -1);
        g_autofree char *handle = g_markup_escape_text(about->handle, -1);
        g_string_append_printf(out, "<a href=\"%s\">%s <small>%s</small></a>", href, name, handle);
    }
    g_autofree char *no = link_to(call, client_field, "deny");
    g_string_append_printf(out, "<a href=\"%s\">%s</a>", no, is_en ? "Do not allow" : "許可しない");
    hib_practice_text(call, 200, "text/html; charset=utf-8", out->str);
}

static void
go_back(HibPracticeCall *call, const char *redirect_uri, const char *name, const char *value)
{
    g_autoptr(GString) url = g_string_new(redirect_uri);
    add_query(url, name, value);
    add_query(url, "state", hib_practice_query(call, "state"));
    hib_practice_redirect(call, 302, url->str);
}

static void
let_in(HibPracticeCall *call, const char *client_id, const char *redirect_uri, size_t account)
{
    const char *scope = hib_practice_query(call, "scope");
    FaceCode *code = g_new0(FaceCode, 1);
    code->client_id = g_strdup(client_id);
    code->redirect_uri = g_strdup(redirect_uri);
    code->challenge = g_strdup(hib_practice_query(call, "code_challenge"));
    code->method = g_strdup(hib_practice_query(call, "code_challenge_method"));
    code->scope = g_strdup(scope ? scope : "");
    code->account = account;
    go_back(call, redirect_uri, "code", hib_face_code_new(call, code));
}

void
hib_practice_authorize(HibPracticeCall *call)
{
    const HibPracticeOauth *rules = hib_face_oauth_rules(call);
    const char *client_field = rules->client_id_field ? rules->client_id_field : "client_id";
    const char *client_id = hib_practice_query(call, client_field);
    const char *redirect_uri = hib_practice_query(call, "redirect_uri");
    const char *type = hib_practice_query(call, "response_type");
    const char *method = hib_practice_query(call, "code_challenge_method");
    const char *chosen = hib_practice_query(call, "practice_account");
    if (!client_id || !g_hash_table_contains(call->face->oauth->clients, client_id)) {
        refuse(call, "The app is not registered here.", "このアプリは登録されていません。");
    } else if (!hib_face_redirect_ok(call->face, client_id, redirect_uri)) {
        refuse(call, "The address to return to is not registered.",
               "戻り先のアドレスが登録されていません。");
    } else if (g_strcmp0(type, "code") != 0) {
        go_back(call, redirect_uri, "error", "unsupported_response_type");
    } else if ((rules->pkce == HIB_PKCE_NEEDED && !hib_practice_query(call, "code_challenge")) ||
               (method && g_ascii_strcasecmp(method, "S256") != 0 &&
                strcmp(method, "plain") != 0)) {
        go_back(call, redirect_uri, "error", "invalid_request");
    } else if (!chosen) {
        show(call, client_field);
    } else if (!strcmp(chosen, "deny")) {
        go_back(call, redirect_uri, "error", "access_denied");
    } else {
        const FaceAccountRow *row = hib_face_account_row(call->face, chosen);
        if (row)
            let_in(call, client_id, redirect_uri, (size_t)(row - call->face->accounts));
        else
            refuse(call, "There is no such practice account.", "その練習アカウントはありません。");
    }
}
