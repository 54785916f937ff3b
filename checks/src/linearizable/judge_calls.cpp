// SPDX-License-Identifier: MIT
// See judge_calls.hpp.
#include "judge_calls.hpp"

#include "history_columns.hpp"
#include "own_class_model.hpp"

#include <ravel/checks/history_file.hpp>
#include <ravel/observer.hpp>

#include <cxxabi.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <sstream>
#include <stdexcept>

namespace ravel::checks::detail {

namespace {

constexpr std::uint32_t most_self_tests = 3;

std::uint64_t now_ns() noexcept {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

std::string name_of(const linearizable_options& options, const char* type) {
  if (options.name != nullptr) return options.name;
  int status = 0;
  char* readable = abi::__cxa_demangle(type, nullptr, nullptr, &status);
  std::string name = readable != nullptr ? readable : type;
  std::free(readable);
  if (const std::size_t unnamed = name.find("(anonymous namespace)::"); unnamed == 0) name.erase(0, 23);
  return name;
}

// Arguments as values of a history.
class argument_writer {
 public:
  static void write(history& to, call& one, recorded_call& from) {
    text_writer writer;
    one.argument_count = 0;
    writer.clear();
    writer.begin('(');
    from.how->encode(from.stored(), writer);
    writer.end(')');
    std::string_view all = writer.written().text;
    all = all.substr(1, all.size() < 2 ? 0 : all.size() - 2);
    while (!all.empty()) {
      const std::size_t end = one.argument_count + 1 == call::most_arguments ? std::string_view::npos : comma_in(all);
      one.argument[one.argument_count++] = value_of(to, all.substr(0, end));
      all = end == std::string_view::npos ? std::string_view() : all.substr(end + 2);
    }
  }

 private:
  // That parts values, not one inside of a text or a list.
  static std::size_t comma_in(std::string_view all) {
    int depth = 0;
    bool is_quoted = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i] == '"') is_quoted = !is_quoted;
      if (is_quoted) continue;
      if (all[i] == '(' || all[i] == '[') ++depth;
      if (all[i] == ')' || all[i] == ']') --depth;
      if (all[i] == ',' && depth == 0) return i;
    }
    return std::string_view::npos;
  }
  static value value_of(history& to, std::string_view words) {
    if (words == "nothing") return {};
    if (words == "true" || words == "false") return value::of(words == "true");
    const std::string text(words);
    char* end = nullptr;
    errno = 0;
    const long long number = std::strtoll(text.c_str(), &end, 10);
    if (end != text.c_str() && *end == '\0' && errno == 0) return value::of(static_cast<std::int64_t>(number));
    return to.text(words);
  }
};

class judge {
 public:
  judge(linearizable_area& area, recorder& recorded, const model_maker& maker, const linearizable_options& options)
      : area_(area), recorder_(recorded), maker_(maker), options_(options) {
    gather();
  }

  void run(const char* type, site place) {
    if (calls_.empty()) return;
    if (fits_as_returned()) {
      ++area_.checked;
      return;
    }
    std::ranges::stable_sort(calls_, {}, [](const recorded_call* one) { return one->invoked; });
    check_options options;
    options.condition = options_.condition;
    options.budget = options_.budget;
    fill(maker_.check != nullptr);
    judgement found;
    if (maker_.check != nullptr) {
      found = maker_.check(maker_.maker, history_, options);
    } else {
      if (is_without_own_state(type, place)) return;
      own_class_model model{calls_, maker_};
      found = search(history_, all(), model, options);
      if (found.answer == answer::fails && model.is_unsteady()) return tell_unsteady(type, place);
    }
    ++area_.checked;
    if (found.answer == answer::undecided) {
      ++area_.undecided;
      area_.why_undecided.clear();
      area_.why_undecided.add(found.reason.c_str());
    }
    if (found.answer == answer::fails) tell(found, type, place);
  }

