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
  const char* type = "of unknown type";
  const char* text = nullptr;
  int status = 0;
  char* readable = nullptr;
  if (const std::type_info* info = abi::__cxa_current_exception_type()) {
    readable = abi::__cxa_demangle(info->name(), nullptr, nullptr, &status);
    type = readable != nullptr ? readable : info->name();
  }
  try {
    throw;
  } catch (const std::exception& exception) {
    text = exception.what();
  } catch (...) {
  }
  const std::uint64_t start = operation == nullptr ? 11 : mix_text(12, operation);
  if (raw_finding* finding = open_finding(finding_kind::exception, mix_text(mix_text(start, type), text))) {
    finding->check.add("isolation");
    if (operation != nullptr) finding->what.add(operation).add(": ");
    finding->what.add(type);
    if (text != nullptr) finding->what.add(": \"").add(text).add('"');
    const thread_record* record = this_thread();
    raw_stack thrown;
    add_actor_here(*finding, operation == nullptr ? "let it escape" : "threw it", last_throw(thrown) ? &thrown : nullptr);
    if (record != nullptr && finding->actor[0].stack.depth == 0) finding->actor[0].place = record->declared_at;
    publish(finding);
  }
  std::free(readable);
}

}  // namespace

void record_current_exception() noexcept { record_exception(nullptr); }

}  // namespace ravel::detail

namespace ravel {

void record_thrown(const char* operation) noexcept { detail::record_exception(operation); }

}  // namespace ravel
