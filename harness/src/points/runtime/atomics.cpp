// SPDX-License-Identifier: MIT
// The points runtime, atomics: a point, then the operation itself, sequentially consistent whatever order was asked
// for: one thread runs at a time, so weaker orders cannot show.
// Thread safety: any thread. Cost: the operation's, and a load and a branch outside an execution.
#include "points/points.hpp"

using namespace ravel::detail;

namespace {

using word_8 = std::uint8_t;
using word_16 = std::uint16_t;
using word_32 = std::uint32_t;
using word_64 = std::uint64_t;

}  // namespace

#define RAVEL_EXPORTED [[gnu::visibility("default")]]
#define RAVEL_UPDATE(bits, name, builtin)                                                                     \
  RAVEL_EXPORTED word_##bits __tsan_atomic##bits##_##name(volatile word_##bits* at, word_##bits value, int) { \
    access(operation::atomic_update, const_cast<word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);            \
    return builtin(at, value, __ATOMIC_SEQ_CST);                                                              \
  }
// Both compare_exchange forms: the weak one never fails without reason here.
#define RAVEL_EXCHANGE(bits, strength)                                                                    \
  RAVEL_EXPORTED int __tsan_atomic##bits##_compare_exchange_##strength(                                   \
      volatile word_##bits* at, word_##bits* expected, word_##bits desired, int, int) {                   \
    access(operation::atomic_update, const_cast<word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);        \
    return __atomic_compare_exchange_n(at, expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
  }
#define RAVEL_ATOMICS(bits)                                                                            \
  RAVEL_EXPORTED word_##bits __tsan_atomic##bits##_load(const volatile word_##bits* at, int) {         \
    access(operation::atomic_load, const_cast<const word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER); \
    return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                                      \
  }                                                                                                    \
  RAVEL_EXPORTED void __tsan_atomic##bits##_store(volatile word_##bits* at, word_##bits value, int) {  \
    access(operation::atomic_store, const_cast<word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);      \
    __atomic_store_n(at, value, __ATOMIC_SEQ_CST);                                                     \
  }                                                                                                    \
  RAVEL_UPDATE(bits, exchange, __atomic_exchange_n)                                                    \
  RAVEL_UPDATE(bits, fetch_add, __atomic_fetch_add)                                                    \
  RAVEL_UPDATE(bits, fetch_sub, __atomic_fetch_sub)                                                    \
  RAVEL_UPDATE(bits, fetch_and, __atomic_fetch_and)                                                    \
  RAVEL_UPDATE(bits, fetch_or, __atomic_fetch_or)                                                      \
  RAVEL_UPDATE(bits, fetch_xor, __atomic_fetch_xor)                                                    \
  RAVEL_UPDATE(bits, fetch_nand, __atomic_fetch_nand)                                                  \
  RAVEL_EXCHANGE(bits, strong)                                                                         \
  RAVEL_EXCHANGE(bits, weak)                                                                           \
  RAVEL_EXPORTED word_##bits __tsan_atomic##bits##_compare_exchange_val(                               \
      volatile word_##bits* at, word_##bits expected, word_##bits desired, int, int) {                 \
    access(operation::atomic_update, const_cast<word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);     \
    __atomic_compare_exchange_n(at, &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);    \
    return expected;                                                                                   \
  }

extern "C" {

RAVEL_ATOMICS(8)
RAVEL_ATOMICS(16)
RAVEL_ATOMICS(32)
RAVEL_ATOMICS(64)

RAVEL_EXPORTED void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
RAVEL_EXPORTED void __tsan_atomic_signal_fence(int) {}
}

// Other files, compiled together with this one, have theirs.
#undef RAVEL_UPDATE
#undef RAVEL_EXCHANGE
#undef RAVEL_ATOMICS
