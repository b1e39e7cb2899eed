/* Shared inside table/ only. */
#pragma once

/* "_x000D_" stands for a character in a sheet; as text its first sign is written so itself. */
char *hib_sheet_escape(const char *text);
