// SPDX-License-Identifier: MIT
// See thread_names.hpp.
#include "thread_names.hpp"

#include "records/same_text.hpp"
#include "runtime.hpp"

#include <ravel/observer.hpp>

#include <cstdlib>

namespace ravel::checks::sanitizers {

namespace {

constexpr std::uint32_t most_threads = 512;
detail::known_names names[most_threads];  // by ASan's number; in this process

thread_local std::int64_t own_number = -1;

std::int64_t number_of_this_thread() noexcept {
  if (own_number >= 0) return own_number;
  // volatile: or the compiler would leave out an allocation that nothing uses
  void* volatile block = std::malloc(1);
  void* stack[1];
  int number = -1;
  if (block != nullptr) __asan_get_alloc_stack(block, stack, 1, &number);
  std::free(block);
  own_number = number;
  return number;
}

}  // namespace

const char* own_name() noexcept {
  const thread_record* record = this_thread();
  return record == nullptr || record->name.empty() ? "a thread" : record->name.c_str();
}

const char* name_of_kernel_thread(unsigned long tid) noexcept {
  run_view* run = current_run();
  if (run == nullptr || tid == 0) return nullptr;
  const thread_record* found = nullptr;
  for (std::uint32_t slot = 0; slot < run->thread_count(); ++slot) {
    const thread_record& record = run->threads()[slot];
    if (static_cast<unsigned long>(record.tid) != tid || record.name.empty()) continue;
    // A thread that is over keeps its record until the slot is used again.
    const bool is_better =
        found == nullptr || (found->is_alive.load() == 0 && record.is_alive.load() != 0) ||
        (found->is_alive.load() == record.is_alive.load() && found->born_in_trial < record.born_in_trial);
    if (is_better) found = &record;
  }
  return found == nullptr ? nullptr : found->name.c_str();
}

void remember_name(const thread_record& record) noexcept {
  if (__asan_get_alloc_stack == nullptr) return;
  const std::int64_t number = number_of_this_thread();
  if (number < 0 || number >= most_threads || record.name.empty()) return;
  detail::known_names& known = names[number];
  const char* name = record.name.c_str();
  if (known.first.empty())
    known.first.add(name);
  else if (is_same(known.first.c_str(), name))
    return;
  else if (known.second.empty())
    known.second.add(name);
  else if (!is_same(known.second.c_str(), name))
    known.has_more = true;
}

void forget_names() noexcept {
  for (detail::known_names& one : names) {
    one.first.clear();
    one.second.clear();
    one.has_more = false;
  }
  own_number = -1;
}

const detail::known_names* detail::names_of_asan_thread(std::uint32_t number) noexcept {
  return number < most_threads ? &names[number] : nullptr;
}

}  // namespace ravel::checks::sanitizers
