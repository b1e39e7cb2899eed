/* Sending one e-mail: see mail.h. */
#include "http/mail.h"
#include "base/error.h"
#include <curl/curl.h>
#include <string.h>

#define LINE 76 /* characters of a base64 line */
#define WORD                                                                                       \
    36 /* bytes of an encoded word, so that the line with the name stays within 76 (RFC 2047) */
#define CONNECT_MS 10000
#define TOTAL_MS 60000

/* The address in "Name <a@b>" or alone; NULL when it cannot be one. */
static char *
address_of(const char *text)
{
    const char *open = strrchr(text, '<'), *close = open ? strchr(open, '>') : NULL;
    char *address = open && close ? g_strndup(open + 1, (gsize)(close - open - 1)) : g_strdup(text);
    g_strstrip(address);
    bool is_good = strchr(address, '@') && strlen(address) <= 254;
    for (const char *p = text; *p; p++)
        is_good = is_good && (unsigned char)*p >= ' '; /* no line begins in what a person wrote */
    for (const char *p = address; *p; p++)
        is_good = is_good && (unsigned char)*p > ' ' && *p != '<' && *p != '>' && *p != 0x7f;
    if (is_good)
        return address;
    g_free(address);
    return NULL;
}

/* Printable ASCII as it is; anything else as encoded words, so that no line break survives. */
static void
add_header(GString *out, const char *name, const char *value)
{
    bool is_plain = strlen(value) <= 900;
    for (const char *p = value; *p; p++)
        is_plain = is_plain && *p >= ' ' && *p < 0x7f;
    g_string_append_printf(out, "%s: ", name);
    if (is_plain) {
        g_string_append_printf(out, "%s\r\n", value);
        return;
    }
    for (const char *p = value; *p;) {
        const char *end = p;
        while (*end && g_utf8_next_char(end) - p <= WORD)
            end = g_utf8_next_char(end);
        g_autofree char *coded = g_base64_encode((const guchar *)p, (gsize)(end - p));
        g_string_append_printf(out, "=?UTF-8?B?%s?=%s", coded, *end ? "\r\n " : "\r\n");
        p = end;
    }
}

static void
add_from(GString *out, const char *from, const char *address)
{
    const char *open = strrchr(from, '<');
    g_autofree char *name = open ? g_strndup(from, (gsize)(open - from)) : g_strdup("");
    g_strstrip(name);
    if (!*name) {
        add_header(out, "From", address);
        return;
    }
    GString *coded = g_string_new(NULL);
    add_header(coded, "From", name);
    g_string_truncate(coded, coded->len - 2);
    g_string_append_printf(out, "%s <%s>\r\n", coded->str, address);
    g_string_free(coded, TRUE);
}

static void
add_date(GString *out, HibInstant at)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const HibWall wall = hib_wall_at(hib_zone_utc(), at);
    g_string_append_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n",
                           days[wall.weekday - 1], wall.day, months[wall.month - 1], wall.year,
                           wall.hour, wall.minute, wall.second);
}

static void
add_coded(GString *out, const void *data, gsize n)
{
    g_autofree char *coded = g_base64_encode(data, n);
    for (const char *p = coded, *end = coded + strlen(coded); p < end; p += LINE)
        g_string_append_printf(out, "%.*s\r\n", LINE, p);
}

static void
add_words(GString *out, const HibMail *mail)
{
    g_string_append(out, "Content-Type: text/plain; charset=utf-8\r\n"
                         "Content-Transfer-Encoding: base64\r\n\r\n");
    add_coded(out, mail->text, strlen(mail->text));
}

/* The file's name in both forms there are: RFC 2231 for letters beyond ASCII, the ending alone for who does not know it. */
static void
add_file(GString *out, const char *boundary, const HibMailFile *file)
{
    g_autofree char *name = g_uri_escape_string(file->name, NULL, FALSE);
    const char *ending = strrchr(file->name, '.');
    gsize n;
    const void *data = g_bytes_get_data(file->bytes, &n);
    g_string_append_printf(out,
                           "--%s\r\nContent-Type: %s\r\nContent-Disposition: attachment; "
                           "filename=\"report%s\";\r\n filename*=UTF-8''%s\r\n"
                           "Content-Transfer-Encoding: base64\r\n\r\n",
                           boundary, file->type, ending ? ending : "", name);
    add_coded(out, data, n);
}

char *
hib_mail_compose(const HibMailServer *server, const HibMail *mail)
{
    g_autofree char *from = address_of(server->from), *to = address_of(mail->to);
    if (!from || !to)
        return NULL;
    GString *out = g_string_new(NULL);
    add_date(out, mail->at);
    add_from(out, server->from, from);
    add_header(out, "To", to);
    add_header(out, "Subject", mail->subject);
    g_string_append_printf(out, "Message-ID: <%s@%s>\r\n", mail->id, strrchr(from, '@') + 1);
    g_string_append(out, "MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n");
    if (!mail->n_files) {
        add_words(out, mail);
        return g_string_free(out, FALSE);
    }
    g_autofree char *boundary = g_strdup_printf("=_%s", mail->id); /* "_" is in no base64 */
    g_string_append_printf(out, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n",
                           boundary, boundary);
    add_words(out, mail);
    for (size_t i = 0; i < mail->n_files; i++)
        add_file(out, boundary, &mail->files[i]);
    g_string_append_printf(out, "--%s--\r\n", boundary);
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *text;
    size_t left;
} Upload;

static size_t
on_send(char *into, size_t size, size_t n, void *user)
{
    Upload *upload = user;
    size_t most = MIN(size * n, upload->left);
    memcpy(into, upload->text, most);
    upload->text += most;
    upload->left -= most;
    return most;
}

static void
explain(CURLcode code, long status, bool was_sent, GError **error)
{
    const char *text = curl_easy_strerror(code);
    if (code == CURLE_LOGIN_DENIED || (status >= 500 && status < 600))
        hib_error_set(error, HIB_ERROR_INVALID, "mail.refused", "%s (%ld)", text, status);
    else if (was_sent && status < 400)
        hib_error_set(error, HIB_ERROR_UNCERTAIN, "mail.no_answer", "%s", text);
    else
        hib_error_set(error, HIB_ERROR_UPSTREAM, "mail.unreachable", "%s (%ld)", text, status);
}

static void
set_up(CURL *handle, const HibMailServer *server, const char *from, struct curl_slist *to,
       Upload *upload)
{
    curl_easy_setopt(handle, CURLOPT_URL, server->url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
    curl_easy_setopt(handle, CURLOPT_USE_SSL,
                     (long)(server->is_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (server->user && *server->user) {
        curl_easy_setopt(handle, CURLOPT_USERNAME, server->user);
        curl_easy_setopt(handle, CURLOPT_PASSWORD, server->password ? server->password : "");
    }
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, on_send);
    curl_easy_setopt(handle, CURLOPT_READDATA, upload);
}

bool
hib_mail_send(const HibMailServer *server, const HibMail *mail, GError **error)
{
    g_autofree char *message = hib_mail_compose(server, mail);
    if (!message) {
        hib_error_set(error, HIB_ERROR_INVALID, "mail.bad_address", "no address");
        return false;
    }
    g_autofree char *from = address_of(server->from), *to = address_of(mail->to);
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    Upload upload = {.text = message, .left = strlen(message)};
    CURL *handle = curl_easy_init();
    set_up(handle, server, from, recipients, &upload);
    CURLcode code = curl_easy_perform(handle);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK)
        explain(code, status, upload.left == 0, error);
    curl_easy_cleanup(handle);
    curl_slist_free_all(recipients);
    return code == CURLE_OK;
}
