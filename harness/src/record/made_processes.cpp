// SPDX-License-Identifier: MIT
// See made_processes.hpp. No allocation, no interception: it is also called in processes forked from many threads.
#include "made_processes.hpp"

#include "base/numbered_entries.hpp"

#include <ravel/thread_record.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>

namespace ravel::detail {

namespace {

made_processes* table = nullptr;
pid_t table_of = 0;  // what is forked shares it, but for who begins runs of its own

}  // namespace

made_processes* all_made_processes() noexcept { return table; }

void map_made_processes() {
  if (table_of == getpid()) return;
  void* memory = mmap(nullptr, sizeof(made_processes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  table = static_cast<made_processes*>(memory);
  table_of = getpid();
}

bool has_own_made_processes() noexcept { return table != nullptr && table_of == getpid(); }

std::uint64_t start_of_process(pid_t pid) noexcept {
  fixed_text<48> path{};
  path.add("/proc/").add_signed(pid).add("/stat");
  const short_file file(path.c_str());
  const char* at = std::strrchr(file.text, ')');  // the name before may hold anything
  if (at == nullptr || at[1] != ' ' || at[2] == 'Z' || at[2] == 'X') return 0;
  constexpr int before = 20;  // fields between the name and the time it started
  for (int field = 0; field < before && at != nullptr; ++field) at = std::strchr(at + 1, ' ');
  if (at == nullptr) return 0;
  return read_number(++at);
}

void note_made_process(pid_t pid, std::uint64_t trial, const raw_stack& made_at) noexcept {
  if (table == nullptr) return;
  made_process& fresh = table->entries[table->count.fetch_add(1) % made_processes::capacity];
  fresh.pid.store(0);
  fresh.started = start_of_process(pid);
  fresh.trial = trial;
  fresh.made_at = made_at;
  fresh.thread.clear();
  if (const thread_record* record = this_thread()) fresh.thread.add(record->name.c_str());
  fresh.pid.store(pid, std::memory_order_release);
}

}  // namespace ravel::detail
