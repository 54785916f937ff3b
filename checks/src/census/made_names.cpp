// SPDX-License-Identifier: MIT
// See made_names.hpp. A name belongs to the place that made it: what differs by number only and comes from one line is
// one group, which is a finding when it grows. Names that are gone make room when somebody looks.
#include "made_names.hpp"

#include "census_area.hpp"
#include "raw_system.hpp"

#include <cerrno>

namespace ravel::checks::detail {

void name_filter::add(const char* name) noexcept {
  const std::uint64_t bit = mix_text(0x6D616465ull, name) % bits;
  words[bit / 64].fetch_or(1ull << (bit % 64), std::memory_order_relaxed);  // relaxed: read after the threads' join
}

bool name_filter::may_have(const char* name) const noexcept {
  const std::uint64_t bit = mix_text(0x6D616465ull, name) % bits;
  return (words[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) != 0;
}

bool is_there(made_name kind, const char* name) noexcept {
  constexpr long at_fdcwd = -100;
  if (kind != made_name::message_queue)
    return system_call(SYS_faccessat, at_fdcwd, reinterpret_cast<long>(name), F_OK) == 0;
  const long queue = system_call(SYS_mq_open, reinterpret_cast<long>(name + 1), O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
  if (queue >= 0) system_call(SYS_close, queue);
  return queue >= 0 || queue == -EACCES;
}

const char* words_for(made_name kind) noexcept {
  switch (kind) {
    case made_name::shared_memory: return "shared memory segments";
    case made_name::semaphore: return "named semaphores";
    case made_name::message_queue: return "message queues";
    case made_name::temporary_folder: return "temporary folders";
    default: return "temporary files";
  }
}

const char* remover_of(made_name kind) noexcept {
  switch (kind) {
    case made_name::shared_memory: return "shm_unlink";
    case made_name::semaphore: return "sem_unlink";
    case made_name::message_queue: return "mq_unlink";
    case made_name::temporary_folder: return "rmdir";
    default: return "unlink";
  }
}

// acquire, release: what the entry holds is the one's who takes it
bool name_entry::take(std::uint32_t when) noexcept {
  std::uint32_t expected = when;
  return state.compare_exchange_strong(expected, is_taken, std::memory_order_acquire);
}

void made_names::add(const name_event& made, const char* thread) noexcept {
  ever.add(made.name);
  const std::uint64_t hash = mix_text(0x6E616D65ull + static_cast<std::uint64_t>(made.kind), made.name) | 1;
  name_entry* room = nullptr;
  for (std::uint32_t probe = 0; probe < window; ++probe) {
    const std::uint64_t at = (hash / 2 + probe) % capacity;
    if (hashes[at].load(std::memory_order_relaxed) != hash ||
        entries[at].state.load(std::memory_order_relaxed) == name_entry::is_free)
      continue;
    return;
  }
  for (std::uint32_t probe = 0; room == nullptr && probe < window; ++probe)
    if (name_entry& entry = entries[(hash / 2 + probe) % capacity]; entry.take(name_entry::is_free)) room = &entry;
  for (std::uint32_t probe = 0; room == nullptr && probe < window; ++probe) {
    name_entry& entry = entries[(hash / 2 + probe) % capacity];
    if (!entry.take(name_entry::is_ready)) continue;
    if (!is_there(entry.kind, entry.name.c_str())) {
      room = &entry;
      break;
    }
    entry.state.store(name_entry::is_ready, std::memory_order_release);
  }
  if (room == nullptr) {
    not_counted.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  hashes[room - entries].store(hash, std::memory_order_relaxed);
  room->kind = made.kind;
  room->name.clear();
  room->name.add(made.name);
  room->pattern.clear();
  if (made.pattern != nullptr)
    room->pattern.add(made.pattern);
  else
    add_without_numbers(room->pattern, made.name);
  room->thread.clear();
  room->thread.add(thread);
  copy_bytes(&room->stack, &made.stack, sizeof room->stack);
  room->state.store(name_entry::is_ready, std::memory_order_release);
}

void count_names(made_names& made, left_behind& names) noexcept {
  names.start_count();
  for (std::uint32_t at = 0; at < made_names::capacity; ++at) {
    name_entry& entry = made.entries[at];
    if (made.hashes[at].load(std::memory_order_relaxed) == 0 || !entry.take(name_entry::is_ready)) continue;
    if (!is_there(entry.kind, entry.name.c_str())) {
      entry.state.store(name_entry::is_free, std::memory_order_release);
      continue;
    }
    const auto kind = static_cast<std::uint64_t>(entry.kind);
    const std::uint64_t hash = mix_stack(mix_text(0x6E616D65ull + kind, entry.pattern.c_str()), entry.stack, 1);
    if (left_group* group = names.add(finding_kind::leak, hash, entry.pattern.c_str())) {
      if (group->stack.depth == 0) {
        copy_bytes(&group->stack, &entry.stack, sizeof group->stack);
        group->thread.add(entry.thread.c_str());
        group->detail = static_cast<std::uint32_t>(kind);
      }
      group->example.clear();
      group->example.add(entry.name.c_str());
    }
    entry.state.store(name_entry::is_ready, std::memory_order_release);
  }
}

void report_name(left_group& group) noexcept {
  const auto kind = static_cast<made_name>(group.detail);
  if (group.record == nullptr) {
    group.record = open_finding(group.kind, group.hash);
    if (group.record == nullptr) return;
    group.record->is_informative = true;
    group.record->check.add("census");
    raw_actor& actor = group.record->add_actor();
    actor.thread.add(group.thread.c_str());
    actor.action.add("made one of them");
    copy_bytes(&actor.stack, &group.stack, sizeof actor.stack);
    group.record->add_note();
  }
  raw_finding& finding = *group.record;
  finding.what.clear();
  finding.what.add("of ").add(words_for(kind)).add(": ").add_number(group.most).add(" more after round ");
  finding.what.add_number(group.last_trial).add(" than at the start, all named ").add(group.name.c_str());
  finding.note[0].clear();
  finding.note[0]
      .add("left for the first time by round ")
      .add_number(group.first_trial)
      .add(", the last one seen is \"");
  finding.note[0].add(group.example.c_str()).add("\": ").add(remover_of(kind)).add(" is missing on some path");
  publish(group.record);
}

}  // namespace ravel::checks::detail
