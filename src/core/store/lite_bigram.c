/* Bigrams of a text, for both databases, and as a tokeniser of FTS5.
 *
 * The one idea: a run of characters without blanks gives each two neighbours, a lonely character gives itself; so what is asked, cut in the same
 * way, is found as a phrase. A picture character (emoji) is a token of its own besides: 😡 alone can be asked. */
#include "store/lite_bigram.h"
#include <glib.h>
#include <stdlib.h>
#include <string.h>

static bool
is_picture(gunichar c)
{
    return c >= 0x1f000 || (c >= 0x2600 && c <= 0x27bf);
}

static size_t
character(const char *text, size_t n, gunichar *ret)
{
    const gunichar c = g_utf8_get_char_validated(text, (gssize)n);
    const bool is_valid = c != (gunichar)-1 && c != (gunichar)-2;
    *ret = is_valid ? c : (unsigned char)*text;
    return is_valid ? (size_t)(g_utf8_next_char(text) - text) : 1;
}

static bool
is_gap(gunichar c)
{
    return c <= ' ' || c == 0x3000 || (c >= 0x80 && !g_unichar_isgraph(c));
}

static size_t
name_length(const char *text, size_t n)
{
    const char *end = n > 1 ? memchr(text + 1, HIB_BIGRAM_NAME, n - 1) : NULL;
    return end ? (size_t)(end - text) + 1 : 1;
}

bool
hib_bigrams(const char *text, size_t n, HibBigramTold told, void *data)
{
    size_t at = 0, n_last = 0; /* bytes of the character before in this run; 0: it begins here */
    bool is_paired = true;     /* the one before is in a token already */
    gunichar last = 0;
    while (at <= n) {
        gunichar c = ' ';
        size_t n_here = at < n ? character(text + at, n - at, &c) : 1;
        const bool is_end = at == n || is_gap(c);
        const char *before = text + at - n_last;
        if (n_last && is_end && !is_paired && !told(data, before, n_last, at - n_last, false))
            return false;
        if (n_last && !is_end && !told(data, before, n_last + n_here, at - n_last, false))
            return false;
        if (n_last && is_picture(last) && (is_paired || !is_end) &&
            !told(data, before, n_last, at - n_last, true))
            return false;
        if (at < n && c == HIB_BIGRAM_NAME) {
            n_here = name_length(text + at, n - at);
            if (!told(data, text + at, n_here, at, false))
                return false;
        }
        is_paired = n_last && !is_end;
        n_last = is_end ? 0 : n_here;
        last = c;
        at += n_here;
    }
    return true;
}

/* --- FTS5 ----------------------------------------------------------------------------------------------------------- */
typedef struct {
    void *context;
    int (*token)(void *, int, const char *, int, int, int);
    bool is_question;
    int code;
} Told;

static bool
tell(void *data, const char *token, size_t n, size_t at, bool is_beside)
{
    Told *told = data;
    if (is_beside && told->is_question) /* it would be one of two to choose from */
        return true;
    told->code = told->token(told->context, is_beside ? FTS5_TOKEN_COLOCATED : 0, token, (int)n,
                             (int)at, (int)(at + n));
    return told->code == SQLITE_OK;
}

static int
make(void *context G_GNUC_UNUSED, const char **args G_GNUC_UNUSED, int n_args G_GNUC_UNUSED,
     Fts5Tokenizer **ret)
{
    static char one; /* it has no state, but NULL means that there is none */
    *ret = (Fts5Tokenizer *)&one;
    return SQLITE_OK;
}

static void
drop(Fts5Tokenizer *tokenizer G_GNUC_UNUSED)
{
}

static int
tokenize(Fts5Tokenizer *tokenizer G_GNUC_UNUSED, void *context, int flags, const char *text, int n,
         int (*token)(void *, int, const char *, int, int, int))
{
    Told told = {context, token, (flags & FTS5_TOKENIZE_QUERY) != 0, SQLITE_OK};
    hib_bigrams(text, n > 0 ? (size_t)n : 0, tell, &told);
    return told.code;
}

bool
hib_lite_bigram_register(sqlite3 *db)
{
    static fts5_tokenizer bigram = {make, drop, tokenize};
    sqlite3_stmt *ask = NULL;
    fts5_api *api = NULL;
    if (sqlite3_prepare_v2(db, "select fts5(?1)", -1, &ask, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(ask, 1, (void *)&api, "fts5_api_ptr", NULL);
        sqlite3_step(ask);
    }
    sqlite3_finalize(ask);
    return api && api->xCreateTokenizer(api, "hib_bigram", NULL, &bigram, NULL) == SQLITE_OK;
}
