// SPDX-License-Identifier: MIT
// Makes what INFO, CAPTURE, FAIL and failing assertions share in Catch2 usable from several threads: a pool of string
// streams without a lock, and a counter of messages. The linker wraps the functions that touch them (wraps.cmake);
// outside a body they do what they always did.
// A body's stream is a fresh one each time, not one of a locked pool: handing streams from thread to thread would
// either order the threads, which hides races, or look like a race to TSan. Cost: one allocation a message.
// Where Catch2 2.13 uses its pool inside a function of its own, that function as a whole runs under a spin lock that
// the race detectors do not see; no user code runs in it, but describe() of a matcher.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_message.hpp>
#include <catch2/internal/catch_reusable_string_stream.hpp>
#define RAVEL_CATCH2_MAJOR 3
#else
#include <catch2/catch.hpp>
#define RAVEL_CATCH2_MAJOR 2
#endif

#include "record/batch_process.hpp"

#include <ravel/observer.hpp>

#include <sched.h>

#include <atomic>
#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>

namespace {

using Catch::ReusableStringStream;

// Explicit instantiation may name private members: the way to the stream without a copy of Catch2's layout.
template <auto Stream, auto Index>
struct members_of_stream {
  friend std::ostream*& stream_of(ReusableStringStream& object) { return object.*Stream; }
  friend std::size_t& index_of(ReusableStringStream& object) { return object.*Index; }
};
std::ostream*& stream_of(ReusableStringStream& object);
std::size_t& index_of(ReusableStringStream& object);
template struct members_of_stream<&ReusableStringStream::m_oss, &ReusableStringStream::m_index>;

constexpr std::size_t not_of_the_pool = ~std::size_t{0};

std::atomic<std::uint32_t> is_locked{0};
thread_local unsigned depth = 0;

// Recursive; a raw spin lock, so that TSan sees no edge between the threads that fail at the same time.
class pool_lock {
 public:
  pool_lock() noexcept {
    if (depth++ != 0) return;
    while (is_locked.exchange(1, std::memory_order_acquire) != 0) sched_yield();
  }
  ~pool_lock() {
    if (--depth == 0) is_locked.store(0, std::memory_order_release);
  }
  pool_lock(const pool_lock&) = delete;
  pool_lock& operator=(const pool_lock&) = delete;

 private:
  ravel::hidden_from_tools hidden_;
};

}  // namespace

#define RAVEL_STREAM "_ZN5Catch20ReusableStringStream"
void real_construct(ReusableStringStream*) asm("__real_" RAVEL_STREAM "C1Ev");
void real_destroy(ReusableStringStream*) asm("__real_" RAVEL_STREAM "D1Ev");

namespace {

// What an object looks like that Catch2 made: ours are copies of it with a stream of their own.
struct prototype {
  alignas(ReusableStringStream) unsigned char bytes[sizeof(ReusableStringStream)];
  prototype() { real_construct(reinterpret_cast<ReusableStringStream*>(bytes)); }
};
// Made at start-up: a guarded static made by the first thread that needs it would order the others after that one.
const prototype model;

void construct(ReusableStringStream* object) {
  if (!ravel::detail::is_in_batch()) return real_construct(object);
  ravel::copy_bytes(object, model.bytes, sizeof model.bytes);
  index_of(*object) = not_of_the_pool;
  stream_of(*object) = new std::ostringstream;
}

void destroy(ReusableStringStream* object) {
  if (index_of(*object) != not_of_the_pool) {
    const pool_lock lock;
    return real_destroy(object);
  }
  delete static_cast<std::ostringstream*>(stream_of(*object));
}

}  // namespace

extern "C" {
__attribute__((used, visibility("default"))) int ravel_catch2_string_streams = 1;
}

void wrap_c1(ReusableStringStream*) asm("__wrap_" RAVEL_STREAM "C1Ev");
void wrap_c2(ReusableStringStream*) asm("__wrap_" RAVEL_STREAM "C2Ev");
void wrap_d1(ReusableStringStream*) asm("__wrap_" RAVEL_STREAM "D1Ev");
void wrap_d2(ReusableStringStream*) asm("__wrap_" RAVEL_STREAM "D2Ev");
void wrap_c1(ReusableStringStream* object) { construct(object); }
void wrap_c2(ReusableStringStream* object) { construct(object); }
void wrap_d1(ReusableStringStream* object) { destroy(object); }
void wrap_d2(ReusableStringStream* object) { destroy(object); }

#if RAVEL_CATCH2_MAJOR == 3

// Counts messages in a plain global; equal numbers on two threads do no harm.
#define RAVEL_MESSAGE "_ZN5Catch11MessageInfo"
#define RAVEL_MESSAGE_ARGUMENTS "ENS_9StringRefERKNS_14SourceLineInfoENS_9ResultWas6OfTypeE"
using make_message = void(void*, Catch::StringRef, const Catch::SourceLineInfo&, Catch::ResultWas::OfType);
make_message real_message asm("__real_" RAVEL_MESSAGE "C1" RAVEL_MESSAGE_ARGUMENTS);
make_message message_c1 asm("__wrap_" RAVEL_MESSAGE "C1" RAVEL_MESSAGE_ARGUMENTS);
make_message message_c2 asm("__wrap_" RAVEL_MESSAGE "C2" RAVEL_MESSAGE_ARGUMENTS);
void message_c1(void* object, Catch::StringRef macro, const Catch::SourceLineInfo& place,
                Catch::ResultWas::OfType type) {
  const ravel::hidden_from_tools hidden;
  real_message(object, macro, place, type);
}
void message_c2(void* object, Catch::StringRef macro, const Catch::SourceLineInfo& place,
                Catch::ResultWas::OfType type) {
  message_c1(object, macro, place, type);
}

