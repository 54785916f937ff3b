// SPDX-License-Identifier: MIT
// See log_findings.hpp.
#include "log_findings.hpp"

#include "records/stack_copy.hpp"
#include "tool_threads.hpp"

#include <ravel/symbols.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace ravel::checks::valgrind {

namespace {

bool is_race(const log_error& error) {
  return error.headline.starts_with("Possible data race") || error.headline.starts_with("Conflicting ");
}
bool is_leak(const log_error& error) { return has(error.headline, " are definitely lost in "); }

// What libstdc++ and libc++ build atomics, semaphores, latches, barriers, futures and atomic shared pointers of.
bool is_atomic_file(std::string_view file) {
  for (const std::string_view known :
       {"atomic", "atomic_base.h", "atomic_wait.h", "atomic_timed_wait.h", "atomic_futex.h", "semaphore_base.h",
        "semaphore", "latch", "barrier", "shared_ptr_atomic.h", "stop_token", "atomicity.h"})
    if (file == known) return true;
  return false;
}

bool is_ravels_function(std::string_view name) {
  for (const std::string_view start :
       {"ravel::detail::", "ravel::checks::", "ravel::trial::state::", "ravel::trial::run(", "ravel::trial::thread",
        "ravel::tool_", "ravel::set_lock_observer", "ravel::open_finding", "ravel::worker::stop"})
    if (name.starts_with(start)) return true;
  return false;
}

// Whether the access is in code of Ravel's libraries. Frames with one address are functions inlined into the last of
// them, and nothing of the user's can have been inlined there.
bool is_ravels_code(const log_part& part) {
  for (const log_frame& frame : part.frames) {
    if (frame.pc != part.frames.front().pc) break;
    if (is_ravels_function(frame.function)) return true;
    for (const std::string_view file : {"next.hpp", "lock_events.hpp", "lock_events.cpp"})
      if (frame.file == file) return true;
  }
  return false;
}

bool is_atomic_access(const log_part& part) { return !part.frames.empty() && is_atomic_file(part.frames.front().file); }

// The access itself, and for Helgrind the one it conflicts with; DRD knows only where the other thread was.
const log_part* other_access(const log_error& error) {
  for (std::size_t i = 1; i < error.parts.size(); ++i)
    if (error.parts[i].heading.starts_with("This conflicts with")) return &error.parts[i];
  return nullptr;
}

std::uint64_t number_after(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  return at == std::string_view::npos
             ? 0
             : std::strtoull(std::string(text.substr(at + word.size(), 20)).c_str(), nullptr, 10);
}

// "Address 0x1aa764 is 0 bytes inside data symbol "counter"" -> counter
std::string symbol_of(const log_error& error) {
  for (const std::string& remark : error.remarks)
    for (const std::string_view word : {"data symbol \"", "global var \"", "local var \""})
      if (const std::size_t at = remark.find(word); at != std::string::npos) {
        const std::size_t begin = at + word.size();
        return remark.substr(begin, remark.find('"', begin) - begin);
      }
  return {};
}

// DRD does not name variables: "Conflicting load by thread 3 at 0x001aa6b0 size 8"
std::string symbol_at(const log_error& error) {
  const std::size_t at = error.headline.find(" at 0x");
  if (at == std::string::npos) return {};
  return object_name(reinterpret_cast<const void*>(std::strtoull(error.headline.c_str() + at + 4, nullptr, 16)));
}

// "Address 0x4d9a10c is 12 bytes inside a block of size 64 alloc'd" -> "12 bytes inside a block of size 64 alloc'd"
std::string place_of(const log_error& error) {
  for (const std::string& remark : error.remarks) {
    const std::size_t at = remark.find(" is ");
    if (at == std::string::npos) continue;
    std::string text = remark.substr(at + 4);
    for (const auto& [from, to] : {std::pair{"free'd", "that was freed"}, std::pair{" alloc'd", ""}})
      if (const std::size_t found = text.find(from); found != std::string::npos)
        text.replace(found, std::string_view(from).size(), to);
    return text;
  }
  return {};
}

void set_stack(raw_stack& stack, const log_part& part) {
  for (const log_frame& frame : part.frames) sanitizers::add_pc(stack, frame.pc);
}

void add_bytes(fixed_text<256>& text, std::uint64_t bytes) {
  text.add_number(bytes).add(bytes == 1 ? " byte" : " bytes");
}

void add_part(raw_finding& finding, const log_part& part, const char* action, const std::string& tool, bool is_named) {
  raw_actor& actor = finding.add_actor();
  if (is_named) actor.thread.add(thread_by_number(part.thread, tool).name.c_str());
  actor.action.add(action);
  set_stack(actor.stack, part);
}

// DRD tells between which two synchronisations of the other thread its access was.
void add_other_thread(raw_finding& finding, const log_error& error, const std::string& tool) {
  for (const log_part& part : error.parts) {
    if (!part.heading.starts_with("Other segment start")) continue;
    const tool_thread other = thread_by_number(part.thread, tool);
    raw_actor& actor = finding.add_actor();
    actor.thread.add(other.name.c_str());
    if (is_ravels_code(part)) {
      actor.action.add("made the other access, somewhere in its body");
      actor.place = other.declared_at;
    } else {
      actor.action.add("made the other access, after");
      set_stack(actor.stack, part);
    }
    return;
  }
}

void describe_race(raw_finding& finding, const log_error& error, const std::string& tool) {
  const bool is_helgrind = error.headline.starts_with("Possible");
  const std::uint64_t bytes = number_after(error.headline, is_helgrind ? "of size " : " size ");
  std::string symbol = symbol_at(error);
  if (symbol.empty()) symbol = symbol_of(error);
  const std::string place = place_of(error);
  finding.what.add("on ");
  if (!symbol.empty()) {
    finding.what.add(symbol.c_str()).add(" (");
    add_bytes(finding.what, bytes);
    finding.what.add(")");
  } else {
    add_bytes(finding.what, bytes);
    if (has(place, "inside a block")) finding.what.add(", ").add(place.c_str());
    if (has(place, "stack")) finding.what.add(" on a thread's stack");
  }
  const bool is_write = has(error.headline, "during write") || has(error.headline, "Conflicting store");
  add_part(finding, error.parts.front(), is_write ? "wrote" : "read", tool, true);
  if (const log_part* other = other_access(error))
    add_part(finding, *other, has(other->heading, "previous write") ? "wrote" : "read", tool, true);
  else
    add_other_thread(finding, error, tool);
  for (const log_part& part : error.parts)
    if (!part.frames.empty() && (has(part.heading, "alloc'd") || has(part.heading, "Allocation context:")))
      add_part(finding, part, "allocated it", tool, part.thread != 0);
  finding.add_note()
      .add(is_helgrind ? "Helgrind" : "DRD")
      .add(
          " does not see std::atomic: where an atomic orders these two accesses, this is no race, and stress.thread, which sees "
          "it, stays silent");
}

std::string lower_first(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

void describe_memory_error(raw_finding& finding, const log_error& error, const std::string& tool) {
  finding.what.add(lower_first(error.headline).c_str());
  if (const std::string place = place_of(error); !place.empty()) finding.what.add(": ").add(place.c_str());
  const bool is_write = has(error.headline, "Invalid write"), is_read = has(error.headline, "Invalid read");
  add_part(finding, error.parts.front(), is_write ? "wrote" : is_read ? "read" : "did it", tool, true);
  for (std::size_t i = 1; i < error.parts.size(); ++i) {
    const log_part& part = error.parts[i];
    if (part.frames.empty()) continue;
    const bool is_free = has(part.heading, "free'd");
    const bool is_allocation = has(part.heading, "alloc'd");
    const bool is_creation = has(part.heading, "created by a ");
    add_part(finding, part,
             is_free         ? "freed"
             : is_allocation ? "allocated"
             : is_creation   ? "left it uninitialised"
                             : "was there",
             tool, false);
  }
}

// "33 (+33) bytes in 1 (+1) blocks are definitely lost in new loss record 1 of 3"
void describe_leak(raw_finding& finding, const log_error& error) {
  const std::string& text = error.headline;
  finding.what.add("of ");
  add_bytes(finding.what, std::strtoull(text.c_str(), nullptr, 10));
  const std::uint64_t blocks = number_after(text, "bytes in ");
  if (blocks != 0) finding.what.add(" in ").add_number(blocks).add(blocks == 1 ? " block" : " blocks");
  finding.what.add(", to which no pointer is left");
  raw_actor& actor = finding.add_actor();
  actor.action.add("allocated");
  set_stack(actor.stack, error.parts.front());
}

std::uint64_t mix_place(const log_part& part) {
  std::uint64_t hash = 3;
  std::uint32_t frames = 0;
  for (const log_frame& frame : part.frames) {
    if (frame.file.empty()) continue;
    hash = mix_text(mix_text(hash, frame.file.c_str()), frame.line.c_str());
    if (++frames == 3) break;
  }
  return frames != 0 || part.frames.empty() ? hash : mix(hash, part.frames.front().pc);
}

}  // namespace

noise noise_of(const log_error& error) {
  if (error.parts.empty()) return noise::none;
  const log_part& access = error.parts.front();
  // What only lost memory points to is told of with that.
  if (has(error.headline, " are indirectly lost in ")) return noise::told_elsewhere;
  if (is_race(error)) {
    const log_part* other = other_access(error);
    // Either side: Ravel touches its own data only, and what is told of the other side may be an older use of a stack.
    if (is_ravels_code(access) || (other != nullptr && is_ravels_code(*other))) return noise::ravels_own;
    if (is_atomic_access(access) && (other == nullptr || other->frames.empty() || is_atomic_access(*other)))
      return noise::atomic;
    return noise::none;
  }
  // Correct, and often the faster way; Helgrind calls it dubious, DRD a probable race.
  if (has(error.headline, "associated lock is not held") ||
      has(error.headline, "is not locked by the signalling thread"))
    return noise::idiom;
  return noise::none;
}

finding_kind kind_of(const log_error& error) {
  if (is_race(error)) return finding_kind::race;
  if (is_leak(error)) return finding_kind::leak;
  const std::string& text = error.headline;
  for (const char* word : {"mutex", "Mutex", "lock", "rwlock"})
    if (has(text, word)) return finding_kind::lock_misuse;
  for (const char* word : {"Invalid ", "ninitialised", "Mismatched free", "overlap", "Jump to", "Syscall param",
                           "unaddressable", "fishy", "realloc()"})
    if (has(text, word)) return finding_kind::memory_error;
  return finding_kind::tool_error;
}

std::uint64_t signature_of(const log_error& error) {
  if (is_race(error)) {
    // Whichever came first, and whether the read or the write of x++ was told of: one place against another.
    const log_part* other = other_access(error);
    return mix(53, mix_place(error.parts.front()) + (other == nullptr ? 0 : mix_place(*other)));
  }
  std::string words = error.headline.substr(0, error.headline.find(" at 0x"));
  std::erase_if(words, [](char c) { return c >= '0' && c <= '9'; });  // amounts vary
  return mix(mix_text(59, words.c_str()), mix_place(error.parts.front()));
}

void describe(raw_finding& finding, const log_error& error, const std::string& tool) {
  finding.check.add("valgrind");
  if (is_race(error))
    describe_race(finding, error, tool);
  else if (is_leak(error))
    describe_leak(finding, error);
  else
    describe_memory_error(finding, error, tool);
}

}  // namespace ravel::checks::valgrind
