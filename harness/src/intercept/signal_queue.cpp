// SPDX-License-Identifier: MIT
// See signal_queue.hpp.
#include "signal_queue.hpp"

#include "created_thread.hpp"

#include "record/batch_process.hpp"
#include "record/run_listener.hpp"

#include <ravel/finding.hpp>

#include <cstring>

namespace ravel::detail {

namespace {

constexpr std::uint32_t most_sent = 256;
constexpr int first_queued = 32;  // from here on each is kept, of the others one

sent_signal all_sent[most_sent];
std::uint32_t sent_count = 0;

sent_signal* first_sent(std::uint32_t to, signal_bits of) noexcept {
  sent_signal* first = nullptr;
  for (std::uint32_t i = 0; i < sent_count; ++i) {
    sent_signal& one = all_sent[i];
    if (one.is_used || one.to != to || (of & signal_bit(one.info.si_signo)) == 0) continue;
    if (first == nullptr || one.info.si_signo < first->info.si_signo) first = &one;
  }
  return first;
}

}  // namespace

void forget_sent() noexcept { sent_count = 0; }

void keep_sent(std::uint32_t to, signal_bits& pending, const siginfo_t& info) noexcept {
  const signal_bits bit = signal_bit(info.si_signo);
  if ((pending & bit) != 0 && info.si_signo < first_queued) return;  // one of them is enough
  if (sent_count == most_sent) {
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < sent_count; ++i)
      if (!all_sent[i].is_used) all_sent[kept++] = all_sent[i];
    sent_count = kept;
    if (kept == most_sent) return;  // as the kernel, whose queue has an end, too
  }
  pending |= bit;
  sent_signal& fresh = all_sent[sent_count++];
  fresh.info = info;
  fresh.to = to;
  fresh.is_used = false;
  fresh.from = this_thread();
  capture_stack(fresh.sent_at);
}

const sent_signal* take_sent(std::uint32_t to, signal_bits& pending, signal_bits of) noexcept {
  if ((pending & of) == 0) return nullptr;
  sent_signal* one = first_sent(to, of);
  if (one == nullptr) return nullptr;
  one->is_used = true;
  const signal_bits bit = signal_bit(one->info.si_signo);
  if (first_sent(to, bit) == nullptr) pending &= ~bit;
  return one;
}

void tell_fatal(const sent_signal& sent) noexcept {
  const char* name = sigabbrev_np(sent.info.si_signo);
  raw_stack here;
  capture_stack(here);
  raw_finding* finding = open_finding(finding_kind::crash,
                                      mix_stack(mix(43, static_cast<std::uint64_t>(sent.info.si_signo)), sent.sent_at));
  if (run_view* run = current_run()) run->death_is_reported();
  if (finding == nullptr) return;  // known
  finding->check.add("isolation");
  finding->what.add("by SIG").add(name == nullptr ? "RT" : name).add(", which nobody handles");
  raw_actor& receiver = finding->add_actor();
  if (const thread_record* record = this_thread()) receiver.thread.add(record->name.c_str());
  receiver.action.add("got it");
  receiver.stack = here;
  raw_actor& sender = finding->add_actor();
  if (sent.from != nullptr) sender.thread.add(sent.from->name.c_str());
  sender.action.add("sent it");
  sender.stack = sent.sent_at;
  publish(finding);
}

}  // namespace ravel::detail
