// SPDX-License-Identifier: MIT
// The user's own class as the model: one object, one thread. Taken back by making another one and doing the calls
// again. What would wait cannot come next. Not thread safe; runs apart. Cost: O(calls before) to take a call back.
#pragma once

#include "linearizable_area.hpp"

#include <ravel/checks/model_stepper.hpp>

#include <string>
#include <vector>

namespace ravel::checks::detail {

class own_class_model final : public stepper {
 public:
  own_class_model(const std::vector<recorded_call*>& calls, const model_maker& maker) : calls_(calls), maker_(maker) {}
  ~own_class_model() override { destroy(); }
  own_class_model(const own_class_model&) = delete;
  own_class_model& operator=(const own_class_model&) = delete;

  bool step(std::uint32_t call) override;
  void undo() override;
  [[nodiscard]] std::string right_result(std::uint32_t call) override;
  // A call gave something else when it was done again in the same order: the class keeps state outside the object.
  [[nodiscard]] bool is_unsteady() const noexcept { return is_unsteady_; }

  // Whether the calls, in this order from the initial state on, give what they gave. Cost: that of one object, and the
  // calls.
  [[nodiscard]] bool fits(const std::vector<std::uint32_t>& order);
  // What the calls give, one after the other; whatever it is. Those that would wait are left out.
  [[nodiscard]] std::vector<std::string> run_all(const std::vector<std::uint32_t>& order);

 private:
  enum class outcome { done, waits };

  outcome run(std::uint32_t call) noexcept;
  void* object() noexcept;  // having done the calls of the path
  void destroy() noexcept;

  const std::vector<recorded_call*>& calls_;
  const model_maker& maker_;
  void* object_ = nullptr;
  std::vector<std::uint32_t> path_;
  text_writer writer_;
  bool is_unsteady_ = false;
};

// "3", "\"abc\"", "throws ..."
[[nodiscard]] std::string words_for(const written_value& value);

}  // namespace ravel::checks::detail
