// SPDX-License-Identifier: MIT
// See accesses.cpp: the same for atomics.
#include "fences.hpp"

#include "intercept/lock_events.hpp"
#include "points/points.hpp"

using namespace ravel::detail;

namespace {

using word_8 = std::uint8_t;
using word_16 = std::uint16_t;
using word_32 = std::uint32_t;
using word_64 = std::uint64_t;
using word_128 = unsigned __int128;

template <class Word>
[[gnu::always_inline]] inline Word* plain(volatile Word* at) noexcept {
  return const_cast<Word*>(at);
}

// Where fences are in use, what the order of a load or update leaves to them. The runtime is called from here then, and
// the target's place is told to it as a frame.
template <class Word, class Load>
[[gnu::noinline]] Word load_before_fence(const volatile Word* at, std::uintptr_t pc, Load load) noexcept {
  const tool_frame frame(pc);
  const Word value = load();
  loaded_unordered(at);
  return value;
}

template <class Word, class Update>
[[gnu::noinline]] Word update_with_fences(volatile Word* at, int order, std::uintptr_t pc, Update update) noexcept {
  const tool_frame frame(pc);
  if (!has_release(order)) publish_at_fence(at);
  const Word before = update();
  if (!has_acquire(order)) loaded_unordered(at);
  return before;
}

// exchange: returns whether it succeeded. Beside free-running threads the clock has to be there before the value is; an
// attempt that fails has then published for nothing.
template <class Word, class Exchange>
[[gnu::noinline]] bool exchange_with_fences(volatile Word* at, int order, int failing, std::uintptr_t pc,
                                            Exchange exchange) noexcept {
  const tool_frame frame(pc);
  const bool publishes = !has_release(order), is_alone = in_control() != nullptr;
  if (publishes && !is_alone) publish_at_fence(at);
  const bool is_exchanged = exchange();
  if (is_exchanged && publishes && is_alone) publish_at_fence(at);
  if (!has_acquire(is_exchanged ? order : failing)) loaded_unordered(at);
  return is_exchanged;
}

// True when the access must take the slow way. Else a load's address is noted, for a first fence that may come.
[[gnu::always_inline]] inline bool leaves_to_fences(int order, const volatile void* at) noexcept {
  if (are_fences_in_use()) return !has_acquire(order) || !has_release(order);
  if (!has_acquire(order)) loads_before_fences.note(at);
  return false;
}

}  // namespace

