// SPDX-License-Identifier: MIT
// The stdio functions that take a stream's lock: see stream_turn.hpp. Those that read more than one line or item may
// still wait inside libc for the rest; the watchdog sees that. Thread safety: any thread. Cost while no execution is in
// flight: a branch.
#include "stream_turn.hpp"

#include "next.hpp"

#include <cstdarg>
#include <cstddef>
#include <cwchar>

#undef getc
#undef getc_unlocked
#undef putc
#undef getchar
#undef getchar_unlocked
#undef putchar
#undef getwc
#undef getwc_unlocked
#undef getwchar
#undef getwchar_unlocked

RAVEL_NEXT(int, fputs, (const char* text, FILE* stream), (text, stream))
RAVEL_NEXT(int, puts, (const char* text), (text))
RAVEL_NEXT(int, fputc, (int letter, FILE* stream), (letter, stream))
RAVEL_NEXT(int, putc, (int letter, FILE* stream), (letter, stream))
RAVEL_NEXT(int, putchar, (int letter), (letter))
RAVEL_NEXT(std::size_t, fwrite, (const void* from, std::size_t size, std::size_t count, FILE* stream),
           (from, size, count, stream))
RAVEL_NEXT(int, fflush, (FILE * stream), (stream))
RAVEL_NEXT(int, vfprintf, (FILE * stream, const char* format, va_list list), (stream, format, list))
RAVEL_NEXT(int, __vfprintf_chk, (FILE * stream, int flag, const char* format, va_list list),
           (stream, flag, format, list))
RAVEL_NEXT(int, fgetc, (FILE * stream), (stream))
RAVEL_NEXT(int, getc, (FILE * stream), (stream))
RAVEL_NEXT(int, getchar, (), ())
RAVEL_NEXT(char*, fgets, (char* to, int size, FILE* stream), (to, size, stream))
RAVEL_NEXT(std::size_t, fread, (void* to, std::size_t size, std::size_t count, FILE* stream), (to, size, count, stream))
RAVEL_NEXT(ssize_t, getline, (char** line, std::size_t* size, FILE* stream), (line, size, stream))
RAVEL_NEXT(ssize_t, getdelim, (char** line, std::size_t* size, int delimiter, FILE* stream),
           (line, size, delimiter, stream))
RAVEL_NEXT(ssize_t, __getdelim, (char** line, std::size_t* size, int delimiter, FILE* stream),
           (line, size, delimiter, stream))
RAVEL_NEXT(char*, __fgets_chk, (char* to, std::size_t room, int size, FILE* stream), (to, room, size, stream))
RAVEL_NEXT(std::size_t, __fread_chk, (void* to, std::size_t room, std::size_t size, std::size_t count, FILE* stream),
           (to, room, size, count, stream))
RAVEL_NEXT(char*, fgets_unlocked, (char* to, int size, FILE* stream), (to, size, stream))
RAVEL_NEXT(std::size_t, fread_unlocked, (void* to, std::size_t size, std::size_t count, FILE* stream),
           (to, size, count, stream))
RAVEL_NEXT(int, __uflow, (FILE * stream), (stream))
RAVEL_NEXT(int, getc_unlocked, (FILE * stream), (stream))
RAVEL_NEXT(int, fgetc_unlocked, (FILE * stream), (stream))
RAVEL_NEXT(int, getchar_unlocked, (), ())
RAVEL_NEXT(int, getw, (FILE * stream), (stream))
RAVEL_NEXT(wint_t, fgetwc, (FILE * stream), (stream))
RAVEL_NEXT(wint_t, getwc, (FILE * stream), (stream))
RAVEL_NEXT(wint_t, getwchar, (), ())
RAVEL_NEXT(wint_t, fgetwc_unlocked, (FILE * stream), (stream))
RAVEL_NEXT(wint_t, getwc_unlocked, (FILE * stream), (stream))
RAVEL_NEXT(wint_t, getwchar_unlocked, (), ())
RAVEL_NEXT(wchar_t*, fgetws, (wchar_t * to, int size, FILE* stream), (to, size, stream))
RAVEL_NEXT(wchar_t*, fgetws_unlocked, (wchar_t * to, int size, FILE* stream), (to, size, stream))
RAVEL_NEXT(wchar_t*, __fgetws_chk, (wchar_t * to, std::size_t room, int size, FILE* stream), (to, room, size, stream))
RAVEL_NEXT(int, vfscanf, (FILE * stream, const char* format, va_list list), (stream, format, list))
RAVEL_NEXT(int, __isoc99_vfscanf, (FILE * stream, const char* format, va_list list), (stream, format, list))
#if __GLIBC_PREREQ(2, 38)  // asking for a function that is not there allocates, which memcheck calls a leak
RAVEL_NEXT(int, __isoc23_vfscanf, (FILE * stream, const char* format, va_list list), (stream, format, list))
#endif
RAVEL_NEXT(int, ungetc, (int letter, FILE* stream), (letter, stream))