 private:
  void gather() {
    for (std::uint32_t i = 0; i < recorder_.slots_used.load(); ++i) {
      const call_log* log = recorder_.logs[i];
      if (log == nullptr) continue;
      std::uint64_t returned = 0;
      for (recorded_call* one = log->first; one != nullptr; one = one->next) {
        if (one->invoked == call::never) continue;
        if (one->invoked < returned) has_inner_calls_ = true;
        returned = one->returned.load(std::memory_order_relaxed);  // relaxed: its thread has been joined
        calls_.push_back(one);
      }
    }
  }

  // The first order that a search tries, without what a search needs: who returned first comes first. Where each call
  // takes effect late, as most do, it is right, and nothing else has to be known. Calls that never returned need no
  // place. Not before the class has been seen to keep its state in the object.
  bool fits_as_returned() {
    if (maker_.check != nullptr || area_.self_tests < most_self_tests || has_inner_calls_) return false;
    std::vector<std::uint32_t> order;
    order.reserve(calls_.size());
    for (std::uint32_t i = 0; i < calls_.size(); ++i)
      if (calls_[i]->returned.load(std::memory_order_relaxed) != call::never) order.push_back(i);
    std::ranges::sort(order, {},
                      [&](std::uint32_t one) { return calls_[one]->returned.load(std::memory_order_relaxed); });
    return own_class_model(calls_, maker_).fits(order);
  }

  [[nodiscard]] std::vector<std::uint32_t> all() const {
    std::vector<std::uint32_t> numbers(calls_.size());
    std::iota(numbers.begin(), numbers.end(), 0u);
    return numbers;
  }

  // Names are the same for many calls: known again by their place.
  template <class Name>
  std::uint32_t number_of(std::vector<const char*>& known, const char* name, Name named) {
    for (std::size_t i = 0; i < known.size(); ++i)
      if (known[i] == name || std::strcmp(known[i], name) == 0) return static_cast<std::uint32_t>(i);
    known.push_back(name);
    return named(name);
  }

  void fill(bool has_arguments) {
    std::vector<const char*> threads, operations;
    history_.margin =
        recorder_.is_controlled || area_.stamps.kind != stamping::steady_counter ? 0 : area_.stamps.margin;
    history_.calls.reserve(calls_.size());
    for (recorded_call* one : calls_) {
      call& added = history_.calls.emplace_back();
      added.thread =
          number_of(threads, one->thread->c_str(), [&](const char* name) { return history_.thread_named(name); });
      added.operation =
          number_of(operations, one->name, [&](const char* name) { return history_.operation_named(name); });
      added.invoked = one->invoked;
      added.returned = one->returned.load(std::memory_order_relaxed);  // relaxed: its thread has been joined
      if (has_arguments) argument_writer::write(history_, added, *one);
      added.result = {one->result.shape, one->result.bits};
      if (one->result.shape == value::form::text) added.result = history_.text(one->result.text);
      if (one->result.shape == value::form::thrown) added.result = history_.thrown(one->result.text);
    }
  }

  // Two objects, one used after the other: what the calls give must be the same. The first trials and each finding.
  bool is_without_own_state(const char* type, site place) {
    if (area_.self_tests >= most_self_tests) return false;
    ++area_.self_tests;
    if (gives_the_same_twice()) return false;
    tell_unsteady(type, place);
    return true;
  }
  bool gives_the_same_twice() {
    own_class_model one{calls_, maker_}, other{calls_, maker_};
    return one.run_all(all()) == other.run_all(all());
  }

  void tell_unsteady(const char* type, site place) {
    raw_finding* finding = open_finding(finding_kind::misuse, signature(place) + 1);
    if (finding == nullptr) return;
    finding->check.add("linearizable");
    finding->what.add("of ravel::checks::linearizable on ").add(name_of(options_, type).c_str());
    finding->add_note().add(
        "this class cannot be its own model: it keeps state outside the object (a static, or what copies share): two "
        "objects that one thread used, one after the other, gave different results for the same calls");
    finding->add_note().add(
        "give a function that makes an object with a state of its own, or a sequential model "
        "(ravel/checks/models.hpp)");
    publish(finding);
  }

