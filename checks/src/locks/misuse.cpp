// SPDX-License-Identifier: MIT
// See misuse.hpp. What glibc keeps in its locks (owner, reader count) decides where Ravel's own record does not
// know, e.g. for a lock that was taken before the round: no finding is made on a guess.
#include "misuse.hpp"

#include "lock_names.hpp"
#include "lock_recorder.hpp"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ravel::checks {

namespace {

struct sentence {
  finding_kind kind;
  const char* before;  // between "on <lock>: <actor> " and the holder's name, where there is one
  const char* after;
  const char* acts;  // the actor's row
  const char* note;
};

const sentence& sentence_for(misuse what) noexcept {
  static constexpr sentence sentences[] = {
      {finding_kind::self_deadlock, "wants a lock that it holds itself, and waits for itself for ever", "", "wants",
       "release it first, let the caller pass the knowledge that it is held, or use a recursive mutex"},
      {finding_kind::lock_misuse, "takes the lock shared although it holds it shared already", "", "takes again",
       "when a writer queues in between and writers go first, the reader waits for the writer and the writer for the "
       "reader; glibc lets readers pass by default, so it works here"},
      {finding_kind::lock_misuse, "unlocks what ", " holds", "unlocks", "only the thread that locked it may unlock it"},
      {finding_kind::lock_misuse, "unlocks what nobody holds", "", "unlocks",
       "an unlock too many, or one on a path that never locked"},
      {finding_kind::lock_misuse, "destroys it while ", " holds it", "destroys", ""},
      {finding_kind::lock_misuse, "frees the memory it lives in while ", " holds it", "frees its memory",
       "whoever unlocks it afterwards writes to freed memory"},
      {finding_kind::lock_misuse, "ends while it holds the lock: nobody can take it any more", "", "", ""},
      {finding_kind::lock_misuse, "still holds it when the round's body has returned", "", "", ""},
      {finding_kind::lock_misuse, "waits for a condition variable with a mutex that it does not hold", "",
       "waits with it",
       "lock the mutex before the wait; otherwise a notification can be lost and the wait's end unlocks for somebody else"},
  };
  return sentences[static_cast<std::uint8_t>(what)];
}

void word(raw_finding& finding, const misuse_record& record, const char* name) noexcept {
  const sentence& words = sentence_for(record.what);
  finding.what.clear();
  finding.what.add("on ").add(name).add(": ").add(record.actor.c_str()).add(' ').add(words.before);
  if (*words.after != '\0') {
    const bool is_itself = record.holder.size() == record.actor.size() &&
                           mix_text(0, record.holder.c_str()) == mix_text(0, record.actor.c_str());
    if (is_itself)
      finding.what.add(record.what == misuse::unlock_of_another ? "another thread holds" : "it holds it itself");
    else
      finding.what.add(record.holder.c_str()).add(words.after);
  }
}

std::int32_t own_tid() noexcept { return static_cast<std::int32_t>(syscall(SYS_gettid)); }

thread_record* thread_with(lock_recorder& recorder, std::int32_t tid) noexcept {
  thread_record* records = recorder.run().threads();
  for (std::uint32_t i = 0, count = recorder.run().thread_count(); i < count; ++i)
    if (records[i].is_alive.load(std::memory_order_relaxed) != 0 && records[i].tid == tid) return &records[i];
  return nullptr;
}

enum class owner : std::uint8_t { caller, nobody, other, unknown };

// Who holds the lock by what glibc wrote into it.
owner owner_by_libc(lock_recorder& recorder, const thread_record& actor, const lock_event& event) noexcept {
  switch (event.kind) {
    case lock_kind::custom:
      return find_holder(recorder, event.lock, &actor).record != nullptr ? owner::other : owner::unknown;
    case lock_kind::spin:
      if (__atomic_load_n(static_cast<const int*>(event.lock), __ATOMIC_RELAXED) == 1) return owner::nobody;
      return find_holder(recorder, event.lock, &actor).record != nullptr ? owner::other : owner::unknown;
    case lock_kind::rwlock: {
      const auto& data = static_cast<const pthread_rwlock_t*>(event.lock)->__data;
      const int writer = __atomic_load_n(&data.__cur_writer, __ATOMIC_RELAXED);
      if (writer != 0) return writer == own_tid() ? owner::caller : owner::other;
      const unsigned readers = __atomic_load_n(&data.__readers, __ATOMIC_RELAXED) >> 3;
      if (readers == 0) return owner::nobody;
      return owner::unknown;  // some reader: it may be this thread, from before the round
    }
    default: {
      const auto& data = static_cast<const pthread_mutex_t*>(event.lock)->__data;
      if (__atomic_load_n(&data.__lock, __ATOMIC_RELAXED) == 0) return owner::nobody;
      const int holder = __atomic_load_n(&data.__owner, __ATOMIC_RELAXED);
      if (holder == 0) return owner::unknown;  // between its lock word and its owner
      return holder == own_tid() ? owner::caller : owner::other;
    }
  }
}

holding holder_by_libc(lock_recorder& recorder, const thread_record& actor, const lock_event& event) noexcept {
  if (const holding known = find_holder(recorder, event.lock, &actor); known.record != nullptr) return known;
  std::int32_t tid = 0;
  if (event.kind == lock_kind::rwlock)
    tid = static_cast<const pthread_rwlock_t*>(event.lock)->__data.__cur_writer;
  else if (event.kind != lock_kind::spin && event.kind != lock_kind::custom)
    tid = static_cast<const pthread_mutex_t*>(event.lock)->__data.__owner;
  holding found;
  found.record = thread_with(recorder, tid);
  found.position = ~0u;
  return found;
}

}  // namespace