#define RAVEL_EXPORTED [[gnu::visibility("default")]]
#define RAVEL_UPDATE(bits, name)                                                                              \
  word_##bits __real___tsan_atomic##bits##_##name(volatile word_##bits* at, word_##bits value, int order);    \
  RAVEL_EXPORTED word_##bits __wrap___tsan_atomic##bits##_##name(volatile word_##bits* at, word_##bits value, \
                                                                 int order) {                                 \
    access(operation::atomic_update, plain(at), bits / 8, RAVEL_ACCESS_CALLER);                               \
    if (leaves_to_fences(order, at)) [[unlikely]]                                                             \
      return update_with_fences(at, order, RAVEL_ACCESS_CALLER,                                               \
                                [=] { return __real___tsan_atomic##bits##_##name(at, value, order); });       \
    return __real___tsan_atomic##bits##_##name(at, value, order);                                             \
  }
#define RAVEL_EXCHANGE(bits, strength)                                                                               \
  int __real___tsan_atomic##bits##_compare_exchange_##strength(volatile word_##bits* at, word_##bits* expected,      \
                                                               word_##bits desired, int order, int failing);         \
  RAVEL_EXPORTED int __wrap___tsan_atomic##bits##_compare_exchange_##strength(                                       \
      volatile word_##bits* at, word_##bits* expected, word_##bits desired, int order, int failing) {                \
    access(operation::atomic_update, plain(at), bits / 8, RAVEL_ACCESS_CALLER);                                      \
    if (leaves_to_fences(order, at)) [[unlikely]]                                                                    \
      return exchange_with_fences(at, order, failing, RAVEL_ACCESS_CALLER, [=] {                                     \
        return __real___tsan_atomic##bits##_compare_exchange_##strength(at, expected, desired, order, failing) != 0; \
      });                                                                                                            \
    return __real___tsan_atomic##bits##_compare_exchange_##strength(at, expected, desired, order, failing);          \
  }
#define RAVEL_ATOMICS(bits)                                                                                        \
  word_##bits __real___tsan_atomic##bits##_load(const volatile word_##bits* at, int order);                        \
  RAVEL_EXPORTED word_##bits __wrap___tsan_atomic##bits##_load(const volatile word_##bits* at, int order) {        \
    access(operation::atomic_load, const_cast<const word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);             \
    if (!has_acquire(order)) {                                                                                     \
      if (are_fences_in_use()) [[unlikely]]                                                                        \
        return load_before_fence(at, RAVEL_ACCESS_CALLER,                                                          \
                                 [=] { return __real___tsan_atomic##bits##_load(at, order); });                    \
      loads_before_fences.note(at);                                                                                \
    }                                                                                                              \
    return __real___tsan_atomic##bits##_load(at, order);                                                           \
  }                                                                                                                \
  void __real___tsan_atomic##bits##_store(volatile word_##bits* at, word_##bits value, int order);                 \
  RAVEL_EXPORTED void __wrap___tsan_atomic##bits##_store(volatile word_##bits* at, word_##bits value, int order) { \
    access(operation::atomic_store, plain(at), bits / 8, RAVEL_ACCESS_CALLER);                                     \
    if (are_fences_in_use() && !has_release(order)) [[unlikely]]                                                   \
      publish_at_fence(at);                                                                                        \
    __real___tsan_atomic##bits##_store(at, value, order);                                                          \
  }                                                                                                                \
  RAVEL_UPDATE(bits, exchange)                                                                                     \
  RAVEL_UPDATE(bits, fetch_add)                                                                                    \
  RAVEL_UPDATE(bits, fetch_sub)                                                                                    \
  RAVEL_UPDATE(bits, fetch_and)                                                                                    \
  RAVEL_UPDATE(bits, fetch_or)                                                                                     \
  RAVEL_UPDATE(bits, fetch_xor)                                                                                    \
  RAVEL_UPDATE(bits, fetch_nand)                                                                                   \
  RAVEL_EXCHANGE(bits, strong)                                                                                     \
  RAVEL_EXCHANGE(bits, weak)                                                                                       \
  word_##bits __real___tsan_atomic##bits##_compare_exchange_val(volatile word_##bits* at, word_##bits expected,    \
                                                                word_##bits desired, int order, int failing);      \
  RAVEL_EXPORTED word_##bits __wrap___tsan_atomic##bits##_compare_exchange_val(                                    \
      volatile word_##bits* at, word_##bits expected, word_##bits desired, int order, int failing) {               \
    access(operation::atomic_update, plain(at), bits / 8, RAVEL_ACCESS_CALLER);                                    \
    if (!leaves_to_fences(order, at)) [[likely]]                                                                   \
      return __real___tsan_atomic##bits##_compare_exchange_val(at, expected, desired, order, failing);             \
    word_##bits before = 0;                                                                                        \
    exchange_with_fences(at, order, failing, RAVEL_ACCESS_CALLER, [&] {                                            \
      before = __real___tsan_atomic##bits##_compare_exchange_val(at, expected, desired, order, failing);           \
      return before == expected;                                                                                   \
    });                                                                                                            \
    return before;                                                                                                 \
  }

extern "C" {
RAVEL_ATOMICS(8)
RAVEL_ATOMICS(16)
RAVEL_ATOMICS(32)
RAVEL_ATOMICS(64)
RAVEL_ATOMICS(128)
}
