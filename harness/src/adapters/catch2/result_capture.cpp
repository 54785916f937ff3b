// SPDX-License-Identifier: MIT
// Catch2's assertions inside a body, from any thread: in the child that runs the body, Catch2's own result capture,
// which is not thread-safe, is replaced by this one, which turns failures into findings and takes no lock.
// Catch2 calls it from AssertionHandler and from the message and section macros only, and holds the pointer in a
// context that nobody writes while threads run. What else those macros share is dealt with in string_streams.cpp.
// Cost: passing, one virtual call; failing, one hash probe, and the text once for each place.
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_assertion_info.hpp>
#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/interfaces/catch_interfaces_capture.hpp>
#include <catch2/interfaces/catch_interfaces_generatortracker.hpp>
#include <catch2/internal/catch_context.hpp>
#include <catch2/internal/catch_decomposer.hpp>
#include <catch2/internal/catch_test_failure_exception.hpp>
#define RAVEL_CATCH2_MAJOR 3
#else
#include <catch2/catch.hpp>
#define RAVEL_CATCH2_MAJOR 2
#endif

#include "process/run.hpp"
#include "record/escaped_exception.hpp"

#include <ravel/finding.hpp>
#include <ravel/thread_record.hpp>

#include <sstream>

namespace ravel::detail {

namespace {

// INFO and CAPTURE in force on this thread: the first few, cut to length.
struct told {
  unsigned sequence;
  bool is_unscoped;
  fixed_text<160> text;
};
struct told_list {
  static constexpr unsigned capacity = 8;
  unsigned count;
  told entries[capacity];
};
thread_local told_list told_here;
thread_local bool has_last_assertion_passed = true;

template <class Text>  // fixed_text of any size
void add(Text& to, Catch::StringRef text) {
  to.add(text.data(), text.size());
}

template <class Predicate>
void forget_where(Predicate is_over) {
  unsigned kept = 0;
  for (unsigned i = 0; i < told_here.count; ++i) {
    if (is_over(told_here.entries[i])) continue;
    if (kept != i) copy_bytes(&told_here.entries[kept], &told_here.entries[i], sizeof(told));
    ++kept;
  }
  told_here.count = kept;
}

void tell(const Catch::MessageInfo& message, const std::string& text, bool is_unscoped) {
  if (told_here.count == told_list::capacity) return;
  told& entry = told_here.entries[told_here.count++];
  entry.sequence = message.sequence;
  entry.is_unscoped = is_unscoped;
  entry.text.clear();
  entry.text.add(text.data(), text.size());
}

std::uint64_t signature_of(const Catch::AssertionInfo& info, const char* why) {
  std::uint64_t hash = mix(mix_text(5, info.lineInfo.file), info.lineInfo.line);
  for (const char c : info.capturedExpression) hash = mix(hash, static_cast<unsigned char>(c));
  return mix_text(hash, why);
}

void add_actor(raw_finding& finding, const char* action, const Catch::SourceLineInfo& place) {
  raw_actor& actor = finding.add_actor();
  const thread_record* record = this_thread();
  actor.thread.add(record == nullptr ? "a thread" : record->name.c_str());
  actor.action.add(action);
  actor.place.file = place.file;
  actor.place.line = static_cast<unsigned>(place.line);
  capture_stack(actor.stack, 2);
}

bool is_suppressed(const Catch::AssertionInfo& info) {
  return (info.resultDisposition & Catch::ResultDisposition::SuppressFail) != 0;
}
bool ends_thread(const Catch::AssertionInfo& info) {
  return (info.resultDisposition & Catch::ResultDisposition::Normal) != 0;
}

// "REQUIRE( size == 3 ): " and so on; nullptr when the place is known already.
raw_finding* open_failure(const Catch::AssertionInfo& info, const char* why) {
  raw_finding* finding = open_finding(finding_kind::requirement, signature_of(info, why));
  if (finding == nullptr) return nullptr;
  finding->check.add("assertion");
  add(finding->what, info.macroName);
  if (!info.capturedExpression.empty()) {
    finding->what.add("( ");
    add(finding->what, info.capturedExpression);
    finding->what.add(" )");
  }
  add_actor(*finding, "asserted it", info.lineInfo);
  if (told_here.count != 0) {
    fixed_text<320>& note = finding->add_note();
    for (unsigned i = 0; i < told_here.count; ++i)
      note.add(i == 0 ? "with " : "; ").add(told_here.entries[i].text.c_str());
  }
  const thread_record* record = this_thread();
  if (ends_thread(info) && record != nullptr && record->kind == thread_kind::created)
    finding->add_note().add(
        "a failed REQUIRE ends its thread by an exception, and in a thread that Ravel did not start "
        "nobody may catch that: use CHECK there");
  return finding;
}

void conclude(const Catch::AssertionInfo& info, bool has_passed, Catch::AssertionReaction& reaction) {
  has_last_assertion_passed = has_passed;
  if (told_here.count != 0) forget_where([](const told& entry) { return entry.is_unscoped; });
  reaction.shouldThrow = !has_passed && !is_suppressed(info) && ends_thread(info);
}

[[noreturn]] void refuse(const char* what, Catch::StringRef name, const Catch::SourceLineInfo& place,
                         const char* instead) {
  const std::uint64_t hash = mix(mix_text(mix_text(7, place.file), what), place.line);
  if (raw_finding* finding = open_finding(finding_kind::misuse, hash)) {
    finding->check.add("assertion");
    finding->what.add(what);
    if (!name.empty()) {
      finding->what.add(" \"");
      add(finding->what, name);
      finding->what.add('"');
    }
    finding->what.add(" inside a body cannot work: a round runs once, from start to end");
    add_actor(*finding, "wrote it", place);
    finding->add_note().add("write instead: ").add(instead);
    publish(finding);
  }
  throw Catch::TestFailureException();
}

constexpr const char* instead_of_section =
    "one RAVEL_TEST_CASE for each section, or TEST_CASE(...) { SECTION(...) { REQUIRE_THAT(ravel::stress({.name = "
    "\"...\"}, "
    "[&](ravel::trial& trial) { ... }), ravel::is_clean()); } }";
constexpr const char* instead_of_generate =
    "me.pick(low, high) or trial.pick(low, high) for varied values, or GENERATE before ravel::stress(...) in an "
    "ordinary "
    "TEST_CASE";
constexpr const char* instead_of_skip = "SKIP before ravel::stress(...) in an ordinary TEST_CASE";
constexpr const char* instead_of_benchmark = "BENCHMARK in an ordinary TEST_CASE";

class body_capture final : public Catch::IResultCapture {
 public:
  void handleExpr(const Catch::AssertionInfo& info, const Catch::ITransientExpression& expression,
                  Catch::AssertionReaction& reaction) override {
    const bool is_negated = (info.resultDisposition & Catch::ResultDisposition::FalseTest) != 0;
    const bool has_passed = expression.getResult() != is_negated;
    if (!has_passed && !is_suppressed(info))
      if (raw_finding* finding = open_failure(info, "")) {
        std::ostringstream text;
        expression.streamReconstructedExpression(text);
        finding->what.add(is_negated ? ": !(" : ": ").add(text.str().c_str()).add(is_negated ? ")" : "");
        publish(finding);
      }
    conclude(info, has_passed, reaction);
  }

