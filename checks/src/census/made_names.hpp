// SPDX-License-Identifier: MIT
// Names that the program was seen to make and may leave behind, each with who made it and where: shared memory,
// semaphores, message queues, temporary files and folders. In shared memory: what earlier batches left is known, too.
// Thread safety: add from any thread; the rest on the body's thread, between rounds.
// Cost: add a few probes, with some system calls when many names are there at once.
#pragma once

#include <ravel/fixed_text.hpp>
#include <ravel/observer.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks::detail {

// Names, each as one bit by its hash, so that it never fills up: far beyond 100,000 names it takes ever more strangers
// for members. Any thread.
struct name_filter {
  static constexpr std::uint64_t bits = 1u << 20;
  std::atomic<std::uint64_t> words[bits / 64];

  void add(const char* name) noexcept;
  [[nodiscard]] bool may_have(const char* name) const noexcept;
};

struct name_entry {
  // free: a name that is gone, or none; taken: somebody reads or writes it
  static constexpr std::uint32_t is_free = 0, is_taken = 1, is_ready = 2;
  std::atomic<std::uint32_t> state;
  made_name kind;
  fixed_text<192> name;
  fixed_text<128> pattern;  // the name without what differs from one to the next
  fixed_text<48> thread;
  raw_stack stack;

  [[nodiscard]] bool take(std::uint32_t when) noexcept;
};

struct made_names {
  static constexpr std::uint32_t capacity = 2048, window = 16;

  std::atomic<std::uint64_t> hashes[capacity];  // 0: the entry was never used, and its memory never touched
  name_entry entries[capacity];
  name_filter ever;                        // by path
  std::atomic<std::uint64_t> not_counted;  // names that found no room

  void add(const name_event& made, const char* thread) noexcept;
};

// Whether the name still exists.
[[nodiscard]] bool is_there(made_name kind, const char* name) noexcept;
[[nodiscard]] const char* words_for(made_name kind) noexcept;
[[nodiscard]] const char* remover_of(made_name kind) noexcept;

}  // namespace ravel::checks::detail