const char* word_for(lock_kind kind) noexcept {
  switch (kind) {
    case lock_kind::mutex: return "mutex";
    case lock_kind::recursive_mutex: return "recursive mutex";
    case lock_kind::errorcheck_mutex: return "errorcheck mutex";
    case lock_kind::rwlock: return "reader-writer lock";
    case lock_kind::spin: return "spin lock";
    case lock_kind::custom: break;
  }
  return "lock";
}

holding find_holder(lock_recorder& recorder, const void* lock, const thread_record* but) noexcept {
  thread_record* records = recorder.run().threads();
  for (std::uint32_t i = 0, count = recorder.run().thread_count(); i < count; ++i) {
    if (&records[i] == but || records[i].is_alive.load(std::memory_order_relaxed) == 0) continue;
    const std::uint32_t held = records[i].held_count.load(std::memory_order_acquire);
    for (std::uint32_t k = 0; k < held && k < thread_record::max_held; ++k)
      if (records[i].held[k].lock == lock) return {&records[i], k};
  }
  return {};
}

void report_misuse(lock_recorder& recorder, misuse what, thread_record& actor, const lock_event& event,
                   holding holder) noexcept {
  const sentence& words = sentence_for(what);
  raw_stack stack;
  const bool is_at_its_end = what == misuse::thread_ended_holding || what == misuse::trial_ended_holding;
  stack.depth = 0;
  const bool has_position = holder.record != nullptr && holder.position != ~0u;
  if (!is_at_its_end)
    capture_from(stack, event.pc);
  else if (has_position)
    lock_recorder::kept_stack(recorder.state_of(*holder.record).taken_at(holder.position), stack);
  drop_garbage(stack);
  raw_finding* finding = open_finding(words.kind, mix_stack(static_cast<std::uint64_t>(what) + 100, stack));
  if (finding == nullptr) return;
  finding->check.add("deadlock");
  finding->is_informative = what == misuse::shared_again;
  misuse_record record{};
  record.finding = finding;
  record.lock = event.lock;
  record.what = what;
  record.kind = event.kind;
  record.actor.add(actor.name.c_str());
  if (holder.record != nullptr) record.holder.add(holder.record->name.c_str());
  word(*finding, record, event.class_name != nullptr ? event.class_name : word_for(event.kind));
  if (has_position) {
    raw_actor& holds = finding->add_actor();
    holds.thread.add(holder.record->name.c_str());
    holds.action.add("acquired it at");
    lock_recorder::kept_stack(recorder.state_of(*holder.record).taken_at(holder.position), holds.stack);
  }
  if (!is_at_its_end) {
    raw_actor& acts = finding->add_actor();
    acts.thread.add(actor.name.c_str());
    acts.action.add(words.acts);
    acts.stack.depth = stack.depth;
    for (std::uint32_t i = 0; i < stack.depth; ++i) acts.stack.pc[i] = stack.pc[i];
  }
  if (*words.note != '\0') finding->add_note().add(words.note);
  if (event.class_name == nullptr) {
    lock_memory& memory = recorder.memory();
    const std::uint32_t position = memory.misuse_count.fetch_add(1, std::memory_order_relaxed);
    if (position < lock_memory::most_misuses) copy_bytes(&memory.misuses[position], &record, sizeof record);
  }
  publish(finding);
}

void judge_strange_release(lock_recorder& recorder, thread_record& actor, const lock_event& event) noexcept {
  if (event.kind == lock_kind::errorcheck_mutex) return;  // the caller asked to be told by the result
  switch (owner_by_libc(recorder, actor, event)) {
    case owner::nobody: report_misuse(recorder, misuse::unlock_of_nobody, actor, event, {}); break;
    case owner::other:
      report_misuse(recorder, misuse::unlock_of_another, actor, event, holder_by_libc(recorder, actor, event));
      break;
    case owner::caller:
    case owner::unknown: break;
  }
}

void judge_wait_without_lock(lock_recorder& recorder, thread_record& actor, const lock_event& event) noexcept {
  const owner by = owner_by_libc(recorder, actor, event);
  if (by == owner::nobody || by == owner::other)
    report_misuse(recorder, misuse::waits_without_lock, actor, event,
                  by == owner::other ? holder_by_libc(recorder, actor, event) : holding{});
}

void name_misused_locks(lock_memory& memory) {
  stack_frames frames;
  const std::uint32_t count = memory.misuse_count.load();
  for (std::uint32_t i = 0; i < count && i < lock_memory::most_misuses; ++i) {
    const misuse_record& record = memory.misuses[i];
    if (record.finding == nullptr) continue;
    const bool has_actor = record.finding->actor_count != 0;
    word(*record.finding, record,
         lock_name(record.lock, record.kind, nullptr, has_actor ? &record.finding->actor[0].stack : nullptr, frames)
             .c_str());
  }
}

}  // namespace ravel::checks
