// SPDX-License-Identifier: MIT
// UndefinedBehaviorSanitizer's reports as findings. The runtime calls __ubsan_on_report on the faulting thread, under
// its report lock, before it prints. The stack comes from the unwinder, because the runtime's own frames have no
// frame pointers; it does not allocate, but takes the loader's lock, as the runtime itself does.
// Cost: about 10 us a report; one place is told once in a process.
#include "hooks.hpp"
#include "raw_text.hpp"
#include "records/stack_copy.hpp"
#include "runtime.hpp"
#include "session.hpp"
#include "thread_names.hpp"

#include <ravel/finding.hpp>

#include <unwind.h>

namespace ravel::checks::sanitizers {

namespace {

_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* argument) {
  auto& stack = *static_cast<raw_stack*>(argument);
  add_pc(stack, _Unwind_GetIP(context));
  return stack.depth == raw_stack::max_depth ? _URC_END_OF_STACK : _URC_NO_REASON;
}

std::uint64_t signature_of(const char* kind, const char* file, unsigned line, unsigned column) noexcept {
  return mix(mix(mix_text(mix_text(37, kind), file), line), column);
}

void hear() noexcept {
  const char *kind = nullptr, *message = nullptr, *file = nullptr;
  unsigned line = 0, column = 0;
  char* address = nullptr;
  __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
  raw_text::divert_again();
  note_report();
  raw_finding* finding = open_finding(finding_kind::undefined_behaviour, signature_of(kind, file, line, column));
  if (finding == nullptr) return;
  finding->check.add("sanitizers");
  finding->what.add(message == nullptr || message[0] == '\0' ? kind : message);
  raw_actor& actor = finding->add_actor();
  actor.thread.add(own_name());
  actor.action.add("did it");
  _Unwind_Backtrace(add_frame, &actor.stack);
  publish(finding);
}

}  // namespace

const char ubsan_hook = 1;

}  // namespace ravel::checks::sanitizers

// Visible, so that gcc's shared runtime finds it in the executable.
extern "C" __attribute__((visibility("default"))) void __ubsan_on_report() {
  if (ravel::checks::sanitizers::is_ubsan()) ravel::checks::sanitizers::hear();
}