#else

#define RAVEL_MESSAGE "_ZN5Catch14MessageBuilder"
#define RAVEL_MESSAGE_ARGUMENTS "ERKNS_9StringRefERKNS_14SourceLineInfoENS_9ResultWas6OfTypeE"
using make_message = void(Catch::MessageBuilder*, const Catch::StringRef&, const Catch::SourceLineInfo&,
                          Catch::ResultWas::OfType);
make_message real_message asm("__real_" RAVEL_MESSAGE "C1" RAVEL_MESSAGE_ARGUMENTS);
make_message message_c1 asm("__wrap_" RAVEL_MESSAGE "C1" RAVEL_MESSAGE_ARGUMENTS);
make_message message_c2 asm("__wrap_" RAVEL_MESSAGE "C2" RAVEL_MESSAGE_ARGUMENTS);
void message_c1(Catch::MessageBuilder* object, const Catch::StringRef& macro, const Catch::SourceLineInfo& place,
                Catch::ResultWas::OfType type) {
  const pool_lock lock;
  real_message(object, macro, place, type);
  if (!ravel::detail::is_in_batch()) return;
  real_destroy(&object->m_stream);
  construct(&object->m_stream);
}
void message_c2(Catch::MessageBuilder* object, const Catch::StringRef& macro, const Catch::SourceLineInfo& place,
                Catch::ResultWas::OfType type) {
  message_c1(object, macro, place, type);
}

#define RAVEL_CAPTURER "_ZN5Catch8Capturer"
#define RAVEL_CAPTURER_ARGUMENTS "ENS_9StringRefERKNS_14SourceLineInfoENS_9ResultWas6OfTypeES1_"
using make_capturer = void(void*, Catch::StringRef, const Catch::SourceLineInfo&, Catch::ResultWas::OfType,
                           Catch::StringRef);
make_capturer real_capturer asm("__real_" RAVEL_CAPTURER "C1" RAVEL_CAPTURER_ARGUMENTS);
make_capturer capturer_c1 asm("__wrap_" RAVEL_CAPTURER "C1" RAVEL_CAPTURER_ARGUMENTS);
make_capturer capturer_c2 asm("__wrap_" RAVEL_CAPTURER "C2" RAVEL_CAPTURER_ARGUMENTS);
void capturer_c1(void* object, Catch::StringRef macro, const Catch::SourceLineInfo& place,
                 Catch::ResultWas::OfType type, Catch::StringRef names) {
  const pool_lock lock;
  real_capturer(object, macro, place, type, names);
}
void capturer_c2(void* object, Catch::StringRef macro, const Catch::SourceLineInfo& place,
                 Catch::ResultWas::OfType type, Catch::StringRef names) {
  capturer_c1(object, macro, place, type, names);
}

// Text of a value: std::string function(argument), its symbol mangled.
#define RAVEL_WRAP_TEXT(name, symbol, ...)                    \
  std::string real_##name(__VA_ARGS__) asm("__real_" symbol); \
  std::string wrap_##name(__VA_ARGS__) asm("__wrap_" symbol); \
  std::string wrap_##name(__VA_ARGS__ value) {                \
    const pool_lock lock;                                     \
    return real_##name(value);                                \
  }
#define RAVEL_WRAP_NUMBER(name, letter, type) \
  RAVEL_WRAP_TEXT(name, "_ZN5Catch11StringMakerI" letter "vE7convertB5cxx11E" letter, type)

RAVEL_WRAP_NUMBER(signed_char, "a", signed char)
RAVEL_WRAP_NUMBER(boolean, "b", bool)
RAVEL_WRAP_NUMBER(character, "c", char)
RAVEL_WRAP_NUMBER(double_precision, "d", double)
RAVEL_WRAP_NUMBER(single_precision, "f", float)
RAVEL_WRAP_NUMBER(unsigned_char, "h", unsigned char)
RAVEL_WRAP_NUMBER(integer, "i", int)
RAVEL_WRAP_NUMBER(unsigned_integer, "j", unsigned)
RAVEL_WRAP_NUMBER(long_integer, "l", long)
RAVEL_WRAP_NUMBER(unsigned_long, "m", unsigned long)
RAVEL_WRAP_NUMBER(long_long, "x", long long)
RAVEL_WRAP_NUMBER(unsigned_long_long, "y", unsigned long long)
RAVEL_WRAP_TEXT(approx, "_ZN5Catch11StringMakerINS_6Detail6ApproxEvE7convertB5cxx11ERKS2_",
                const Catch::Detail::Approx&)
RAVEL_WRAP_TEXT(byte, "_ZN5Catch11StringMakerISt4bytevE7convertB5cxx11ES1_", std::byte)
RAVEL_WRAP_TEXT(matcher, "_ZNK5Catch8Matchers4Impl18MatcherUntypedBase8toStringB5cxx11Ev",
                const Catch::Matchers::Impl::MatcherUntypedBase*)

std::string real_raw_memory(const void*, std::size_t) asm("__real__ZN5Catch6Detail17rawMemoryToStringB5cxx11EPKvm");
std::string wrap_raw_memory(const void*, std::size_t) asm("__wrap__ZN5Catch6Detail17rawMemoryToStringB5cxx11EPKvm");
std::string wrap_raw_memory(const void* object, std::size_t size) {
  const pool_lock lock;
  return real_raw_memory(object, size);
}

#endif