  void tell(const judgement& found, const char* type, site place) {
    if (maker_.check == nullptr && !gives_the_same_twice()) return tell_unsteady(type, place);
    if (maker_.check == nullptr)
      for (std::size_t i = 0; i < calls_.size(); ++i) argument_writer::write(history_, history_.calls[i], *calls_[i]);
    keep_story(columns_of(history_, found), place);
    raw_finding* finding = open_finding(finding_kind::not_linearizable, signature(place));
    if (finding == nullptr) return;
    finding->check.add("linearizable");
    finding->what.add("on ").add(name_of(options_, type).c_str()).add(": ").add(words_for(options_.condition));
    raw_actor& actor = finding->add_actor();
    actor.action.add("its calls are recorded from");
    actor.place = place;
    publish(finding);
  }

  static const char* words_for(condition wanted) noexcept {
    switch (wanted) {
      case condition::sequential: return "no order that keeps each thread's own gives the calls their results";
      case condition::quiescent: return "no order between moments of quiet gives the calls their results";
      case condition::linearizable: break;
    }
    return "no order of the calls gives their results";
  }

  // Of a run's own trials the shortest; while one is being minimised, the latest.
  void keep_story(const std::string& text, site place) {
    linearizable_area* told = area_of_stories();
    for (told_story& story : told->story) {
      const bool is_free = story.place.file == nullptr;
      if (!is_free && (story.place.file != place.file || story.place.line != place.line)) continue;
      if (!is_free && told == &area_ && story.calls <= calls_.size()) return;
      story.place = place;
      story.calls = static_cast<std::uint32_t>(calls_.size());
      story.text.clear();
      story.text.add(text.c_str());
      std::ostringstream file;
      write_history(file, history_);
      const std::string words = file.str();
      story.file.clear();
      if (words.size() < 4 * told_story::room) story.file.add(words.c_str());
      return;
    }
  }

  [[nodiscard]] static std::uint64_t signature(site place) noexcept {
    return mix(mix_text(0x11EA12, place.file), place.line) | 1;
  }

  linearizable_area& area_;
  recorder& recorder_;
  const model_maker& maker_;
  const linearizable_options& options_;
  std::vector<recorded_call*> calls_;
  bool has_inner_calls_ = false;  // of one thread: no history
  history history_;
};

// Such as a recorded call inside of another one of the same thread.
void tell_impossible(const char* problem, site place) noexcept {
  raw_finding* finding = open_finding(finding_kind::misuse, mix_text(0x11EA13, place.file) + place.line);
  if (finding == nullptr) return;
  finding->check.add("linearizable");
  finding->what.add("of ravel::checks::linearizable: a call is recorded inside of another one");
  finding->add_note().add(problem);
  finding->add_note().add("record the outer call or the inner one, not both");
  publish(finding);
}

// In stress so many trials are left out that the others' checks take at most half of the time.
bool has_turn(linearizable_area& area, const recorder& calls) noexcept {
  if (calls.is_controlled || area.first_ns == 0) return true;
  return area.checking_ns * 2 <= now_ns() - area.first_ns;
}

}  // namespace

void judge_calls(linearizable_area& area, recorder& calls, const model_maker& maker,
                 const linearizable_options& options, const char* type, site place) noexcept {
  if (calls.has_lost) {
    ++area.lost;
    return;
  }
  if (!has_turn(area, calls)) {
    ++area.skipped;
    return;
  }
  const std::uint64_t start = calls.is_controlled ? 0 : now_ns();
  if (area.first_ns == 0) area.first_ns = start;
  try {
    judge(area, calls, maker, options).run(type, place);
  } catch (const std::invalid_argument& problem) {
    tell_impossible(problem.what(), place);
  }
  if (!calls.is_controlled) area.checking_ns += now_ns() - start;
}

}  // namespace ravel::checks::detail
