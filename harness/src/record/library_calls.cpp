// SPDX-License-Identifier: MIT
// See library_calls.hpp. A thread that is over leaves what it called to all others that are; who takes its record over
// starts afresh.
#include "library_calls.hpp"

#include "meeting.hpp"
#include "modules.hpp"
#include "uninstrumented.hpp"

#include <link.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

namespace ravel::detail {

unseen_module_table unseen_modules;
calls_of_thread calls_of_others;
constinit thread_local calls_of_thread* own_calls [[gnu::tls_model("initial-exec")]] = &calls_of_others;
bool are_calls_counted = false, are_accesses_noted = false;

namespace {

calls_of_thread calls_of[thread_table::capacity];  // by slot; pages that nobody uses are never there
std::int32_t kernel_id_of[thread_table::capacity];
std::uint32_t slots_seen = 0;

void add_unseen(const dl_phdr_info& info) noexcept {
  unseen_module_table& table = unseen_modules;
  for (int i = 0; i < info.dlpi_phnum && table.count != most_unseen_modules; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    const std::uintptr_t begin = info.dlpi_addr + segment.p_vaddr, end = begin + segment.p_memsz;
    bool is_known = false;
    for (std::uint32_t k = 0; k < table.count; ++k) is_known = is_known || table.entries[k].begin == begin;
    if (is_known) continue;
    unseen_module& added = table.entries[table.count];
    added.begin = begin;
    added.end = end;
    const char* slash = std::strrchr(info.dlpi_name, '/');
    std::strncpy(added.name, slash == nullptr ? info.dlpi_name : slash + 1, sizeof added.name - 1);
    std::strncpy(added.path, info.dlpi_name, sizeof added.path - 1);
    ++table.count;
  }
}

std::uint32_t note_place(const void* address) noexcept {
  const auto bits = reinterpret_cast<std::uintptr_t>(address);
  return static_cast<std::uint32_t>((bits ^ bits >> 9) % access_notes::size);
}

// relaxed loads and stores throughout: each is a count that a moment's delay does no harm
std::uint64_t seen(const std::uint64_t& value) noexcept { return __atomic_load_n(&value, __ATOMIC_RELAXED); }

const calls_of_thread* calls_of_kernel_thread(unsigned long kernel_id) noexcept {
  for (std::uint32_t slot = 0; slot < slots_seen; ++slot)
    if (static_cast<unsigned long>(kernel_id_of[slot]) == kernel_id) return &calls_of[slot];
  return nullptr;
}

// How many calls the thread had made when it last accessed the address in conflict with what is done now.
constexpr std::uint64_t unknown = ~std::uint64_t{0};
std::uint64_t calls_at(const calls_of_thread& thread, const void* address, bool now_writes) noexcept {
  if (thread.notes == nullptr) return unknown;
  const std::uint32_t place = note_place(address);
  std::uint64_t latest = 0;
  bool is_noted = false;
  for (const access_note* notes : {thread.notes->writes, thread.notes->reads}) {
    if (notes == thread.notes->reads && !now_writes) break;
    if (notes[place].address != address) continue;
    latest = std::max(latest, seen(notes[place].calls));
    is_noted = true;
  }
  return is_noted ? latest : unknown;
}

// The modules that a call into this one may get to, itself included.
std::uint32_t reached_from(std::uint32_t module) noexcept {
  std::uint32_t reached = 1u << module;
  for (std::uint32_t before = 0; before != reached;) {
    before = reached;
    for (std::uint32_t i = 0; i < unseen_modules.count; ++i)
      if ((reached >> i & 1) != 0) reached |= unseen_modules.entries[i].callees;
  }
  return reached;
}

// What is to be named for modules that both threads came to: those of the entered ones that lead there, or themselves.
std::uint32_t names_for(std::uint32_t met, std::uint32_t entered) noexcept {
  std::uint32_t names = 0;
  for (std::uint32_t module = 0; module < unseen_modules.count; ++module)
    if ((entered >> module & 1) != 0 && (reached_from(module) & met) != 0) names |= 1u << module;
  return names != 0 ? names : met;
}

}  // namespace

bool find_unseen_modules() noexcept {
  static std::uint64_t noted = 0;
  const std::uint64_t present = module_loads();
  if (noted == present) return false;
  noted = present;
  for_each_uninstrumented("thread", [](const dl_phdr_info& info) { add_unseen(info); });
  return true;
}

void note_accesses() noexcept {
  if (are_accesses_noted) return;
  // 16 KiB a thread that runs; the others' are never there.
  void* memory = mmap(nullptr, sizeof(access_notes) * thread_table::capacity, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return;
  for (std::uint32_t slot = 0; slot < thread_table::capacity; ++slot)
    calls_of[slot].notes = static_cast<access_notes*>(memory) + slot;
  are_accesses_noted = true;
}

void note_access_now(const void* address, std::uint32_t bytes, bool is_write, std::uintptr_t pc) noexcept {
  if (meetings_looked_for != nullptr) [[unlikely]]
    meet(address, bytes, is_write, pc);
  calls_of_thread& own = *own_calls;
  if (own.notes == nullptr) return;
  access_note& note = (is_write ? own.notes->writes : own.notes->reads)[note_place(address)];
  note = {address, own.count};
}

void adopt_calls(const thread_record* record) noexcept {
  if (record == nullptr || !are_calls_counted) {
    own_calls = &calls_of_others;
    return;
  }
  calls_of_thread& own = calls_of[record->slot];
  if (kernel_id_of[record->slot] != record->tid) {
    for (int module = 0; module < most_unseen_modules; ++module) {
      if (own.last[module] != 0) calls_of_others.last[module] = 1;
      if (own.direct[module] != 0) calls_of_others.direct[module] = 1;
      own.last[module] = own.direct[module] = 0;
    }
    kernel_id_of[record->slot] = record->tid;
  }
  std::uint32_t used = __atomic_load_n(&slots_seen, __ATOMIC_RELAXED);
  while (used < record->slot + 1 &&
         !__atomic_compare_exchange_n(&slots_seen, &used, record->slot + 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
  own_calls = &own;
}

void forget_calls() noexcept {
  if (!are_calls_counted) return;
  const auto forget = [](calls_of_thread& thread) {
    for (std::uint32_t module = 0; module < unseen_modules.count; ++module) {
      __atomic_store_n(&thread.last[module], 0, __ATOMIC_RELAXED);
      __atomic_store_n(&thread.direct[module], 0, __ATOMIC_RELAXED);
    }
  };
  for (std::uint32_t slot = 0; slot < slots_seen; ++slot) forget(calls_of[slot]);
  forget(calls_of_others);
}

}  // namespace ravel::detail

namespace ravel {

int unseen_module_at(std::uintptr_t pc) noexcept {
  const detail::unseen_module_table& table = detail::unseen_modules;
  for (std::uint32_t i = 0; i < table.count; ++i)
    if (pc >= table.entries[i].begin && pc < table.entries[i].end) return static_cast<int>(i);
  return -1;
}

const char* unseen_module_name(int module) noexcept {
  return module < 0 || module >= static_cast<int>(detail::unseen_modules.count)
             ? ""
             : detail::unseen_modules.entries[module].name;
}

std::uint32_t unseen_between(const earlier_access& earlier, bool now_writes) noexcept {
  using namespace detail;
  if (!are_calls_counted) return 0;
  const calls_of_thread* other = calls_of_kernel_thread(earlier.kernel_id);
  const std::uint64_t since = other == nullptr ? unknown : calls_at(*other, earlier.address, now_writes);
  const calls_of_thread& earlier_calls = other == nullptr ? calls_of_others : *other;
  const auto has_called = [&](std::uint64_t number) { return since == unknown ? number != 0 : number > since; };
  std::uint32_t met = 0, entered = 0;
  for (std::uint32_t module = 0; module < unseen_modules.count; ++module) {
    if (has_called(seen(earlier_calls.last[module])) && seen(own_calls->last[module]) != 0) met |= 1u << module;
    if (has_called(seen(earlier_calls.direct[module])) || seen(own_calls->direct[module]) != 0) entered |= 1u << module;
  }
  return met == 0 ? 0 : names_for(met, entered);
}

}  // namespace ravel
