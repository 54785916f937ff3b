// SPDX-License-Identifier: MIT
// Heap bytes in use: the sanitizer's count where one is linked, else glibc's. Bytes that are still reachable,
// such as entries of a cache, are no leak to LeakSanitizer; here their growth shows.
// In somebody else's process the host's own memory grows beside (a fuzzer's corpus): there it is not known.
// Runs on the body's thread between rounds. Cost: some microseconds an arena.
#include "census_area.hpp"

#include <malloc.h>

extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

namespace ravel::checks::detail {

heap_count heap_in_use(const run_view& run) noexcept {
  if (run.is_hosted()) return {false, false, 0};
  if (__sanitizer_get_current_allocated_bytes != nullptr)
    return {true, true, __sanitizer_get_current_allocated_bytes()};
  if (run.is_under_valgrind()) return {false, false, 0};  // its allocator answers no such question
#if defined(__GLIBC__) && (__GLIBC__ > 2 || (__GLIBC__ == 2 && __GLIBC_MINOR__ >= 33))
  const struct mallinfo2 info = mallinfo2();
  return {true, false, info.uordblks + info.hblkhd};
#else
  return {false, false, 0};
#endif
}

void report_heap(const growth& growth, bool is_exact, raw_finding*& record) noexcept {
  if (record == nullptr) {
    record = open_finding(finding_kind::growth, 0x68656170ull);
    if (record == nullptr) return;
    record->check.add("census");
    record->add_note();
  }
  record->is_informative = false;
  record->what.clear();
  record->what.add("of the heap by ").add_number(growth.per_1000_trials() / 1000).add(" bytes with each round: ");
  record->what.add_number(growth.first_value)
      .add(" bytes in use after round ")
      .add_number(growth.first_trial)
      .add(", ");
  record->what.add_number(growth.last_value).add(" after round ").add_number(growth.last_trial);
  record->note[0].clear();
  record->note[0].add(
      "what is kept for reuse reaches a plateau; this does not flatten. The memory may be reachable "
      "still, so that no leak detector reports it");
  if (!is_exact) record->note[0].add("; the stress.address lane counts more exactly");
  publish(record);
}

}  // namespace ravel::checks::detail
