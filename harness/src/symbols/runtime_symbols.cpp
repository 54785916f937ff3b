// SPDX-License-Identifier: MIT
// Functions and lines for clang's sanitizer runtimes, which ask the program itself before they would start an
// llvm-symbolizer: each process that tells of a finding would start one, which takes it 0.2 to 0.5 s, and an explored
// test has dozens of such processes. Here what one process has learned is known to all that were forked from one with
// it. A process that asks for something new starts an llvm-symbolizer of its own. gcc's runtimes read debug information
// themselves, and do not ask.
// They ask with their own lock held, from wherever a report is made: under control, in a signal handler, with the heap
// in disorder. So: system calls of our own, static memory, no allocation.
#include "base/processor/processor.hpp"
#include "symbolizer_process.hpp"

#include <ravel/symbols.hpp>

#include <cxxabi.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace ravel::detail::runtime_symbols {

namespace {

#ifdef __clang__
constexpr int most_waits = 20;  // a second each, for an answer: a busy machine, large debug information. No clock is
                                // read, which under control would be a point
constexpr int first_descriptor = 800;  // the target's own keep their numbers

// Answers by question, for all processes. An entry is written once, its text before its place.
struct shared_answers {
  static constexpr std::uint32_t capacity = 1u << 13, pool_bytes = 1u << 21;
  struct entry {
    std::atomic<std::uint64_t> question;
    std::atomic<std::uint32_t> text;  // its place in the pool and 1
  };
  entry entries[capacity];
  std::atomic<std::uint32_t> used;
  char pool[pool_bytes];
};
shared_answers* answers = nullptr;
char program[512];

struct partner {
  int to = -1, from = -1;
  long owner = 0;  // process
  bool has_failed = false;
} own;

std::uint64_t number_of(const char* kind, const char* module, std::uint64_t offset) noexcept {
  std::uint64_t hash = 14695981039346656037ull ^ offset;
  for (const char* text : {kind, module})
    for (; *text != '\0'; ++text) hash = (hash ^ static_cast<unsigned char>(*text)) * 1099511628211ull;
  return hash | 1;
}

const char* find(std::uint64_t question) noexcept {
  if (answers == nullptr) return nullptr;
  for (std::uint32_t look = 0; look < 64; ++look) {
    shared_answers::entry& entry = answers->entries[(question + look) % shared_answers::capacity];
    const std::uint64_t there = entry.question.load();
    if (there == 0) return nullptr;
    if (there != question) continue;
    const std::uint32_t text = entry.text.load();  // acquires what is in the pool
    return text == 0 ? nullptr : answers->pool + text - 1;
  }
  return nullptr;
}

void keep(std::uint64_t question, const char* text, std::uint32_t length) noexcept {
  if (answers == nullptr || answers->used.load() + length + 1 > shared_answers::pool_bytes) return;
  const std::uint32_t place = answers->used.fetch_add(length + 1);
  if (place + length + 1 > shared_answers::pool_bytes) return;
  std::memcpy(answers->pool + place, text, length);
  answers->pool[place + length] = '\0';
  for (std::uint32_t look = 0; look < 64; ++look) {
    shared_answers::entry& entry = answers->entries[(question + look) % shared_answers::capacity];
    std::uint64_t there = 0;
    if (!entry.question.compare_exchange_strong(there, question) && there != question) continue;
    entry.text.store(place + 1);
    return;
  }
}

long address(const void* pointer) noexcept { return reinterpret_cast<long>(pointer); }

int moved_up(int descriptor) noexcept {
  const long moved = system_call(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, first_descriptor);
  system_call(SYS_close, descriptor);
  return static_cast<int>(moved);
}

[[noreturn]] void become_symbolizer(int in, int out) noexcept {
  static const char* const arguments[] = {program, "--demangle", "--inlines", nullptr};
  static const char* const environment[] = {"LC_ALL=C", nullptr};
  const long nowhere = system_call(SYS_openat, AT_FDCWD, address("/dev/null"), O_WRONLY);
  system_call(SYS_dup3, in, 0, 0);
  system_call(SYS_dup3, out, 1, 0);
  system_call(SYS_dup3, nowhere, 2, 0);
  // Whatever the target has open is nobody else's: a pipe of its would not end.
  if (system_call(SYS_close_range, 3, ~0u, 0) != 0)
    for (int descriptor = 3; descriptor < 4096; ++descriptor) system_call(SYS_close, descriptor);
  system_call(SYS_execve, address(program), address(arguments), address(environment));
  for (;;) system_call(SYS_exit_group, 127);
}

void give_up() noexcept {
  if (own.to >= 0) system_call(SYS_close, own.to);
  if (own.from >= 0) system_call(SYS_close, own.from);
  own.to = own.from = -1;
  own.has_failed = true;
}

bool is_started() noexcept {
  const long self = system_call(SYS_getpid);
  if (own.owner != self) {  // forked meanwhile: that one is the parent's
    give_up();
    own = {-1, -1, self, false};
  }
  if (own.has_failed || program[0] == '\0') return false;
  if (own.to >= 0) return true;
  int in[2], out[2];
  if (system_call(SYS_pipe2, address(in), O_CLOEXEC) != 0) return false;
  if (system_call(SYS_pipe2, address(out), O_CLOEXEC) != 0) {
    system_call(SYS_close, in[0]);
    system_call(SYS_close, in[1]);
    return false;
  }
  const long child = system_call(SYS_clone, SIGCHLD);
  if (child == 0) become_symbolizer(in[0], out[1]);
  system_call(SYS_close, in[0]);
  system_call(SYS_close, out[1]);
  own.to = moved_up(in[1]);
  own.from = moved_up(out[0]);
  if (child < 0 || own.to < 0 || own.from < 0) give_up();
  return !own.has_failed;
}

// Without a SIGPIPE to the target when nobody reads.
bool is_sent(const char* question, std::uint32_t length) noexcept {
  const std::uint64_t pipe_signal = 1ull << (SIGPIPE - 1);
  std::uint64_t before = 0;
  system_call(SYS_rt_sigprocmask, SIG_BLOCK, address(&pipe_signal), address(&before), sizeof before);
  const long written = system_call(SYS_write, own.to, address(question), length);
  const timespec at_once{};
  if (written == -EPIPE) system_call(SYS_rt_sigtimedwait, address(&pipe_signal), 0, address(&at_once), sizeof before);
  system_call(SYS_rt_sigprocmask, SIG_SETMASK, address(&before), 0, sizeof before);
  return written == static_cast<long>(length);
}

// The length of its answer, which ends with an empty line; 0 for none.
std::uint32_t ask(const char* question, std::uint32_t length, char* answer, std::uint32_t capacity) noexcept {
  if (!is_started()) return 0;
  if (!is_sent(question, length)) return give_up(), 0;
  std::uint32_t count = 0;
  for (int waits = 0; count + 1 < capacity && waits < most_waits;) {
    pollfd one{own.from, POLLIN, 0};
    timespec pause{1, 0};
    const long ready = system_call(SYS_ppoll, address(&one), 1, address(&pause), 0, 8);
    waits += ready > 0 ? 0 : 1;
    if (ready == 0 || ready == -EINTR) continue;
    const long more = system_call(SYS_read, own.from, address(answer + count), capacity - 1 - count);
    if (more == -EINTR) continue;
    if (more <= 0) break;
    count += static_cast<std::uint32_t>(more);
    if (count >= 2 && answer[count - 1] == '\n' && answer[count - 2] == '\n') {
      answer[count] = '\0';
      return count;
    }
  }
  give_up();
  return 0;
}

void add(char* text, std::uint32_t& length, std::uint32_t capacity, const char* more) noexcept {
  for (; *more != '\0' && length + 1 < capacity; ++more) text[length++] = *more;
}

bool answer(const char* kind, const char* module, std::uint64_t offset, char* buffer, int capacity) noexcept {
  if (capacity <= 0) return false;
  const int saved_error = errno;
  const auto room = static_cast<std::uint32_t>(capacity);
  const std::uint64_t number = number_of(kind, module, offset);
  std::uint32_t length = 0;
  if (const char* known = find(number); known != nullptr) {
    length = static_cast<std::uint32_t>(std::strlen(known));
    if (length >= room) return false;
    std::memcpy(buffer, known, length + 1);
  } else {
    static char question[4200], whole[1 << 14];
    constexpr char digits[] = "0123456789abcdef";
    char hex[19] = "0x", *end = hex + 2;
    for (int shift = 60; shift >= 0; shift -= 4) *end++ = digits[offset >> shift & 15];
    *end = '\0';
    std::uint32_t asked = 0;
    for (const char* part : {kind, " \"", module, "\" ", static_cast<const char*>(hex), "\n"})
      add(question, asked, sizeof question, part);
    length = ask(question, asked, whole, sizeof whole);
    if (length != 0) keep(number, whole, length);
    if (length >= room) length = 0;
    std::memcpy(buffer, whole, length);
    buffer[length] = '\0';
  }
  errno = saved_error;
  return length != 0;
}

// external_symbolizer_path of the user's options, as the runtimes would read it; nullptr: nothing is said.
const char* option_of_user() noexcept {
  constexpr char name[] = "external_symbolizer_path=";
  for (const char* variable : {"TSAN_OPTIONS", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"})
    if (const char* options = std::getenv(variable); options != nullptr)
      if (const char* at = std::strstr(options, name); at != nullptr) return at + sizeof name - 1;
  return nullptr;
}

std::string program_to_ask() {
  if (const char* wanted = option_of_user(); wanted != nullptr) {
    const char quote = *wanted == '"' || *wanted == '\'' ? *wanted++ : '\0';
    const std::string path = wanted;
    return path.substr(0, quote != '\0' ? path.find(quote) : path.find_first_of(": ,\n"));
  }
  return find_program({"llvm-symbolizer-" + std::to_string(__clang_major__), "llvm-symbolizer"});
}
#endif

}  // namespace

#ifdef __clang__
namespace {

[[gnu::constructor]] void prepare() noexcept {
  try {
    const std::string path = program_to_ask();
    std::memcpy(program, path.c_str(), std::min(path.size(), sizeof program - 1));
  } catch (...) {
    return;
  }
  const int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE;
  void* memory = mmap(nullptr, sizeof(shared_answers), PROT_READ | PROT_WRITE, flags, -1, 0);
  if (memory != MAP_FAILED) answers = static_cast<shared_answers*>(memory);
}

}  // namespace
#endif

}  // namespace ravel::detail::runtime_symbols

namespace ravel {

bool is_runtime_symbols_descriptor([[maybe_unused]] int descriptor) noexcept {
#ifdef __clang__
  return descriptor >= 0 &&
         (descriptor == detail::runtime_symbols::own.to || descriptor == detail::runtime_symbols::own.from);
#else
  return false;
#endif
}

}  // namespace ravel

#ifdef __clang__
// Names that the runtimes know as weak ones. Hidden: a runtime that is a shared object does not see them.
extern "C" {

bool __sanitizer_symbolize_code(const char* module, std::uint64_t offset, char* buffer, int capacity) {
  return ravel::detail::runtime_symbols::answer("CODE", module, offset, buffer, capacity);
}

bool __sanitizer_symbolize_data(const char* module, std::uint64_t offset, char* buffer, int capacity) {
  return ravel::detail::runtime_symbols::answer("DATA", module, offset, buffer, capacity);
}

void __sanitizer_symbolize_flush() {}
bool __sanitizer_symbolize_set_demangle(bool) { return true; }
bool __sanitizer_symbolize_set_inline_frames(bool) { return true; }

// How many bytes the name takes.
int __sanitizer_symbolize_demangle(const char* name, char* buffer, int capacity) {
  int status = 0;
  char* plain = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  const char* shown = plain != nullptr ? plain : name;
  const std::size_t bytes = std::strlen(shown) + 1;
  if (bytes <= static_cast<std::size_t>(capacity)) std::memcpy(buffer, shown, bytes);
  std::free(plain);
  return static_cast<int>(bytes);
}
}
#endif
