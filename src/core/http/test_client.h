/* For tests: a bare socket, so that a request goes out byte for byte as written. */
#pragma once
#include <glib.h>
#include <stdbool.h>

int hib_test_connect(int port);
void hib_test_send(int fd, const char *text);
/* One whole reply (head and, by Content-Length, body; "" when the connection ended first). `is_head`: no body follows. Freed by
 * the caller. Fails the test after ten seconds. */
char *hib_test_receive(int fd, bool is_head);
char *hib_test_drain(int fd); /* all until the end; freed by the caller */
/* True when the peer closes within ten seconds without sending more. */
bool hib_test_is_closed(int fd);
/* Connect, send, receive one reply, close. */
char *hib_test_ask(int port, const char *text);
int hib_test_status(const char *reply); /* 0 when there is none */
/* Value of a header, "" when absent; freed by the caller. */
char *hib_test_header(const char *reply, const char *name);
const char *hib_test_body(const char *reply);
