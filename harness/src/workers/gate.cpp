// SPDX-License-Identifier: MIT
// See gate.hpp.
#include "gate.hpp"

#include <sched.h>

#include <algorithm>

namespace ravel::detail {

namespace {

constexpr std::uint64_t lead_time = 600;      // ticks between the word and the start: one cache transfer and more
constexpr std::uint64_t patience = 60'000;    // ticks to wait for the answers to one question
constexpr std::uint32_t most_questions = 60;  // then start without being sure
// No more questions after that, a quarter of a second or so: on a busy machine each yield may cost as much.
constexpr std::uint64_t most_asking_time = 500'000'000;

}  // namespace

void start_gate::reset(std::uint32_t threads, std::uint32_t cores, bool is_serial) noexcept {
  threads_ = threads;
  cores_ = cores;
  is_serial_ = is_serial;
  arrived_.store(0, std::memory_order_relaxed);
  question_.store(0, std::memory_order_relaxed);
  answers_.store(0, std::memory_order_relaxed);
  go_at_.store(0, std::memory_order_release);  // the others relaxed: the pool's phase publishes all four
}

void start_gate::lead() noexcept {
  const std::uint32_t others = std::min(threads_, cores_) - 1;
  const std::uint64_t started = ticks();
  for (std::uint32_t question = 1; others != 0 && !is_serial_ && question <= most_questions; ++question) {
    answers_.store(0, std::memory_order_relaxed);  // relaxed: before the question, whose release orders it
    question_.store(question, std::memory_order_release);
    const std::uint64_t asked = ticks();
    while (answers_.load(std::memory_order_acquire) < others && ticks() - asked < patience) relax();
    if (answers_.load(std::memory_order_acquire) >= others) break;
    if (ticks() - started > most_asking_time) break;
    sched_yield();  // whoever is missing may need this core
  }
  go_at_.store(ticks() + (is_serial_ ? 1 : lead_time), std::memory_order_release);
}

void start_gate::arrive_and_wait() noexcept {
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) lead();
  std::uint64_t go_at = 0;
  std::uint32_t answered = 0;
  for (std::uint32_t spins = 1; (go_at = go_at_.load(std::memory_order_acquire)) == 0; ++spins) {
    const std::uint32_t question = question_.load(std::memory_order_acquire);
    if (question != answered) {
      answered = question;
      answers_.fetch_add(1, std::memory_order_acq_rel);
    }
    relax();
    if (is_serial_ || (threads_ > cores_ ? spins % 64 == 0 : spins % 4096 == 0)) sched_yield();
  }
  while (ticks() < go_at) relax();
}

}  // namespace ravel::detail