  void handle_message(const Catch::AssertionInfo& info, Catch::ResultWas::OfType type, const char* message,
                      Catch::AssertionReaction& reaction) {
#if RAVEL_CATCH2_MAJOR == 3
    if (type == Catch::ResultWas::ExplicitSkip) refuse("SKIP", {}, info.lineInfo, instead_of_skip);
#endif
    const bool has_passed = type != Catch::ResultWas::ExplicitFailure;
    if (!has_passed && !is_suppressed(info))
      if (raw_finding* finding = open_failure(info, "message")) {
        finding->what.add(": ").add(message);
        publish(finding);
      }
    conclude(info, has_passed, reaction);
  }

  void handleUnexpectedExceptionNotThrown(const Catch::AssertionInfo& info,
                                          Catch::AssertionReaction& reaction) override {
    fail(info, "nothing was thrown", reaction);
  }
  void handle_exception(const Catch::AssertionInfo& info, const char* message, Catch::AssertionReaction& reaction) {
    if (!is_suppressed(info))
      if (raw_finding* finding = open_failure(info, "threw")) {
        finding->what.add(": it threw \"").add(message).add('"');
        publish(finding);
      }
    conclude(info, false, reaction);
  }
  void handleNonExpr(const Catch::AssertionInfo& info, Catch::ResultWas::OfType type,
                     Catch::AssertionReaction& reaction) override {
    if ((type & Catch::ResultWas::FailureBit) != 0)
      fail(info, "it did not hold", reaction);
    else
      conclude(info, true, reaction);
  }
  // An exception passes through the assertion: who catches it reports it.
  void handleIncomplete(const Catch::AssertionInfo&) override {}

  void pushScopedMessage(const Catch::MessageInfo& message) override { tell(message, message.message, false); }
  void popScopedMessage(const Catch::MessageInfo& message) override {
    forget_where([&](const told& entry) { return !entry.is_unscoped && entry.sequence == message.sequence; });
  }

