// SPDX-License-Identifier: MIT
// Turns the shared records of a run into findings: symbolised, duplicates merged, suppressions applied, with
// token and rerun line, failing ones first. The records were written by a process that may have died in the
// middle, so every index and pointer in them is checked.
// Parent only, when no child runs. Cost: one symboliser process.
#include "add_findings.hpp"

#include "memory_names.hpp"
#include "printable.hpp"
#include "record/likeness.hpp"
#include "rerun.hpp"
#include "suppress.hpp"
#include "trust.hpp"

#include "symbols/debug_names.hpp"
#include "symbols/symbolize.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace ravel::detail {

namespace {

// Reads a string that may lie in a library only the dead child had loaded: the kernel says whether it is there.
class careful_reader {
 public:
  careful_reader() : descriptor_(memfd_create("ravel-text", MFD_CLOEXEC)) {}
  ~careful_reader() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  careful_reader(const careful_reader&) = delete;
  careful_reader& operator=(const careful_reader&) = delete;

  [[nodiscard]] std::string text(const char* from) const {
    constexpr std::size_t longest = 4096, page = 4096;
    std::string result;
    while (from != nullptr && result.size() < longest) {
      const std::size_t count = page - reinterpret_cast<std::uintptr_t>(from) % page;
      char block[page];
      // By the system call itself: ASan's pwrite would look at the whole block, beyond the string.
      if (syscall(SYS_pwrite64, descriptor_, from, count, 0) != static_cast<long>(count)) return result;
      if (pread(descriptor_, block, count, 0) != static_cast<ssize_t>(count)) return result;
      const std::size_t length = strnlen_of(block, count);
      result.append(block, length);
      if (length < count) return result;
      from += count;
    }
    return result;
  }

 private:
  static std::size_t strnlen_of(const char* block, std::size_t count) {
    return static_cast<std::size_t>(std::find(block, block + count, '\0') - block);
  }
  int descriptor_;
};

template <std::size_t Capacity>
std::string text_of(const fixed_text<Capacity>& text) {
  return printable({text.c_str(), std::min<std::size_t>(text.size(), Capacity - 1)});
}

std::uint32_t depth_of(const raw_stack& stack) { return std::min(stack.depth, raw_stack::max_depth); }
std::uint32_t actors_of(const raw_finding& raw) { return std::min(raw.actor_count, raw_finding::max_actors); }

std::vector<std::uintptr_t> all_pcs(const finding_table& table) {
  std::vector<std::uintptr_t> pcs;
  table.for_each([&](const finding_slot& slot) {
    for (std::uint32_t i = 0; i < actors_of(slot.record); ++i) {
      const raw_stack& stack = slot.record.actor[i].stack;
      pcs.insert(pcs.end(), stack.pc, stack.pc + depth_of(stack));
    }
  });
  std::ranges::sort(pcs);
  pcs.erase(std::unique(pcs.begin(), pcs.end()), pcs.end());
  pcs.erase(pcs.begin(), std::upper_bound(pcs.begin(), pcs.end(), std::uintptr_t{1}));  // 0 and 1: no address
  return pcs;
}

// What stands between commas.
std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    names.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

class converter {
 public:
  converter(const std::vector<std::uintptr_t>& pcs, const module_table& modules) {
    if (pcs.empty()) return;
    std::vector<std::vector<frame>> frames = symbolize(pcs, modules);
    for (std::size_t i = 0; i < pcs.size(); ++i) frames_[pcs[i]] = std::move(frames[i]);
  }

  finding convert(const finding_slot& slot) const {
    const raw_finding& raw = slot.record;
    finding result;
    result.kind = raw.kind;
    result.is_informative = raw.is_informative;
    result.doubt = raw.doubt;
    result.doubtful_modules = names_in(text_of(raw.doubtful_modules));
    result.check = text_of(raw.check);
    result.what = text_of(raw.what);
    for (std::uint32_t i = 0; i < actors_of(raw); ++i) result.actors.push_back(convert(raw.actor[i]));
    for (std::uint32_t i = 0; i < std::min(raw.note_count, raw_finding::max_notes); ++i)
      if (std::string note = text_of(raw.note[i]); !note.empty()) result.notes.push_back(std::move(note));
    if (slot.is_published.load(std::memory_order_acquire) == 0)
      result.notes.push_back("the process died while this was being recorded: details may be missing");
    result.first_trial = slot.first_trial.load(std::memory_order_relaxed);  // relaxed: the writers have ended
    result.trials_seen = slot.trials_seen.load(std::memory_order_relaxed);
    result.sightings = slot.sightings.load(std::memory_order_relaxed);
    return result;
  }

 private:
  actor convert(const raw_actor& raw) const {
    actor result;
    result.thread = text_of(raw.thread);
    result.action = text_of(raw.action);
    result.object = text_of(raw.object);
    for (std::uint32_t i = 0; i < depth_of(raw.stack); ++i)
      if (const auto known = frames_.find(raw.stack.pc[i]); known != frames_.end())
        result.stack.insert(result.stack.end(), known->second.begin(), known->second.end());
    // What called Ravel is not part of the trial.
    bool is_outside = false;
    for (frame& frame : result.stack) {
      is_outside = is_outside || frame.function.starts_with("ravel::detail::run_batch(") ||
                   frame.function == "ravel_context_start";
      if (is_outside) frame.is_user = false;
    }
    result.place = place_of(raw.place, result.stack);
    return result;
  }

