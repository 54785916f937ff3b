// SPDX-License-Identifier: MIT
// TSan's kinds of report in Ravel's words. The descriptions are those of __tsan_get_report_data.
#include "tsan_report.hpp"

#include "records/same_text.hpp"

namespace ravel::checks::sanitizers {

namespace {

constexpr tsan_kind kinds[] = {
    {"data-race", finding_kind::race, nullptr, nullptr},
    {"external-race", finding_kind::race, nullptr, nullptr},
    {"data-race-vptr", finding_kind::race, "on an object's pointer to its virtual functions",
     "an object is being built or destroyed while another thread calls one of its virtual functions"},
    {"heap-use-after-free", finding_kind::race, "between an access and the freeing of its memory",
     "the access came after the free this time, and nothing orders the two"},
    {"heap-use-after-free-vptr", finding_kind::race, "between a virtual call and the freeing of its object",
     "the call came after the free this time, and nothing orders the two"},
    {"locked-mutex-destroy", finding_kind::lock_misuse, "a mutex was destroyed while it was locked", nullptr},
    {"mutex-double-lock", finding_kind::lock_misuse, "a mutex was locked twice by one thread", nullptr},
    {"mutex-invalid-access", finding_kind::lock_misuse, "a mutex was used before it was made or after it was destroyed",
     nullptr},
    {"mutex-bad-unlock", finding_kind::lock_misuse, "a mutex was unlocked by a thread that did not hold it", nullptr},
    {"mutex-bad-read-lock", finding_kind::lock_misuse, "a lock was read-locked by a thread that holds it for writing",
     nullptr},
    {"mutex-bad-read-unlock", finding_kind::lock_misuse, "a lock held for writing was unlocked as if held for reading",
     nullptr},
    {"lock-order-inversion", finding_kind::lock_order, "two locks are taken in opposite orders",
     "this is ThreadSanitizer's judgement: it does not know of locks that guard both orders; Ravel's own lock_order check does"},
    {"thread-leak", finding_kind::thread_unclaimed, "a thread was neither joined nor detached", nullptr},
    {"signal-unsafe-call", finding_kind::undefined_behaviour,
     "a signal handler called a function that is not async-signal-safe", nullptr},
    {"errno-in-signal-handler", finding_kind::undefined_behaviour, "a signal handler changed errno",
     "save errno at the start of the handler and put it back at the end"},
};
constexpr tsan_kind unknown{"", finding_kind::tool_error, "reported by ThreadSanitizer", nullptr};

}  // namespace

const tsan_kind& tsan_kind_of(const char* description) noexcept {
  for (const tsan_kind& one : kinds)
    if (description != nullptr && is_same(one.description, description)) return one;
  return unknown;
}

}  // namespace ravel::checks::sanitizers
