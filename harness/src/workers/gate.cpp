// SPDX-License-Identifier: MIT
// See gate.hpp.
#include "gate.hpp"

#include "base/futex.hpp"

#include <sched.h>

#include <algorithm>

namespace ravel::detail {

namespace {

constexpr std::uint64_t lead_time = 600;    // ticks between the word and the start: one cache transfer and more
constexpr std::uint64_t patience = 60'000;  // ticks to wait for the answers to one question
// Ticks for all questions of a round, and before who waits blocks: longer than it takes to wake a thread up.
constexpr std::uint64_t most_asking_time = 750'000;
constexpr std::uint32_t most_skipped = 256;  // rounds without a question, after some that nobody answered

}  // namespace

void start_gate::reset(std::uint32_t threads, std::uint32_t cores, bool is_serial) noexcept {
  threads_ = threads;
  cores_ = cores;
  asks_ = !is_serial && std::min(threads, cores) > 1 && rounds_without_question_ == 0;
  if (rounds_without_question_ != 0) --rounds_without_question_;
  arrived_.store(0, std::memory_order_relaxed);
  question_.store(0, std::memory_order_relaxed);
  answers_.store(0, std::memory_order_relaxed);
  blocked_.store(0, std::memory_order_relaxed);
  go_at_.store(0, std::memory_order_release);  // the others relaxed: the pool's phase publishes them all
}

// Asked again and again: an answer to an earlier question was that of a thread which may have been sent away since.
bool start_gate::are_on_cores(std::uint32_t others) noexcept {
  const std::uint64_t started = ticks();
  for (std::uint32_t question = 1; ticks() - started < most_asking_time; ++question) {
    answers_.store(0, std::memory_order_relaxed);  // relaxed: before the question, whose release orders it
    question_.store(question, std::memory_order_release);
    if (blocked_.load() != 0) futex_wake_all(question_);
    const std::uint64_t asked = ticks();
    while (answers_.load(std::memory_order_acquire) < others && ticks() - asked < patience) relax();
    if (answers_.load(std::memory_order_acquire) >= others) return true;
  }
  return false;
}

void start_gate::open(std::uint64_t at) noexcept {
  go_at_.store(at);  // seq_cst, as blocked_: who blocks now has seen it, or is seen
  if (blocked_.load() == 0) return;
  question_.fetch_add(1);
  futex_wake_all(question_);
}

void start_gate::lead() noexcept {
  if (!asks_) return open(1);
  failures_ = are_on_cores(std::min(threads_, cores_) - 1) ? 0 : failures_ + 1;
  // Once is chance; from then on each one in vain doubles how many rounds go by without.
  if (failures_ > 1) rounds_without_question_ = std::min(1u << std::min(failures_, 16u), most_skipped);
  open(ticks() + lead_time);
}

void start_gate::arrive_and_wait() noexcept {
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_)
    lead();
  else
    spin_or_block();
  const std::uint64_t go_at = go_at_.load(std::memory_order_acquire);
  while (ticks() < go_at) relax();
}

void start_gate::spin_or_block() noexcept {
  std::uint64_t since = ticks();
  std::uint32_t answered = 0;
  for (std::uint32_t spins = 1; go_at_.load(std::memory_order_acquire) == 0; ++spins) {
    const std::uint32_t question = question_.load(std::memory_order_acquire);
    if (question != answered) {
      answered = question;
      answers_.fetch_add(1, std::memory_order_acq_rel);
      since = ticks();
    }
    if (asks_ && ticks() - since < most_asking_time) {
      relax();
      if (threads_ > cores_ && spins % 64 == 0) sched_yield();  // whoever is missing may need this core
      continue;
    }
    blocked_.fetch_add(1);
    if (go_at_.load() == 0) futex_wait(question_, question);
    blocked_.fetch_sub(1);
  }
}

}  // namespace ravel::detail