using namespace ravel::detail;

#define RAVEL_WRITES(result, name, parameters, arguments, stream) \
  RAVEL_INTERCEPT(result, name, parameters) {                     \
    const stream_turn turn(stream, RAVEL_CALLER);                 \
    return next_##name arguments;                                 \
  }
#define RAVEL_READS(result, name, parameters, arguments, stream)  \
  RAVEL_INTERCEPT(result, name, parameters) {                     \
    const auto turn = stream_turn::to_read(stream, RAVEL_CALLER); \
    return next_##name arguments;                                 \
  }

RAVEL_WRITES(int, fputs, (const char* text, FILE* stream), (text, stream), stream)
RAVEL_WRITES(int, puts, (const char* text), (text), stdout)
RAVEL_WRITES(int, fputc, (int letter, FILE* stream), (letter, stream), stream)
RAVEL_WRITES(int, putc, (int letter, FILE* stream), (letter, stream), stream)
RAVEL_WRITES(int, putchar, (int letter), (letter), stdout)
RAVEL_WRITES(std::size_t, fwrite, (const void* from, std::size_t size, std::size_t count, FILE* stream),
             (from, size, count, stream), stream)
RAVEL_WRITES(int, fflush, (FILE * stream), (stream), stream)
RAVEL_WRITES(int, vfprintf, (FILE * stream, const char* format, va_list list), (stream, format, list), stream)
RAVEL_WRITES(int, __vfprintf_chk, (FILE * stream, int flag, const char* format, va_list list),
             (stream, flag, format, list), stream)
RAVEL_WRITES(int, ungetc, (int letter, FILE* stream), (letter, stream), stream)
RAVEL_READS(int, fgetc, (FILE * stream), (stream), stream)
RAVEL_READS(int, getc, (FILE * stream), (stream), stream)
RAVEL_READS(int, getchar, (), (), stdin)
RAVEL_READS(char*, fgets, (char* to, int size, FILE* stream), (to, size, stream), stream)
RAVEL_READS(std::size_t, fread, (void* to, std::size_t size, std::size_t count, FILE* stream),
            (to, size, count, stream), stream)
RAVEL_READS(ssize_t, getline, (char** line, std::size_t* size, FILE* stream), (line, size, stream), stream)
RAVEL_READS(ssize_t, getdelim, (char** line, std::size_t* size, int delimiter, FILE* stream),
            (line, size, delimiter, stream), stream)

// What the headers' inline functions and fortified calls become. __uflow is what getc_unlocked is on an empty buffer in
// optimised code; without optimisation it is called itself, and takes a point only then, too.
#define RAVEL_READS_UNLOCKED(result, name, parameters, arguments, stream) \
  RAVEL_INTERCEPT(result, name, parameters) {                             \
    if (has_unread(*stream)) return next_##name arguments;                \
    const auto turn = stream_turn::to_read(stream, RAVEL_CALLER);         \
    return next_##name arguments;                                         \
  }
RAVEL_READS(ssize_t, __getdelim, (char** line, std::size_t* size, int delimiter, FILE* stream),
            (line, size, delimiter, stream), stream)
RAVEL_READS(char*, __fgets_chk, (char* to, std::size_t room, int size, FILE* stream), (to, room, size, stream), stream)
RAVEL_READS(std::size_t, __fread_chk, (void* to, std::size_t room, std::size_t size, std::size_t count, FILE* stream),
            (to, room, size, count, stream), stream)
RAVEL_READS(char*, fgets_unlocked, (char* to, int size, FILE* stream), (to, size, stream), stream)
RAVEL_READS(std::size_t, fread_unlocked, (void* to, std::size_t size, std::size_t count, FILE* stream),
            (to, size, count, stream), stream)