  // What the check said; else the first line of the user's, else the innermost frame there is.
  frame place_of(const site& given, const std::vector<frame>& stack) const {
    if (given.file != nullptr) {
      frame place;
      place.file = reader_.text(given.file);
      place.line = given.line;
      place.function = reader_.text(given.function);
      place.is_user = true;
      if (!place.file.empty()) return place;
    }
    const auto first = std::ranges::find_if(stack, [](const frame& frame) { return frame.is_user; });
    if (first != stack.end()) return *first;
    return stack.empty() ? frame{} : stack.front();
  }

  std::map<std::uintptr_t, std::vector<frame>> frames_;
  careful_reader reader_;
};

// "client#3" -> "client": which of several equal threads it was makes no other finding.
std::string role_of(const std::string& thread) {
  const std::size_t mark = thread.find('#');
  return mark == std::string::npos ? thread : thread.substr(0, mark);
}

// Findings that read the same are one: their signatures may differ by addresses that do not show.
std::string likeness(const finding& finding) {
  std::vector<std::string> actors;
  for (const actor& actor : finding.actors)
    actors.push_back(role_of(actor.thread) + '\n' + actor.action + '\n' + actor.object + '\n' + actor.place.file +
                     '\n' + std::to_string(actor.place.line) + '\n' + actor.place.function);
  std::ranges::sort(actors);
  std::string text =
      std::to_string(static_cast<int>(finding.kind)) + (finding.is_informative ? "i" : "f") + finding.what;
  for (const std::string& actor : actors) text += '\0' + actor;
  return text;
}

void merge(finding& into, const finding& other) {
  into.first_trial = std::min(into.first_trial, other.first_trial);
  // At least so many: the trials of the two may or may not have been the same ones.
  into.trials_seen = std::max(into.trials_seen, other.trials_seen);
  into.sightings += other.sightings;
  // Certain once is certain.
  if (other.doubt == doubt_kind::none || into.doubt == doubt_kind::none) {
    into.doubt = doubt_kind::none;
    into.doubtful_modules.clear();
  }
  for (const std::string& name : into.doubt == doubt_kind::none ? std::vector<std::string>() : other.doubtful_modules)
    if (std::ranges::find(into.doubtful_modules, name) == into.doubtful_modules.end())
      into.doubtful_modules.push_back(name);
  into.marks.insert(into.marks.end(), other.marks.begin(), other.marks.end());
  for (const std::string& note : other.notes)
    if (std::ranges::find(into.notes, note) == into.notes.end()) into.notes.push_back(note);
}

}  // namespace

void note_missing_names(std::vector<std::string>& notes) {
  std::string problem = debug_names_problem();
  if (!problem.empty() && std::ranges::find(notes, problem) == notes.end()) notes.push_back(std::move(problem));
}

void add_findings(report& report, const finding_table& table, const module_table& modules,
                  const report_context& context) {
  const std::vector<std::uintptr_t> pcs = all_pcs(table);
  const converter converter(pcs, modules);
  std::map<std::string, std::size_t> known;
  std::vector<std::pair<std::size_t, raw_memory>> memories;
  table.for_each([&](const finding_slot& slot) {
    finding added = converter.convert(slot);
    added.marks = {slot.signature.load(std::memory_order_relaxed), likeness_of(slot.record)};  // relaxed: as above
    const auto [place, is_new] = known.emplace(likeness(added), report.findings.size());
    if (is_new) {
      memories.emplace_back(report.findings.size(), slot.record.memory);
      report.findings.push_back(std::move(added));
    } else {
      merge(report.findings[place->second], added);
    }
  });
  name_memory(report.findings, memories, modules);
  for (finding& finding : report.findings) {
    if (!finding.token.empty()) continue;
    token token;
    token.test_case = hash_of_test_case(report.name);
    token.seed = context.seed;
    token.trial = std::max<std::uint64_t>(finding.first_trial, 1);
    if (context.strategy_of) token.strategy = context.strategy_of(token.trial);
    finding.trials_counted = context.trials_run;
    if (context.replayed != nullptr) {
      token = *context.replayed;
      finding.trials_counted = 1;  // the others only prepared the ground
    }
    finding.token = to_string(token);
    if (context.asked != nullptr) finding.rerun = rerun_command(*context.asked, finding.token);
  }
  apply_trust(report, context.trusted, modules);
  apply_suppressions(report, context.suppressions, today());
  std::ranges::sort(report.findings, [](const finding& a, const finding& b) {
    if (is_failing(a) != is_failing(b)) return is_failing(a);
    if (is_doubtful(a) != is_doubtful(b)) return is_doubtful(a);
    return std::tie(a.first_trial, a.kind, a.what) < std::tie(b.first_trial, b.kind, b.what);
  });
  if (!pcs.empty())
    if (std::string problem = symbolizer_problem(); !problem.empty()) report.notes.push_back(std::move(problem));
  if (!report.findings.empty()) note_missing_names(report.notes);
}

}  // namespace ravel::detail
