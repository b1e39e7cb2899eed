/* Inside practice/ only: answers that come later, on a thread of its own that only sleeps. */
#pragma once
#include <microhttpd.h>
#include <stdint.h>

struct FaceLate *hib_face_late_new(void);
void hib_face_late_add(struct FaceLate *late, struct MHD_Connection *connection, int64_t ms);
void hib_face_late_free(struct FaceLate *late); /* wakes all that wait */
