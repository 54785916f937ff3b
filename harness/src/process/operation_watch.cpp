// SPDX-License-Identifier: MIT
// See operation_watch.hpp. The first number in schedstat: nanoseconds that the thread ran (Linux,
// Documentation/scheduler).
#include "operation_watch.hpp"

#include <fstream>
#include <string>

namespace ravel::detail {

bool operation_watch::ran(pid_t thread, std::uint64_t& nanoseconds) const {
  std::ifstream file("/proc/" + std::to_string(process_) + "/task/" + std::to_string(thread) + "/schedstat");
  return static_cast<bool>(file >> nanoseconds);
}

// relaxed: only whether they change
void operation_watch::look(const thread_record* threads, std::uint32_t count) {
  for (std::uint32_t slot = 0; slot < count; ++slot) {
    const thread_record& record = threads[slot];
    seen& last = seen_[slot];
    const std::uint64_t number = record.operations.load(std::memory_order_relaxed);
    if (record.is_alive.load() == 0 || record.operation.load(std::memory_order_relaxed) == nullptr ||
        number != last.number) {
      last = {number, false, 0, 0};
      continue;
    }
    std::uint64_t now = 0;
    if (!ran(record.tid, now)) continue;
    if (!last.has_time) last.ran_ns = now;
    last.has_time = true;
    last.now_ns = now;
  }
}

double operation_watch::seconds_in(const thread_record& thread) const {
  const auto found = seen_.find(thread.slot);
  return found == seen_.end() ? 0 : static_cast<double>(found->second.now_ns - found->second.ran_ns) * 1e-9;
}

}  // namespace ravel::detail
