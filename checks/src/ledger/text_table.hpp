// SPDX-License-Identifier: MIT
// Texts (thread names, hints, reasons) kept once each in shared memory and named by a small number, so that
// an entry of the ledger stays 64 bytes. Zeroed memory is a valid empty table; nothing is ever removed.
// Thread safety: any thread of any process of the run, no lock. Cost: one hash of the text and a probe.
#pragma once

#include <ravel/finding.hpp>

#include <atomic>
#include <cstdint>

namespace ravel::checks::detail {

struct text_table {
  static constexpr std::uint32_t capacity = 4096;
  static constexpr std::uint32_t unknown = 0;  // the table is full, or its writer died

  struct slot {
    std::atomic<std::uint64_t> hash;  // 0: free
    std::atomic<std::uint32_t> is_ready;
    fixed_text<64> text;
  };
  slot slots[capacity];

  // The number of this text, from 1; unknown when it cannot be kept.
  std::uint32_t number_of(const char* text) noexcept {
    const std::uint64_t hash = mix_text(0x51ED270B9F3Dull, text) | 1;
    for (std::uint32_t probe = 0; probe < capacity; ++probe) {
      const std::uint32_t at = static_cast<std::uint32_t>(hash + probe) & (capacity - 1);
      if (at == unknown) continue;
      slot& slot = slots[at];
      std::uint64_t seen = slot.hash.load(std::memory_order_acquire);
      if (seen == 0 && slot.hash.compare_exchange_strong(seen, hash, std::memory_order_acq_rel)) {
        slot.text.add(text);
        slot.is_ready.store(1, std::memory_order_release);
        return at;
      }
      if (seen == hash) return at;
    }
    return unknown;
  }
  [[nodiscard]] const char* text_of(std::uint32_t number) const noexcept {
    if (number == unknown || number >= capacity) return "";
    const slot& slot = slots[number];
    return slot.is_ready.load(std::memory_order_acquire) != 0 ? slot.text.c_str() : "";
  }
};

}  // namespace ravel::checks::detail
