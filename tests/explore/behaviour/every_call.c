/* SPDX-License-Identifier: MIT */
/* The calls of every_call.inc, from C. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "every_call.inc"

const char* every_call_from_c(void) { return call_every_one(); }
