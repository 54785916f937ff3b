// SPDX-License-Identifier: MIT
// See escaped_exception.hpp.
#include "escaped_exception.hpp"

#include "shared_run.hpp"
#include "throw_site.hpp"

#include <ravel/thread_record.hpp>
#include <ravel/thrown.hpp>
#include <ravel/usage_error.hpp>

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <typeinfo>

namespace ravel::detail {

bool (*is_assertion_exception)() noexcept = nullptr;

void add_actor_here(raw_finding& finding, const char* action, const raw_stack* stack) noexcept {
  raw_actor& actor = finding.add_actor();
  const thread_record* record = this_thread();
  actor.thread.add(record == nullptr ? "a thread" : record->name.c_str());
  actor.action.add(action);
  if (stack == nullptr) return;
  actor.stack.depth = stack->depth;
  for (std::uint32_t i = 0; i < stack->depth; ++i) actor.stack.pc[i] = stack->pc[i];
}

void note_usage_error(const char* text) noexcept {
  shared_run* run = current_shared_run();
  if (run == nullptr || run->control.has_usage_error.exchange(1) != 0) return;
  run->control.usage_error.add(text);
}

void describe_current_exception(fixed_text<256>& words) noexcept {
  int status = 0;
  char* readable = nullptr;
  if (const std::type_info* info = abi::__cxa_current_exception_type()) {
    readable = abi::__cxa_demangle(info->name(), nullptr, nullptr, &status);
    words.add(readable != nullptr ? readable : info->name());
  } else {
    words.add("of unknown type");
  }
  std::free(readable);
  try {
    throw;
  } catch (const std::exception& exception) {
    words.add(": \"").add(exception.what()).add('"');
  } catch (...) {
  }
}

namespace {

// operation: what the exception came out of; nullptr: it has left a thread or the body
void record_exception(const char* operation) noexcept {
  if (is_assertion_exception != nullptr && is_assertion_exception()) return;
  try {
    throw;
  } catch (const usage_error& misuse) {
    note_usage_error(misuse.what());
    return;
  } catch (...) {
  }
  fixed_text<256> words{};
  describe_current_exception(words);
  const std::uint64_t start = operation == nullptr ? 11 : mix_text(12, operation);
  if (raw_finding* finding = open_finding(finding_kind::exception, mix_text(start, words.c_str()))) {
    finding->check.add("isolation");
    if (operation != nullptr) finding->what.add(operation).add(": ");
    finding->what.add(words.c_str());
    const thread_record* record = this_thread();
    raw_stack thrown;
    add_actor_here(*finding, operation == nullptr ? "let it escape" : "threw it",
                   last_throw(thrown) ? &thrown : nullptr);
    if (record != nullptr && finding->actor[0].stack.depth == 0) finding->actor[0].place = record->declared_at;
    publish(finding);
  }
}

}  // namespace

void record_current_exception() noexcept { record_exception(nullptr); }

}  // namespace ravel::detail

namespace ravel {

void record_thrown(const char* operation) noexcept { detail::record_exception(operation); }

}  // namespace ravel
