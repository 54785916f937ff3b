/* SPDX-License-Identifier: MIT */
/* COMPILED_FOR: 1 if the including file is compiled for TSan, 2 for ASan, else 0. */
#ifndef COMPILED_AS_H
#define COMPILED_AS_H
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define COMPILED_FOR 1
#elif __has_feature(address_sanitizer)
#define COMPILED_FOR 2
#endif
#endif
#ifndef COMPILED_FOR
#if defined(__SANITIZE_THREAD__)
#define COMPILED_FOR 1
#elif defined(__SANITIZE_ADDRESS__)
#define COMPILED_FOR 2
#else
#define COMPILED_FOR 0
#endif
#endif
#endif
