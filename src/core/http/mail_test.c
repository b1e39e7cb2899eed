/* E-mail: what is composed, and what a small SMTP server on loopback makes of it, good and bad. */
#include "base/error.h"
#include "http/mail.h"
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const HibMail mail = {.id = "01890f0a-0000-7000-8000-000000000001",
                             .to = "hanako@example.jp",
                             .subject = "承認をお願いします:新しい豆が届きました、ぜひご覧ください",
                             .text = "本文です。\n.\n二行目",
                             .at = 1767225600 * HIB_SECOND};

static void
a_message_is_composed(void)
{
    const HibMailServer server = {.from = "響 <hibiki@example.com>"};
    g_autofree char *text = hib_mail_compose(&server, &mail);
    g_assert_nonnull(strstr(text, "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"));
    g_assert_nonnull(strstr(text, "From: =?UTF-8?B?6Z+/?= <hibiki@example.com>\r\n"));
    g_assert_nonnull(strstr(text, "To: hanako@example.jp\r\n"));
    g_assert_nonnull(strstr(text, "Subject: =?UTF-8?B?"));
    g_assert_nonnull(strstr(text, "@example.com>\r\n"));
    g_autofree char *coded = g_base64_encode((const guchar *)mail.text, strlen(mail.text));
    g_assert_nonnull(strstr(text, coded));
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    for (size_t i = 0; lines[i]; i++)
        g_assert_cmpuint(strlen(lines[i]), <=, 78);
}

static void
no_text_begins_a_header_of_its_own(void)
{
    const HibMailServer server = {.from = "hibiki@example.com"};
    HibMail evil = mail;
    evil.subject = "Hi\r\nBcc: all@example.com";
    g_autofree char *text = hib_mail_compose(&server, &evil);
    g_assert_null(strstr(text, "Bcc:"));
    static const char *const bad[] = {"a@b\r\nRCPT TO:<c@d>", "no address", "", "a b@c",
                                      "a@b>,<c@d"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        evil.to = bad[i];
        g_assert_null(hib_mail_compose(&server, &evil));
        g_autoptr(GError) error = NULL;
        g_assert_false(hib_mail_send(&server, &evil, &error));
        g_assert_cmpstr(hib_error_reason(error), ==, "mail.bad_address");
    }
}

/* --- a server of one conversation ------------------------------------------------------------------------------ */
typedef struct {
    int listener, port;
    const char *to_rcpt, *to_data_end; /* what it answers */
    bool hangs_up;                     /* instead of answering the message's end */
    GString *heard;
    GThread *thread;
} Server;

static void
say(int fd, const char *text)
{
    g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize)strlen(text));
}

/* One line; false at the end. */
static bool
hear(int fd, GString *line)
{
    char c;
    g_string_truncate(line, 0);
    while (read(fd, &c, 1) == 1) {
        g_string_append_c(line, c);
        if (c == '\n')
            return true;
    }
    return false;
}

static gpointer
serve(gpointer data)
{
    Server *server = data;
    int fd = accept(server->listener, NULL, NULL);
    g_autoptr(GString) line = g_string_new(NULL);
    bool is_data = false;
    say(fd, "220 test\r\n");
    while (hear(fd, line)) {
        g_string_append(server->heard, line->str);
        if (is_data && g_str_equal(line->str, ".\r\n")) {
            if (server->hangs_up)
                break;
            is_data = false;
            say(fd, server->to_data_end);
        } else if (is_data) {
            continue;
        } else if (g_str_has_prefix(line->str, "EHLO")) {
            say(fd, "250-test\r\n250 8BITMIME\r\n");
        } else if (g_str_has_prefix(line->str, "RCPT")) {
            say(fd, server->to_rcpt);
        } else if (g_str_has_prefix(line->str, "DATA")) {
            is_data = true;
            say(fd, "354 go\r\n");
        } else if (g_str_has_prefix(line->str, "QUIT")) {
            say(fd, "221 bye\r\n");
            break;
        } else {
            say(fd, "250 ok\r\n");
        }
    }
    close(fd);
    return NULL;
}

static void
start(Server *server)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(server->listener, (struct sockaddr *)&at, n), ==, 0);
    g_assert_cmpint(listen(server->listener, 1), ==, 0);
    g_assert_cmpint(getsockname(server->listener, (struct sockaddr *)&at, &n), ==, 0);
    server->port = ntohs(at.sin_port);
    server->heard = g_string_new(NULL);
    server->thread = g_thread_new("smtp", serve, server);
}

static const char *
send_to(Server *server, bool is_plain)
{
    GError *error = NULL;
    start(server);
    g_autofree char *url = g_strdup_printf("smtp://127.0.0.1:%d", server->port);
    const HibMailServer out = {.url = url, .from = "hibiki@example.com", .is_plain = is_plain};
    bool ok = hib_mail_send(&out, &mail, &error);
    const char *reason = ok ? "sent" : g_intern_string(hib_error_reason(error));
    g_clear_error(&error);
    g_thread_join(server->thread);
    close(server->listener);
    return reason;
}

static void
it_is_sent_or_told_why_not(void)
{
    Server good = {.to_rcpt = "250 ok\r\n", .to_data_end = "250 queued\r\n"};
    g_assert_cmpstr(send_to(&good, true), ==, "sent");
    g_assert_nonnull(strstr(good.heard->str, "MAIL FROM:<hibiki@example.com>"));
    g_assert_nonnull(strstr(good.heard->str, "RCPT TO:<hanako@example.jp>"));
    g_assert_nonnull(strstr(good.heard->str, "Message-ID: <01890f0a-"));
    g_string_free(good.heard, TRUE);
    const struct {
        Server server;
        const char *reason;
    } cases[] = {
        {{.to_rcpt = "550 no such user\r\n", .to_data_end = ""}, "mail.refused"},
        {{.to_rcpt = "451 later\r\n", .to_data_end = ""}, "mail.unreachable"},
        {{.to_rcpt = "250 ok\r\n", .to_data_end = "554 spam\r\n"}, "mail.refused"},
        {{.to_rcpt = "250 ok\r\n", .to_data_end = "", .hangs_up = true}, "mail.no_answer"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Server server = cases[i].server;
        g_assert_cmpstr(send_to(&server, true), ==, cases[i].reason);
        g_string_free(server.heard, TRUE);
    }
}

/* A server that offers no encryption gets nothing, neither the message nor the password. */
static void
without_encryption_nothing_is_sent(void)
{
    Server server = {.to_rcpt = "250 ok\r\n", .to_data_end = "250 queued\r\n"};
    g_assert_cmpstr(send_to(&server, false), ==, "mail.unreachable");
    g_assert_null(strstr(server.heard->str, "MAIL FROM"));
    g_string_free(server.heard, TRUE);
    const HibMailServer nowhere = {
        .url = "smtp://127.0.0.1:1", .from = "a@b.example", .is_plain = true};
    g_autoptr(GError) error = NULL;
    g_assert_false(hib_mail_send(&nowhere, &mail, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "mail.unreachable");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/mail/a_message_is_composed", a_message_is_composed);
    g_test_add_func("/http/mail/no_text_begins_a_header_of_its_own",
                    no_text_begins_a_header_of_its_own);
    g_test_add_func("/http/mail/it_is_sent_or_told_why_not", it_is_sent_or_told_why_not);
    g_test_add_func("/http/mail/without_encryption_nothing_is_sent",
                    without_encryption_nothing_is_sent);
    return g_test_run();
}
