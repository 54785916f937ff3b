// SPDX-License-Identifier: MIT
// What a sequential model is, and how a search walks it back and forth. Ready ones: ravel/checks/models.hpp.
//
//   struct my_register {                                    // its members are the state
//     std::int64_t value = 0;
//     bool step(const ravel::checks::call_view& call) {     // false: this result cannot be; nothing has changed then
//       if (call.is("read")) return call.gave(ravel::checks::value::of(value));
//       value = call.argument(0).bits;                      // "write"
//       return true;
//     }
//   };
//
// Optional: part(call) (which calls are of no concern to others), identity() or hash() and == (states that are equal
// need to be walked from only once), undo(call), changes_nothing(call) (a question, or refused), prepare(history,
// calls) and rank(call) (which of several calls to try first). A model that can be copied is kept at each step, one
// that has undo is taken back, any other is replayed. Thread safety: none. Cost: that of the model, and of a copy for
// each step.
#pragma once

#include <ravel/checks/history.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ravel::checks {

// A call as a model sees it.
class call_view {
 public:
  call_view(const history& of, std::uint32_t number) noexcept : history_(&of), number_(number) {}

  [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
  [[nodiscard]] const checks::call& call() const noexcept { return history_->calls[number_]; }
  [[nodiscard]] const checks::history& history() const noexcept { return *history_; }
  [[nodiscard]] bool is(std::string_view operation) const noexcept { return name() == operation; }
  [[nodiscard]] std::string_view name() const noexcept { return history_->operations[call().operation]; }
  [[nodiscard]] std::uint32_t thread() const noexcept { return call().thread; }
  [[nodiscard]] const value& argument(std::size_t which) const noexcept { return call().argument[which]; }
  [[nodiscard]] const value& result() const noexcept { return call().result; }
  // Never returned: any result may have been on its way.
  [[nodiscard]] bool is_pending() const noexcept { return call().is_pending(); }
  [[nodiscard]] bool gave(const value& right) const noexcept { return is_pending() || result() == right; }
  // For operations that may be void: no result is right, too.
  [[nodiscard]] bool gave_or_is_void(const value& right) const noexcept {
    return is_pending() || result().is_nothing() || result() == right;
  }

 private:
  const checks::history* history_;
  std::uint32_t number_;
};

// What tells states apart: equal states have equal ones, and others do not, but by a chance of one in 2 to the 128th.
struct state_identity {
  std::uint64_t low = 0, high = 0;
  friend bool operator==(const state_identity&, const state_identity&) = default;
};

// A state that a search moves along the calls and back.
class stepper {
 public:
  virtual ~stepper() = default;
  // True: the call can come next with its result, and has. False: nothing has changed.
  virtual bool step(std::uint32_t call) = 0;
  virtual void undo() = 0;  // the last one that could
  [[nodiscard]] virtual bool has_identity() const { return false; }
  [[nodiscard]] virtual state_identity identity() { return {}; }
  // Wherever this call, which has returned, fits: the state after it is the one before.
  [[nodiscard]] virtual bool changes_nothing(std::uint32_t /*call*/) const { return false; }
  // Which of several calls to try first: the lowest.
  [[nodiscard]] virtual std::uint64_t rank(std::uint32_t /*call*/) const { return 0; }
  // What it would have given here; empty where that is not known.
  [[nodiscard]] virtual std::string right_result(std::uint32_t /*call*/) { return {}; }
};

template <class Model>
concept sequential_model = requires(Model model, const call_view& call) {
  { model.step(call) } -> std::same_as<bool>;
};
template <class Model>
concept partitioned_model = requires(const call_view& call) {
  { Model::part(call) } -> std::convertible_to<std::optional<value>>;
};
template <class Model>
concept identified_model = requires(const Model& model) {
  { model.identity() } -> std::same_as<state_identity>;
};
template <class Model>
concept hashed_model =
    std::copy_constructible<Model> && std::equality_comparable<Model> && requires(const Model& model) {
      { model.hash() } -> std::convertible_to<std::uint64_t>;
    };
template <class Model>
concept undoing_model = requires(Model model, const call_view& call) { model.undo(call); };
template <class Model>
concept preparing_model =
    requires(Model model, const history& of, const std::vector<std::uint32_t>& calls) { model.prepare(of, calls); };
template <class Model>
concept idle_model = requires(const Model& model, const call_view& call) {
  { model.changes_nothing(call) } -> std::same_as<bool>;
};
template <class Model>
concept ranking_model = requires(const Model& model, const call_view& call) {
  { model.rank(call) } -> std::convertible_to<std::uint64_t>;
};
template <class Model>
concept answering_model = requires(const Model& model, const call_view& call) {
  { model.right_result(call) } -> std::convertible_to<std::optional<value>>;
};

namespace detail {
template <class Model>
struct made_by {
  using type = Model;
  static Model make(const Model& initial) { return initial; }
};
template <std::invocable Maker>
struct made_by<Maker> {
  using type = std::invoke_result_t<const Maker&>;
  static type make(const Maker& maker) { return maker(); }
};

// Numbers for states by hash and equality.
template <class Model>
class known_states {
 public:
  std::uint64_t number_of(const Model& state) {
    auto& same_hash = by_hash_[static_cast<std::uint64_t>(state.hash())];
    for (const std::uint64_t number : same_hash)
      if (states_[number] == state) return number;
    states_.push_back(state);
    same_hash.push_back(states_.size() - 1);
    return states_.size() - 1;
  }

