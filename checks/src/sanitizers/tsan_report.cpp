// SPDX-License-Identifier: MIT
// See tsan_report.hpp. Reads the report in place: accesses, what memory it is, its allocation, locks held.
#include "tsan_report.hpp"

#include "hooks.hpp"
#include "records/stack_copy.hpp"
#include "runtime.hpp"
#include "session.hpp"
#include "thread_names.hpp"
#include "tsan_doubt.hpp"
#include "tsan_locks_held.hpp"

#include <pthread.h>

#include <cstring>

namespace ravel::checks::sanitizers {

namespace {

constexpr std::uint32_t most_frames = 64;  // inlined functions repeat an address, see stack_copy.hpp
constexpr int most_accesses = 4;

struct access {
  std::uint32_t unseen = 0;  // modules in its stack that TSan cannot see into
  int thread = 0, size = 0, is_write = 0, is_atomic = 0;
  void* address = nullptr;
  raw_stack stack;
};

struct counts {
  const char* description = "";
  int accesses = 0, locations = 0, mutexes = 0, threads = 0, stacks = 0;
};

struct thread_of_report {
  unsigned long os_id = 0;
  const char* name = nullptr;
  bool is_found = false;
};

// Plain variables of a size the compiler would clear by memset, which TSan intercepts: static instead. Safe,
// because TSan makes one report at a time.
access accesses[most_accesses];
void* frames[most_frames];

void note_places() noexcept {
  for (std::uint32_t i = 0; i < most_frames && frames[i] != nullptr; ++i)
    note_place(reinterpret_cast<std::uintptr_t>(frames[i]));
}
void keep_stack(raw_stack& to, void* const* from, std::uint32_t count) noexcept {
  copy_stack(to, from, count);
  note_places();
}

counts read_counts(void* report) noexcept {
  counts known;
  int repeated = 0, unique_threads = 0;
  void* sleep[1];
  __tsan_get_report_data(report, &known.description, &repeated, &known.stacks, &known.accesses, &known.locations,
                         &known.mutexes, &known.threads, &unique_threads, sleep, 1);
  if (known.accesses > most_accesses) known.accesses = most_accesses;
  return known;
}

void read_accesses(void* report, const counts& known) noexcept {
  for (int i = 0; i < known.accesses; ++i) {
    access& one = accesses[i];
    frames[0] = nullptr;
    __tsan_get_report_mop(report, static_cast<ravel_word>(i), &one.thread, &one.address, &one.size, &one.is_write,
                          &one.is_atomic, frames, most_frames);
    one.unseen = unseen_in_stack(frames, most_frames);
    keep_stack(one.stack, frames, most_frames);
  }
}

thread_of_report find_thread(void* report, const counts& known, int wanted) noexcept {
  for (int i = 0; i < known.threads; ++i) {
    thread_of_report one;
    int number = -1, is_running = 0, parent = 0;
    frames[0] = nullptr;
    __tsan_get_report_thread(report, static_cast<ravel_word>(i), &number, &one.os_id, &is_running, &one.name, &parent,
                             frames, most_frames);
    one.is_found = true;
    note_places();
    if (number == wanted) return one;
  }
  return {};
}

template <std::size_t Capacity>
void add_thread_name(fixed_text<Capacity>& text, void* report, const counts& known, int number) noexcept {
  const thread_of_report thread = find_thread(report, known, number);
  if (thread.is_found) {
    if (const char* name = name_of_kernel_thread(thread.os_id)) {
      text.add(name);
      return;
    }
    if (number != 0 && thread.name != nullptr && thread.name[0] != '\0') {
      text.add(thread.name);
      return;
    }
  }
  if (number == 0)
    text.add("main");
  else
    text.add("thread T").add_number(static_cast<std::uint64_t>(number));
}

const char* word_for_access(const access& one) noexcept {
  if (one.is_atomic != 0) return one.is_write != 0 ? "atomically wrote" : "atomically read";
  return one.is_write != 0 ? "wrote" : "read";
}

// Whether code that TSan cannot see into may order the accesses.
race_doubt doubt_of(void* report, const counts& known) noexcept {
  std::uint32_t in_stacks = 0;
  for (int i = 0; i < known.accesses; ++i) in_stacks |= accesses[i].unseen;
  if (in_stacks != 0) return {doubt_kind::stack, in_stacks};
  if (known.accesses < 2) return {};
  // The first is the one that is made now.
  return doubt_by_calls({find_thread(report, known, accesses[1].thread).os_id, accesses[1].address},
                        accesses[0].is_write != 0);
}

// The same two places make one finding, whichever came first.
std::uint64_t signature_of(const counts& known) noexcept {
  std::uint64_t both = 0;
  for (int i = 0; i < known.accesses; ++i)
    both += mix_stack(mix(static_cast<std::uint64_t>(accesses[i].is_write), 17), accesses[i].stack, 3);
  return mix(mix_text(23, known.description), both);
}

bool is_letter(const char* text, char letter) noexcept { return text != nullptr && text[0] == letter; }

// What a piece of memory is, by the report.
struct location {
  const char* type = nullptr;
  void* address = nullptr;
  ravel_word start = 0, size = 0;
  int thread = -1, descriptor = -1;
};

// Its stack is in frames.
location read_location(void* report, int i) noexcept {
  location one;
  int is_suppressable = 0;
  frames[0] = nullptr;
  __tsan_get_report_loc(report, static_cast<ravel_word>(i), &one.type, &one.address, &one.start, &one.size, &one.thread,
                        &one.descriptor, &is_suppressable, frames, most_frames);
  return one;
}

fixed_text<256>& add_bytes(fixed_text<256>& text, std::uint64_t bytes) noexcept {
  return text.add_number(bytes).add(bytes == 1 ? " byte" : " bytes");
}

void word_global(fixed_text<256>& what, std::uint64_t bytes) noexcept {
  static char name[200];
  name[0] = '\0';
  if (__sanitizer_symbolize_global != nullptr)
    __sanitizer_symbolize_global(accesses[0].address, "%g", name, sizeof name);
  if (name[0] == '\0' || name[0] == '?' || name[0] == '<')
    add_bytes(what.add("on "), bytes).add(" of a global variable");
  else
    add_bytes(what.add("on ").add(name).add(" ("), bytes).add(")");
}

// Who brought it into being; the stack is in frames.
void add_origin(raw_finding& finding, void* report, const counts& known, int thread, const char* action) noexcept {
  raw_actor& origin = finding.add_actor();
  keep_stack(origin.stack, frames, most_frames);  // first: to look for the thread's name fills in frames anew
  add_thread_name(origin.thread, report, known, thread);
  origin.action.add(action);
}

// "on session_cache::size_ (4 bytes)", "on 4 bytes in a heap block of 64 bytes". Adds who allocated it.
void describe_memory(raw_finding& finding, void* report, const counts& known, bool is_headline) noexcept {
  const auto bytes = static_cast<std::uint64_t>(accesses[0].size);
  tell_memory(finding, accesses[0].address, static_cast<std::uint32_t>(bytes));
  for (int i = 0; i < known.locations; ++i) {
    const location one = read_location(report, i);
    if (is_letter(one.type, 'g') && i == 0) {
      if (is_headline) word_global(finding.what, bytes);
      return;
    }
    if (is_letter(one.type, 'h')) {
      tell_memory(finding, accesses[0].address, static_cast<std::uint32_t>(bytes),
                  reinterpret_cast<const void*>(one.start), one.size);
      if (is_headline) add_bytes(add_bytes(finding.what.add("on "), bytes).add(" in a heap block of "), one.size);
      return add_origin(finding, report, known, one.thread, "allocated it");
    }
    if (is_letter(one.type, 'f')) {
      if (is_headline) finding.what.add("on file descriptor ").add_signed(one.descriptor);
      return add_origin(finding, report, known, one.thread, "opened it");
    }
    if (is_headline && (is_letter(one.type, 's') || is_letter(one.type, 't'))) {
      add_bytes(finding.what.add("on "), bytes);
      finding.what.add(is_letter(one.type, 's') ? " on the stack of " : " of a thread-local variable of ");
      return add_thread_name(finding.what, report, known, one.thread);
    }
  }
  if (is_headline) add_bytes(finding.what.add("on "), bytes);
}

void add_accesses(raw_finding& finding, void* report, const counts& known) noexcept {
  bool is_one_size = true;
  for (int i = 1; i < known.accesses; ++i) is_one_size = is_one_size && accesses[i].size == accesses[0].size;
  for (int i = 0; i < known.accesses; ++i) {
    const access& one = accesses[i];
    raw_actor& actor = finding.add_actor();
    add_thread_name(actor.thread, report, known, one.thread);
    actor.action.add(word_for_access(one));
    if (!is_one_size) actor.action.add(" ").add_number(static_cast<std::uint64_t>(one.size)).add(" bytes");
    add_locks_held(actor.action, i);
    for (std::uint32_t frame = 0; frame < one.stack.depth; ++frame) add_pc(actor.stack, one.stack.pc[frame]);
  }
}

// A report without accesses: stacks tell where it happened, or where a thread was made.
void add_stacks(raw_finding& finding, void* report, const counts& known) noexcept {
  for (int i = 0; i < known.stacks; ++i) {
    frames[0] = nullptr;
    __tsan_get_report_stack(report, static_cast<ravel_word>(i), frames, most_frames);
    raw_actor& actor = finding.add_actor();
    if (i == 0) actor.thread.add(own_name());
    actor.action.add(i == 0 ? "did it" : "was there");
    keep_stack(actor.stack, frames, most_frames);
  }
}

void add_mutexes(raw_finding& finding, void* report, const counts& known) noexcept {
  for (int i = 0; i < known.mutexes; ++i) {
    ravel_word number = 0;
    void* address = nullptr;
    int is_destroyed = 0;
    frames[0] = nullptr;
    __tsan_get_report_mutex(report, static_cast<ravel_word>(i), &number, &address, &is_destroyed, frames, most_frames);
    raw_actor& actor = finding.add_actor();
    actor.thread.add("lock M").add_number(number);
    actor.action.add("was first used");
    keep_stack(actor.stack, frames, most_frames);
  }
}

// A mutex with a priority ceiling refuses who has no real-time priority, by EINVAL, of which ThreadSanitizer concludes
// that it is none.
bool is_refused_by_ceiling(void* report, const counts& known) noexcept {
  if (known.mutexes == 0 || std::strcmp(known.description, "mutex-invalid-access") != 0) return false;
  ravel_word number = 0;
  void* address = nullptr;
  int is_destroyed = 0;
  __tsan_get_report_mutex(report, 0, &number, &address, &is_destroyed, frames, most_frames);
  if (address == nullptr) return false;
  constexpr int protect_bit = 64, destroyed = -1;  // of glibc's kind of a mutex
  const int kind = static_cast<const pthread_mutex_t*>(address)->__data.__kind;
  return kind != destroyed && (kind & protect_bit) != 0;
}

void hear(void* report) noexcept {
  const counts known = read_counts(report);
  read_accesses(report, known);
  read_locks_held();
  note_report();
  if (is_refused_by_ceiling(report, known)) return;
  const tsan_kind& kind = tsan_kind_of(known.description);
  const race_doubt doubt = kind.kind == finding_kind::race ? doubt_of(report, known) : race_doubt{};
  // One that is certain is not to be lost behind one that is not.
  std::uint64_t signature = mix(signature_of(known), static_cast<std::uint64_t>(doubt.kind));
  if (known.accesses == 0 && known.stacks != 0) {
    frames[0] = nullptr;
    __tsan_get_report_stack(report, 0, frames, most_frames);
    keep_stack(accesses[0].stack, frames, most_frames);
    signature = mix_stack(signature, accesses[0].stack, 3);
  }
  raw_finding* finding = open_finding(kind.kind, signature);
  if (finding == nullptr) {
    finding = open_finding_in_forked(kind.kind, signature);
    if (finding == nullptr) return;
    finding->add_note().add("in a process that the target forked, whose threads run freely");
  }
  finding->check.add("sanitizers");
  finding->doubt = doubt.kind;
  add_names(finding->doubtful_modules, doubt.modules);
  if (kind.words != nullptr) finding->what.add(kind.words);
  if (known.accesses != 0) {
    add_accesses(*finding, report, known);
    describe_memory(*finding, report, known, kind.words == nullptr);
  } else {
    add_stacks(*finding, report, known);
  }
  add_mutexes(*finding, report, known);
  if (kind.note != nullptr) finding->add_note().add(kind.note);
  publish(finding);
}

}  // namespace

const char tsan_hook = 1;

}  // namespace ravel::checks::sanitizers

// Visible, so that gcc's shared runtime finds it in the executable.
extern "C" {
// What is __tsan_on_report in the user's sources: see CMakeLists.txt.
[[gnu::weak]] void ravel_users_tsan_on_report(void* report);

__attribute__((visibility("default"))) void __tsan_on_report(void* report) {
  if (ravel_users_tsan_on_report != nullptr) ravel_users_tsan_on_report(report);
  if (ravel::checks::sanitizers::is_tsan()) ravel::checks::sanitizers::hear(report);
}
}
