// SPDX-License-Identifier: MIT
// See own_class_model.hpp.
#include "own_class_model.hpp"

#include <ravel/alone.hpp>

namespace ravel::checks::detail {

namespace {

struct one_run {
  recorded_call* call;
  void* object;
  text_writer* writer;
};

void run_call(void* argument) {
  const auto& run = *static_cast<one_run*>(argument);
  run.call->how->run(run.object, run.call->stored(), *run.writer);
}

struct one_object {
  const model_maker* maker;
  void* object;
};

void make_object(void* argument) {
  auto& one = *static_cast<one_object*>(argument);
  one.object = one.maker->make(one.maker->maker);
}
void destroy_object(void* argument) {
  const auto& one = *static_cast<one_object*>(argument);
  one.maker->destroy(one.object);
}

}  // namespace

std::string words_for(const written_value& value) {
  switch (value.shape) {
    case value::form::nothing: return "nothing";
    case value::form::boolean: return value.bits != 0 ? "true" : "false";
    case value::form::number: return std::to_string(value.bits);
    case value::form::text: return std::string(value.text);
    case value::form::thrown: break;
  }
  return "throws " + std::string(value.text);
}

own_class_model::outcome own_class_model::run(std::uint32_t call) noexcept {
  writer_.clear();
  one_run one{calls_[call], object_, &writer_};
  return run_alone(run_call, &one) ? outcome::done : outcome::waits;
}

void* own_class_model::object() noexcept {
  if (object_ != nullptr) return object_;
  one_object made{&maker_, nullptr};
  if (!run_alone(make_object, &made)) return nullptr;
  object_ = made.object;
  for (const std::uint32_t before : path_) {
    const bool is_done = run(before) == outcome::done;
    const recorded_call& call = *calls_[before];
    const bool is_pending = call.returned.load(std::memory_order_relaxed) == checks::call::never;
    if (!is_done || (!is_pending && !(writer_.written() == call.result))) is_unsteady_ = true;
    if (!is_done) return nullptr;
  }
  return object_;
}

// One that was left in a wait may wait in its destructor, too; then it is left there.
void own_class_model::destroy() noexcept {
  if (object_ == nullptr) return;
  one_object left{&maker_, object_};
  static_cast<void>(run_alone(destroy_object, &left));
  object_ = nullptr;
}

bool own_class_model::step(std::uint32_t call) {
  if (object() == nullptr) return false;
  const recorded_call& one = *calls_[call];
  const bool fits =
      run(call) == outcome::done &&
      (one.returned.load(std::memory_order_relaxed) == checks::call::never || writer_.written() == one.result);
  if (fits)
    path_.push_back(call);
  else
    destroy();
  return fits;
}

void own_class_model::undo() {
  path_.pop_back();
  destroy();
}

bool own_class_model::fits(const std::vector<std::uint32_t>& order) {
  struct whole_run {
    own_class_model& model;
    const std::vector<std::uint32_t>& order;
    bool is_right;
  } whole{*this, order, false};
  destroy();
  // All at once: to begin and end what is done apart costs as much as some calls.
  const auto run_whole = [](void* argument) {
    auto& asked = *static_cast<whole_run*>(argument);
    own_class_model& model = asked.model;
    model.object_ = model.maker_.make(model.maker_.maker);
    for (const std::uint32_t number : asked.order) {
      recorded_call& call = *model.calls_[number];
      model.writer_.clear();
      call.how->run(model.object_, call.stored(), model.writer_);
      if (!(model.writer_.written() == call.result)) return;
    }
    asked.is_right = true;
  };
  const bool has_ended = run_alone(run_whole, &whole);
  destroy();
  return has_ended && whole.is_right;
}

std::string own_class_model::right_result(std::uint32_t call) {
  if (object() == nullptr) return {};
  const std::string words = run(call) == outcome::done ? words_for(writer_.written()) : "no result: it would wait";
  destroy();
  return words;
}

std::vector<std::string> own_class_model::run_all(const std::vector<std::uint32_t>& order) {
  std::vector<std::string> given;
  path_.clear();
  destroy();
  for (const std::uint32_t call : order) {
    if (object() == nullptr) break;
    if (run(call) == outcome::waits) {
      given.emplace_back("waits");
      break;
    }
    given.push_back(words_for(writer_.written()));
  }
  destroy();
  return given;
}

}  // namespace ravel::checks::detail
