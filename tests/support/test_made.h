/* For media/'s tests: files made by make_media, and what came out looked at by the child itself. */
#pragma once
#include "base/error.h"
#include "media/media_private.h"
#include "test_workspace.h"

/* The bytes of a new file; `words` are make_media's, apart by blanks. */
GBytes *hib_test_made(HibTestWorkspace *ws, const char *name, const char *words);
/* The file itself, in the workspace's folder; freed by the caller. */
char *hib_test_made_file(HibTestWorkspace *ws, const char *name, const char *words);
/* What the child sees in a blob. Fails the test when it is none of `type`. */
HibWorkReply hib_test_look_at(HibTestWorkspace *ws, const char *sha256, const char *type);
/* Is the picture (of a blob: JPEG, or a video's first frame) red at that place, 0..1 of width and height? */
bool hib_test_is_red(HibTestWorkspace *ws, const char *sha256, double x, double y);
/* A new file, uploaded as a person's would be and looked at; the id of the media. */
const char *hib_test_made_media(HibDb *db, const HibServices *services, const char *directory,
                                const char *name, const char *words);
