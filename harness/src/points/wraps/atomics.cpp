// SPDX-License-Identifier: MIT
// See accesses.cpp: the same for atomics.
#include "points/points.hpp"

using namespace ravel::detail;

namespace {

using word_8 = std::uint8_t;
using word_16 = std::uint16_t;
using word_32 = std::uint32_t;
using word_64 = std::uint64_t;
using word_128 = unsigned __int128;

}  // namespace

#define RAVEL_EXPORTED [[gnu::visibility("default")]]
#define RAVEL_UPDATE(bits, name)                                                                              \
  word_##bits __real___tsan_atomic##bits##_##name(volatile word_##bits* at, word_##bits value, int order);    \
  RAVEL_EXPORTED word_##bits __wrap___tsan_atomic##bits##_##name(volatile word_##bits* at, word_##bits value, \
                                                                 int order) {                                 \
    access(operation::atomic_update, const_cast<word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);            \
    return __real___tsan_atomic##bits##_##name(at, value, order);                                             \
  }
#define RAVEL_EXCHANGE(bits, strength)                                                                          \
  int __real___tsan_atomic##bits##_compare_exchange_##strength(volatile word_##bits* at, word_##bits* expected, \
                                                               word_##bits desired, int order, int failing);    \
  RAVEL_EXPORTED int __wrap___tsan_atomic##bits##_compare_exchange_##strength(                                  \
      volatile word_##bits* at, word_##bits* expected, word_##bits desired, int order, int failing) {           \
    access(operation::atomic_update, const_cast<word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);              \
    return __real___tsan_atomic##bits##_compare_exchange_##strength(at, expected, desired, order, failing);     \
  }
#define RAVEL_ATOMICS(bits)                                                                                        \
  word_##bits __real___tsan_atomic##bits##_load(const volatile word_##bits* at, int order);                        \
  RAVEL_EXPORTED word_##bits __wrap___tsan_atomic##bits##_load(const volatile word_##bits* at, int order) {        \
    access(operation::atomic_load, const_cast<const word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);             \
    return __real___tsan_atomic##bits##_load(at, order);                                                           \
  }                                                                                                                \
  void __real___tsan_atomic##bits##_store(volatile word_##bits* at, word_##bits value, int order);                 \
  RAVEL_EXPORTED void __wrap___tsan_atomic##bits##_store(volatile word_##bits* at, word_##bits value, int order) { \
    access(operation::atomic_store, const_cast<word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);                  \
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
    access(operation::atomic_update, const_cast<word_##bits*>(at), bits / 8, RAVEL_ACCESS_CALLER);                 \
    return __real___tsan_atomic##bits##_compare_exchange_val(at, expected, desired, order, failing);               \
  }

extern "C" {
RAVEL_ATOMICS(8)
RAVEL_ATOMICS(16)
RAVEL_ATOMICS(32)
RAVEL_ATOMICS(64)
RAVEL_ATOMICS(128)
}