  void handleFatalErrorCondition(Catch::StringRef) override {}  // the harness reports the crash itself
  bool lastAssertionPassed() override { return has_last_assertion_passed; }
  void assertionPassed() override { has_last_assertion_passed = true; }
  std::string getCurrentTestName() const override { return current_run() == nullptr ? "" : current_run()->name(); }
  const Catch::AssertionResult* getLastResult() const override { return nullptr; }
  void exceptionEarlyReported() override {}

#if RAVEL_CATCH2_MAJOR == 3
  void notifyAssertionStarted(const Catch::AssertionInfo&) override {}
  bool sectionStarted(Catch::StringRef name, const Catch::SourceLineInfo& place, Catch::Counts&) override {
    refuse("SECTION", name, place, instead_of_section);
  }
  void sectionEnded(Catch::SectionEndInfo&&) override {}
  void sectionEndedEarly(Catch::SectionEndInfo&&) override {}
  Catch::IGeneratorTracker* acquireGeneratorTracker(Catch::StringRef, const Catch::SourceLineInfo& place) override {
    refuse("GENERATE", {}, place, instead_of_generate);
  }
  Catch::IGeneratorTracker* createGeneratorTracker(Catch::StringRef, Catch::SourceLineInfo place,
                                                   Catch::Generators::GeneratorBasePtr&&) override {
    refuse("GENERATE", {}, place, instead_of_generate);
  }
  void benchmarkPreparing(Catch::StringRef name) override {
    refuse("BENCHMARK", name, CATCH_INTERNAL_LINEINFO, instead_of_benchmark);
  }
  void benchmarkStarting(const Catch::BenchmarkInfo&) override {}
  void benchmarkEnded(const Catch::BenchmarkStats<>&) override {}
  void benchmarkFailed(Catch::StringRef) override {}
  void emplaceUnscopedMessage(Catch::MessageBuilder&& builder) override {
    tell(builder.m_info, builder.m_stream.str(), true);
  }
  void handleMessage(const Catch::AssertionInfo& info, Catch::ResultWas::OfType type, std::string&& message,
                     Catch::AssertionReaction& reaction) override {
    handle_message(info, type, message.c_str(), reaction);
  }
  void handleUnexpectedInflightException(const Catch::AssertionInfo& info, std::string&& message,
                                         Catch::AssertionReaction& reaction) override {
    handle_exception(info, message.c_str(), reaction);
  }
#else
  bool sectionStarted(const Catch::SectionInfo& info, Catch::Counts&) override {
    refuse("SECTION", info.name, info.lineInfo, instead_of_section);
  }
  void sectionEnded(const Catch::SectionEndInfo&) override {}
  void sectionEndedEarly(const Catch::SectionEndInfo&) override {}
  Catch::IGeneratorTracker& acquireGeneratorTracker(Catch::StringRef, const Catch::SourceLineInfo& place) override {
    refuse("GENERATE", {}, place, instead_of_generate);
  }
  void emplaceUnscopedMessage(const Catch::MessageBuilder& builder) override {
    tell(builder.m_info, builder.m_stream.str(), true);
  }
  void handleMessage(const Catch::AssertionInfo& info, Catch::ResultWas::OfType type, const Catch::StringRef& message,
                     Catch::AssertionReaction& reaction) override {
    handle_message(info, type, std::string(message.data(), message.size()).c_str(), reaction);
  }
  void handleUnexpectedInflightException(const Catch::AssertionInfo& info, const std::string& message,
                                         Catch::AssertionReaction& reaction) override {
    handle_exception(info, message.c_str(), reaction);
  }
#endif

 private:
  void fail(const Catch::AssertionInfo& info, const char* why, Catch::AssertionReaction& reaction) {
    if (!is_suppressed(info))
      if (raw_finding* finding = open_failure(info, why)) {
        finding->what.add(": ").add(why);
        publish(finding);
      }
    conclude(info, false, reaction);
  }
};

// Part of every run: puts the capture in place when a child starts, before it has threads.
class capture_switch final : public observer {
 public:
  void batch_started(run_view&) override {
    previous_ = Catch::getCurrentMutableContext().getResultCapture();
    Catch::getCurrentMutableContext().setResultCapture(&capture_);
  }
  // Catch2 does not take messages back while an exception passes.
  void trial_started(run_view&) override { told_here.count = 0; }
  void thread_started(run_view&, thread_record&) noexcept override { told_here.count = 0; }
  void batch_finishing(run_view&) override { Catch::getCurrentMutableContext().setResultCapture(previous_); }

 private:
  body_capture capture_;
  Catch::IResultCapture* previous_ = nullptr;
};

bool stands_for_failed_assertion() noexcept {
  try {
    throw;
  } catch (const Catch::TestFailureException&) {
    return true;
  } catch (...) {
    return false;
  }
}

std::unique_ptr<observer> make_capture_switch() { return std::make_unique<capture_switch>(); }

[[maybe_unused]] const bool is_registered = [] {
  add_permanent_observer(make_capture_switch);
  is_assertion_exception = stands_for_failed_assertion;
  return true;
}();

}  // namespace

// Pulls this object out of the archive: nothing else in it is called by name.
void link_result_capture() {}

}  // namespace ravel::detail
