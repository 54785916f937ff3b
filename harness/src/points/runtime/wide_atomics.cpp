// SPDX-License-Identifier: MIT
// The points runtime, atomics of 16 bytes: by compare-and-exchange, which uninstrumented code (libatomic) uses as well,
// so that both can work on the same object (on AArch64 from gcc 14's libatomic on; older ones may lock). gcc asks
// for these; clang does with -mcx16 only, and else calls libatomic, where there is no point. Thread safety: any thread.
// Cost: the operation's, and a load and a branch outside an execution.
#include "points/points.hpp"

using namespace ravel::detail;

namespace {

using word = unsigned __int128;

template <class Change>
word update(volatile word* at, Change change) noexcept {
  word before = 0;
  exchange_if_equal(at, &before, 0);  // reads it
  while (!exchange_if_equal(at, &before, change(before))) {
  }
  return before;
}

}  // namespace

#define RAVEL_EXPORTED [[gnu::visibility("default")]]
#define RAVEL_UPDATE(name, expression)                                                          \
  RAVEL_EXPORTED word __tsan_atomic128_##name(volatile word* at, word value, int) {             \
    access(operation::atomic_update, const_cast<word*>(at), sizeof(word), RAVEL_ACCESS_CALLER); \
    return update(at, [value](word before) {                                                    \
      static_cast<void>(before);                                                                \
      return expression;                                                                        \
    });                                                                                         \
  }
#define RAVEL_EXCHANGE(strength)                                                                                   \
  RAVEL_EXPORTED int __tsan_atomic128_compare_exchange_##strength(volatile word* at, word* expected, word desired, \
                                                                  int, int) {                                      \
    access(operation::atomic_update, const_cast<word*>(at), sizeof(word), RAVEL_ACCESS_CALLER);                    \
    return exchange_if_equal(at, expected, desired);                                                               \
  }

extern "C" {

RAVEL_EXPORTED word __tsan_atomic128_load(const volatile word* at, int) {
  access(operation::atomic_load, const_cast<const word*>(at), sizeof(word), RAVEL_ACCESS_CALLER);
  word there = 0;
  exchange_if_equal(const_cast<volatile word*>(at), &there, 0);
  return there;
}
RAVEL_EXPORTED void __tsan_atomic128_store(volatile word* at, word value, int) {
  access(operation::atomic_store, const_cast<word*>(at), sizeof(word), RAVEL_ACCESS_CALLER);
  update(at, [value](word) { return value; });
}
RAVEL_UPDATE(exchange, value)
RAVEL_UPDATE(fetch_add, before + value)
RAVEL_UPDATE(fetch_sub, before - value)
RAVEL_UPDATE(fetch_and, before& value)
RAVEL_UPDATE(fetch_or, before | value)
RAVEL_UPDATE(fetch_xor, before ^ value)
RAVEL_UPDATE(fetch_nand, ~(before& value))
RAVEL_EXCHANGE(strong)
RAVEL_EXCHANGE(weak)
RAVEL_EXPORTED word __tsan_atomic128_compare_exchange_val(volatile word* at, word expected, word desired, int, int) {
  access(operation::atomic_update, const_cast<word*>(at), sizeof(word), RAVEL_ACCESS_CALLER);
  exchange_if_equal(at, &expected, desired);
  return expected;
}
}
