// SPDX-License-Identifier: MIT
// Strategy "rf", reads-from guided: an abstract schedule is a small set of wishes "reader sees writer" or "reader does
// not see writer", by places in the code, so that the number of threads does not matter. What the wishes leave open,
// priorities decide as in pos. For a positive wish the reader is held back until the writer has written last, and other
// writers until the reader has read; for a negative one the reader is held back while the writer was the last. When
// nobody else can go on, the held may. A corpus keeps abstract schedules that showed a pair or a combination of pairs
// for the first time; the next one is made from one of those whose behaviour is rare, by adding, removing, negating or
// exchanging a wish. Differs: wishes are drawn from all pairs that the places of the first execution of the block make
// possible, those not seen yet first; a wish holds for the first time or for all times, by chance; what is learned is
// learned in the strategy's own seat (block.hpp).
// Cost: a pass over all ready threads at every point, and some five hash probes.
// Source: Wolff, Shi, Duck, Mathur, Roychoudhury, ASPLOS 2024 (RFF).
#pragma once

#include "engine/strategy.hpp"
#include "first_walk.hpp"
#include "possible_pairs.hpp"
#include "reads_from.hpp"

namespace ravel::detail {

class rf_strategy final : public strategy {
 public:
  rf_strategy() noexcept {}  // NOLINT: lives in zeroed memory, and leaves its pages untouched

  [[nodiscard]] const char* name() const noexcept override { return "rf"; }
  [[nodiscard]] std::uint64_t first_needed(std::uint64_t trial) const noexcept override;
  void start(std::uint64_t seed, std::uint64_t trial) noexcept override;
  void thread_created(controlled_thread& parent, controlled_thread& child) noexcept override;
  [[nodiscard]] decision choose(const choice& at) noexcept override;
  [[nodiscard]] std::uint32_t pick(std::uint32_t count) noexcept override;
  void ended(ending how, std::uint64_t points) noexcept override;

 private:
  static constexpr std::uint32_t most_wishes = 4;
  static constexpr std::uint32_t most_kept = 64;

  struct wish {
    reads_from_pair pair;
    bool wants;    // else: wants not
    bool again;    // also after it has come true
    bool is_true;  // in this execution
  };
  struct abstract_schedule {
    std::uint32_t count;
    wish wishes[most_wishes];
    std::uint64_t combination;  // of pairs, when it was kept
  };
  enum class standing_of : std::uint8_t { free, held, favoured };

  void make_schedule() noexcept;
  void mutate() noexcept;
  [[nodiscard]] wish draw_wish() noexcept;
  [[nodiscard]] std::uint32_t times_seen(const abstract_schedule& one) noexcept;
  [[nodiscard]] standing_of standing_by(const wish& one, const event& what) noexcept;
  [[nodiscard]] standing_of standing_of_thread(const controlled_thread& thread) noexcept;
  [[nodiscard]] controlled_thread* choose_by_wishes(const choice& at) noexcept;
  void passes(controlled_thread& thread) noexcept;
  void learn() noexcept;

  std::uint64_t random_[2];
  first_walk walk_;
  bool walks_;           // the first of its block
  bool learns_;          // from this execution
  std::uint32_t spins_;  // that threads were found in, in this execution
  abstract_schedule now_;
  profile profile_;
  possible_pairs possible_;
  reads_from seen_;                                                      // in this execution
  fixed_map<std::uint32_t, possible_pairs::most_pairs * 2> seen_pairs_;  // in this block
  fixed_map<std::uint32_t, 1u << 10> combinations_;                      // in this block: how often
  std::uint32_t kept_count_;
  abstract_schedule kept_[most_kept];
};

}  // namespace ravel::detail