 private:
  std::vector<Model> states_;
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> by_hash_;
};
struct no_states {};
}  // namespace detail

template <class Given>
using model_of = typename detail::made_by<Given>::type;

template <class Given>
class model_stepper final : public stepper {
  using model = model_of<Given>;
  static constexpr bool is_undone = undoing_model<model>;
  static constexpr bool is_kept = !is_undone && std::copy_constructible<model>;

 public:
  model_stepper(const history& history, const Given& given)
      : history_(history), given_(given), now_(detail::made_by<Given>::make(given)) {}

  void prepare(const std::vector<std::uint32_t>& calls)
    requires preparing_model<model>
  {
    now_->prepare(history_, calls);
  }

  bool step(std::uint32_t number) override {
    const call_view one{history_, number};
    if constexpr (is_kept) {
      model next = *now_;
      if (!next.step(one)) return false;
      before_.push_back(std::move(*now_));
      now_.emplace(std::move(next));
    } else {
      if (!now_->step(one)) return false;
    }
    path_.push_back(number);
    return true;
  }

  void undo() override {
    const std::uint32_t last = path_.back();
    path_.pop_back();
    if constexpr (is_undone) {
      now_->undo(call_view{history_, last});
    } else if constexpr (is_kept) {
      now_.emplace(std::move(before_.back()));
      before_.pop_back();
    } else {
      now_.emplace(detail::made_by<Given>::make(given_));
      for (const std::uint32_t number : path_) static_cast<void>(now_->step(call_view{history_, number}));
    }
  }

  [[nodiscard]] bool has_identity() const override { return identified_model<model> || hashed_model<model>; }
  [[nodiscard]] state_identity identity() override {
    if constexpr (identified_model<model>)
      return now_->identity();
    else if constexpr (hashed_model<model>)
      return {known_.number_of(*now_), 0};
    else
      return {};
  }
  [[nodiscard]] bool changes_nothing(std::uint32_t number) const override {
    if constexpr (idle_model<model>)
      return now_->changes_nothing(call_view{history_, number});
    else
      return false;
  }
  [[nodiscard]] std::uint64_t rank(std::uint32_t number) const override {
    if constexpr (ranking_model<model>)
      return now_->rank(call_view{history_, number});
    else
      return 0;
  }
  [[nodiscard]] std::string right_result(std::uint32_t number) override {
    if constexpr (answering_model<model>)
      if (const std::optional<value> right = now_->right_result(call_view{history_, number}))
        return history_.words_for(*right);
    return {};
  }

 private:
  const history& history_;
  const Given& given_;
  std::optional<model> now_;  // optional: what has no assignment can be put in its place, too
  std::vector<model> before_;
  std::vector<std::uint32_t> path_;
  std::conditional_t<hashed_model<model>, detail::known_states<model>, detail::no_states> known_;
};

}  // namespace ravel::checks