RAVEL_READS(int, __uflow, (FILE * stream), (stream), stream)
RAVEL_READS_UNLOCKED(int, getc_unlocked, (FILE * stream), (stream), stream)
RAVEL_READS_UNLOCKED(int, fgetc_unlocked, (FILE * stream), (stream), stream)
RAVEL_READS_UNLOCKED(int, getchar_unlocked, (), (), stdin)
RAVEL_READS(int, getw, (FILE * stream), (stream), stream)
RAVEL_READS(wint_t, fgetwc, (FILE * stream), (stream), stream)
RAVEL_READS(wint_t, getwc, (FILE * stream), (stream), stream)
RAVEL_READS(wint_t, getwchar, (), (), stdin)
RAVEL_READS_UNLOCKED(wint_t, fgetwc_unlocked, (FILE * stream), (stream), stream)
RAVEL_READS_UNLOCKED(wint_t, getwc_unlocked, (FILE * stream), (stream), stream)
RAVEL_READS_UNLOCKED(wint_t, getwchar_unlocked, (), (), stdin)
RAVEL_READS(wchar_t*, fgetws, (wchar_t * to, int size, FILE* stream), (to, size, stream), stream)
RAVEL_READS(wchar_t*, fgetws_unlocked, (wchar_t * to, int size, FILE* stream), (to, size, stream), stream)
RAVEL_READS(wchar_t*, __fgetws_chk, (wchar_t * to, std::size_t room, int size, FILE* stream), (to, room, size, stream),
            stream)

RAVEL_INTERCEPT(int, vprintf, (const char* format, va_list list)) {
  const stream_turn turn(stdout, RAVEL_CALLER);
  return next_vfprintf(stdout, format, list);
}

// The variadic ones, by way of those that take a list. Nothing here can throw or jump out between start and end.
#define RAVEL_WITH_LIST(last, call) \
  va_list list;                     \
  va_start(list, last);             \
  const int result = call;          \
  va_end(list);                     \
  return result

RAVEL_INTERCEPT(int, printf, (const char* format, ...)) {
  const stream_turn turn(stdout, RAVEL_CALLER);
  RAVEL_WITH_LIST(format, next_vfprintf(stdout, format, list));
}
RAVEL_INTERCEPT(int, fprintf, (FILE * stream, const char* format, ...)) {
  const stream_turn turn(stream, RAVEL_CALLER);
  RAVEL_WITH_LIST(format, next_vfprintf(stream, format, list));
}
RAVEL_INTERCEPT(int, __printf_chk, (int flag, const char* format, ...)) {
  const stream_turn turn(stdout, RAVEL_CALLER);
  RAVEL_WITH_LIST(format, next___vfprintf_chk(stdout, flag, format, list));
}
RAVEL_INTERCEPT(int, __fprintf_chk, (FILE * stream, int flag, const char* format, ...)) {
  const stream_turn turn(stream, RAVEL_CALLER);
  RAVEL_WITH_LIST(format, next___vfprintf_chk(stream, flag, format, list));
}

#define RAVEL_SCANS(prefix)                                                                  \
  RAVEL_INTERCEPT(int, prefix##vfscanf, (FILE * stream, const char* format, va_list list)) { \
    const auto turn = stream_turn::to_read(stream, RAVEL_CALLER);                            \
    return next_##prefix##vfscanf(stream, format, list);                                     \
  }                                                                                          \
  RAVEL_INTERCEPT(int, prefix##vscanf, (const char* format, va_list list)) {                 \
    const auto turn = stream_turn::to_read(stdin, RAVEL_CALLER);                             \
    return next_##prefix##vfscanf(stdin, format, list);                                      \
  }                                                                                          \
  RAVEL_INTERCEPT(int, prefix##fscanf, (FILE * stream, const char* format, ...)) {           \
    const auto turn = stream_turn::to_read(stream, RAVEL_CALLER);                            \
    RAVEL_WITH_LIST(format, next_##prefix##vfscanf(stream, format, list));                   \
  }                                                                                          \
  RAVEL_INTERCEPT(int, prefix##scanf, (const char* format, ...)) {                           \
    const auto turn = stream_turn::to_read(stdin, RAVEL_CALLER);                             \
    RAVEL_WITH_LIST(format, next_##prefix##vfscanf(stdin, format, list));                    \
  }
RAVEL_SCANS()
RAVEL_SCANS(__isoc99_)
#if __GLIBC_PREREQ(2, 38)
RAVEL_SCANS(__isoc23_)
#endif
