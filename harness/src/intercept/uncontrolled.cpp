// SPDX-License-Identifier: MIT
// See uncontrolled.hpp.
#include "uncontrolled.hpp"

#include "control.hpp"
#include "created_thread.hpp"

#include <ravel/finding.hpp>

namespace ravel::detail {

void tell_uncontrolled(const char* call, const char* consequence, std::uintptr_t pc) noexcept {
  if (in_control() == nullptr) return;
  raw_finding* finding = open_finding(finding_kind::uncontrolled, mix_text(mix(23, pc), call));
  if (finding == nullptr) return;
  finding->check.add("explore");
  finding->what.add(call).add(": ").add(consequence);
  raw_actor& actor = finding->add_actor();
  if (const thread_record* record = this_thread()) actor.thread.add(record->name.c_str());
  actor.action.add("called it");
  capture_stack(actor.stack);
  drop_frames_before(actor.stack, pc);
  publish(finding);
}

}  // namespace ravel::detail
