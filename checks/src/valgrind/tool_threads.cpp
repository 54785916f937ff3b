// SPDX-License-Identifier: MIT
// See tool_threads.hpp.
#include "tool_threads.hpp"

#include "records/same_text.hpp"
#include "requests.hpp"

#include <ravel/fixed_text.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <vector>

namespace ravel::checks::valgrind {

namespace {

constexpr std::uint32_t most_threads = 1024;

struct noted_thread {
  std::atomic<std::int32_t> tid;  // 0: free
  std::uint32_t drd_number;
  fixed_text<48> name;
  site declared_at;
  bool has_several_names;
  bool is_created_by_target;
};
noted_thread noted[most_threads];

noted_thread* slot_of(std::int32_t tid) noexcept {
  for (noted_thread& one : noted) {
    std::int32_t seen = one.tid.load();
    if (seen == 0 && one.tid.compare_exchange_strong(seen, tid)) return &one;
    if (seen == tid) return &one;
  }
  return nullptr;
}

// A thread that Ravel does not know would shift the ranks.
bool are_all_known() {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task", error)) {
    const auto tid = std::atoi(entry.path().filename().c_str());
    if (std::none_of(std::begin(noted), std::end(noted),
                     [&](const noted_thread& one) { return one.tid.load() == tid; }))
      return false;
  }
  return !error;
}

const noted_thread* by_drd_number(std::uint32_t number) {
  for (const noted_thread& one : noted)
    if (one.tid.load() != 0 && one.drd_number == number) return &one;
  return nullptr;
}

const noted_thread* by_rank(std::uint32_t number, bool is_reused) {
  if (number == 0 || !are_all_known()) return nullptr;
  std::vector<const noted_thread*> all;
  for (const noted_thread& one : noted) {
    if (one.tid.load() != 0) all.push_back(&one);
    if (is_reused && one.is_created_by_target) return nullptr;
  }
  std::ranges::sort(all, {}, [](const noted_thread* one) { return one->tid.load(); });
  return number <= all.size() ? all[number - 1] : nullptr;
}

}  // namespace

void note_thread(const thread_record& record) noexcept {
  noted_thread* one = slot_of(record.tid);
  if (one == nullptr) return;
  if (one->name.empty()) {
    one->name.add(record.name.c_str());
    one->declared_at = record.declared_at;
    one->is_created_by_target = record.kind == thread_kind::created;
    one->drd_number = own_drd_number();
  } else if (!is_same(one->name.c_str(), record.name.c_str())) {
    one->has_several_names = true;
  }
}

void forget_threads() noexcept {
  for (noted_thread& one : noted) {
    one.tid.store(0);
    one.name.clear();
    one.declared_at = {};
    one.has_several_names = one.is_created_by_target = false;
    one.drd_number = 0;
  }
}

tool_thread thread_by_number(std::uint32_t number, const std::string& tool) {
  const noted_thread* found = nullptr;
  if (tool == "drd") {
    found = by_drd_number(number);
  } else if (number == 1) {
    return {"main", {}};
  } else {
    // Memcheck gives a number out again when its thread has ended; Helgrind never does.
    found = by_rank(number, tool == "memcheck");
  }
  if (found == nullptr || found->has_several_names || found->name.empty()) return {"a thread", {}};
  return {found->name.c_str(), found->declared_at};
}

}  // namespace ravel::checks::valgrind
