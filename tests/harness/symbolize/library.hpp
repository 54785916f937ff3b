// SPDX-License-Identifier: MIT
// A shared library to be symbolised. Built twice: as it is, and with TSan (then NAME is instrumented_call).
#pragma once

#ifndef NAME
#define NAME plain_call
#endif
constexpr unsigned line_of_library_call = 9;
[[gnu::visibility("default")]] void NAME(void (*callback)());
