// SPDX-License-Identifier: MIT
// See said_last.hpp. The keeper holds no output open, or whoever reads it would wait for the keeper: it opens that of a
// process which the run had made, and which still has it.
#include "said_last.hpp"

#include "base/numbered_entries.hpp"
#include "bridge/hidden_memory.hpp"
#include "record/made_processes.hpp"

#include <ravel/finding.hpp>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace ravel::detail {

namespace {

run* outermost = nullptr;

last_words* words() noexcept {
  made_processes* made = has_own_made_processes() ? all_made_processes() : nullptr;
  return made == nullptr ? nullptr : &made->words;
}

// What a terminal would take for an order is left out.
void add_printable(last_words::text& to, const char* text) noexcept {
  for (; *text != '\0'; ++text) to.add(static_cast<unsigned char>(*text) < ' ' || *text == 127 ? '?' : *text);
}

void read_link(const char* path, fixed_text<256>& target) noexcept {
  char buffer[256];
  target.clear();
  const long length = system_call(SYS_readlinkat, AT_FDCWD, reinterpret_cast<long>(path),
                                  reinterpret_cast<long>(buffer), sizeof buffer - 1);
  if (length > 0) target.add(buffer, static_cast<std::size_t>(length));
}

// A descriptor of the process that leads there, opened anew; -1: it has none.
int opened_from(pid_t process, const char* output) noexcept {
  fixed_text<48> folder{};
  folder.add("/proc/").add_signed(process).add("/fd");
  int opened = -1;
  for_each_numbered(folder.c_str(), [&](int descriptor) {
    if (opened >= 0) return;
    fixed_text<64> path{};
    path.add(folder.c_str()).add('/').add_signed(descriptor);
    fixed_text<256> target{};
    read_link(path.c_str(), target);
    if (std::strcmp(target.c_str(), output) != 0) return;
    constexpr int how = O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC | O_NONBLOCK;
    opened = static_cast<int>(system_call(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path.c_str()), how));
  });
  return opened;
}

}  // namespace

said_last::said_last(run& run) noexcept : run_(run), is_outermost_(outermost == nullptr) {
  if (is_outermost_) outermost = &run;
}

said_last::~said_last() {
  if (outermost != &run_) return;
  outermost = nullptr;
  if (last_words* last = words()) last->say_nothing();
}

void said_last::update(std::uint64_t wanted) noexcept {
  last_words* last = is_outermost_ ? words() : nullptr;
  if (last == nullptr) return;
  const std::uint64_t trials = run_.trials_completed(), findings = run_.shared->findings.used.load();
  if (trials == trials_ && findings == findings_ && trials != 0) return;
  trials_ = trials;
  findings_ = findings;
  last_words::text& text = last->next();
  text.clear();
  text.add("killed: the process that ran \"");
  add_printable(text, run_.options.name.c_str());
  text.add("\" [");
  add_printable(text, run_.asked.lane.empty() ? run_.kind.name() : run_.asked.lane.c_str());
  text.add("] was ended by SIGKILL after ").add_number(trials).add(" of ").add_number(wanted).add(' ');
  text.add(run_.kind.trial_word()).add("s, so this is no result");
  text.add(findings == 0 ? "; nothing had been found\n" : "; what had been found:\n");
  constexpr std::uint64_t most = 12;
  std::uint64_t told = 0;
  run_.shared->findings.for_each([&](const finding_slot& slot) {
    if (slot.is_published.load(std::memory_order_acquire) == 0 || told++ >= most) return;
    text.add("  ").add(word_for(slot.record.kind)).add(' ');
    add_printable(text, slot.record.what.c_str());
    text.add(slot.record.is_informative ? " (fails no test)\n" : "\n");
  });
  if (told > most) text.add("  and ").add_number(told - most).add(" more\n");
  last->show_next();
}

void note_output() noexcept {
  if (last_words* last = words()) read_link("/proc/self/fd/2", last->output);
}

void say_last_words() noexcept {
  made_processes* made = all_made_processes();
  if (made == nullptr) return;
  last_words& last = made->words;
  const std::uint32_t which = last.current.load(std::memory_order_acquire);
  if (which == 0 || last.output.empty()) return;
  const last_words::text& text = last.texts[which - 1];
  const std::uint32_t count = std::min(made->count.load(), made_processes::capacity);
  int output = -1;
  for (std::uint32_t i = 0; i < count && output < 0; ++i)
    if (is_alive(made->entries[i])) output = opened_from(made->entries[i].pid.load(), last.output.c_str());
  if (output < 0 && *last.output.c_str() == '/')  // a file or a terminal needs nobody
    output = static_cast<int>(system_call(SYS_openat, AT_FDCWD, reinterpret_cast<long>(last.output.c_str()),
                                          O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (output < 0) return;
  system_call(SYS_write, output, reinterpret_cast<long>(text.c_str()), static_cast<long>(std::strlen(text.c_str())));
  system_call(SYS_close, output);
}

}  // namespace ravel::detail
