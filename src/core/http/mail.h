/* Sending one e-mail: SMTP by libcurl, one blocking call on the caller's thread. Plain text in UTF-8; what goes into a header cannot begin another one.
 *
 * Encrypted unless the server's row says otherwise (smtps://, or STARTTLS which is then demanded, never only tried). */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *url;             /* "smtps://mail.example.com", "smtp://mail.example.com:587" */
    const char *user, *password; /* "": none */
    const char *from;            /* "Hibiki <hibiki@example.com>" or the address alone */
    bool is_plain;               /* without encryption: for a server on the same machine */
} HibMailServer;

typedef struct {
    const char *name, *type;
    GBytes *bytes;
} HibMailFile;
typedef struct {
    const char *id; /* makes the Message-ID: the same mail sent twice is one to many readers */
    const char *to, *subject, *text;
    HibInstant at;
    const HibMailFile *files; /* come with it */
    size_t n_files;
} HibMail;

/* INVALID mail.bad_address (never sent), mail.refused (the server's 5xx, or wrong user and password: no use in repeating); UPSTREAM mail.unreachable (not taken: may be repeated). UNCERTAIN mail.no_answer: may have
 * been taken. */
bool hib_mail_send(const HibMailServer *server, const HibMail *mail, GError **error);
/* The message as it is sent; for tests. NULL: an address or header that cannot be. */
char *hib_mail_compose(const HibMailServer *server, const HibMail *mail);
