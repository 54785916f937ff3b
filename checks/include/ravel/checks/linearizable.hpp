// SPDX-License-Identifier: MIT
// Does an object that several threads use behave as if it did one call at a time? Calls are recorded, and an order of
// them is looked for in which another object of the same class, used by one thread, gives the same results.
//
//   jobs::queue queue{16};
//   ravel::checks::linearizable history{trial, queue, [] { return jobs::queue{16}; }};
//   ... in any thread:  history("put", &jobs::queue::put, 3);  auto taken = history("take", &jobs::queue::take);
//
// The function makes the object that is the model; a type that can be copied, or made without arguments, needs none. It
// may give a sequential model instead (ravel/checks/models.hpp). An exception is a result. A call that would wait in
// the model is none that can come next. Checked when the history goes out of scope, on the thread that runs the body.
// Thread safety: calls from any thread; recording orders no threads and hides no race. Cost: some 50 ns a call; in
// stress rounds are left out so that checking takes at most half of the time.
#pragma once

#include <ravel/alone.hpp>
#include <ravel/checks/recorded.hpp>
#include <ravel/operation_in_flight.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <cxxabi.h>

namespace ravel::checks {

namespace detail {

// A copy of the object as it is when the history begins; else one made without arguments.
template <class Type>
struct own_maker {
  static_assert(std::copy_constructible<Type> || std::default_initializable<Type>,
                "Ravel needs another object of this class as its model: give ravel::checks::linearizable a function "
                "that makes one, as in linearizable history{trial, queue, [] { return jobs::queue{16}; }}");
  explicit own_maker(const Type& object) : original(object) {}
  Type operator()() const { return original; }
  Type original;
};
template <class Type>
  requires(!std::copy_constructible<Type>)
struct own_maker<Type> {
  explicit own_maker(const Type& /*object*/) {}
  Type operator()() const { return Type(); }
};

template <class Type, class Function, class... Arguments>
struct stored_call {
  Function function;
  std::tuple<Arguments...> arguments;

  static void run(void* object, void* stored, value_writer& result) {
    auto& self = *static_cast<stored_call*>(stored);
    try {
      std::apply(
          [&](auto... copies) {
            if constexpr (std::is_void_v<decltype(std::invoke(self.function, *static_cast<Type*>(object),
                                                              std::move(copies)...))>) {
              std::invoke(self.function, *static_cast<Type*>(object), std::move(copies)...);
              result.nothing();
            } else {
              encode(result, std::invoke(self.function, *static_cast<Type*>(object), std::move(copies)...));
            }
          },
          self.arguments);
    } catch (...) {
      encode_exception(result);
    }
  }
  static void encode_all(const void* stored, value_writer& argument) {
    std::apply([&](const auto&... one) { (encode(argument, one), ...); },
               static_cast<const stored_call*>(stored)->arguments);
  }
  static void destroy(void* stored) noexcept { static_cast<stored_call*>(stored)->~stored_call(); }
  static constexpr bool is_plain = ((std::is_arithmetic_v<Arguments> || std::is_enum_v<Arguments>) && ...);
  static constexpr repeatable how{&run, &encode_all, &destroy, is_plain};
};

}  // namespace detail

template <class Type, class Maker>
class linearizable : detail::recording {
 public:
  linearizable(trial& trial, Type& object, linearizable_options options = {}, site place = site::here())
      : recording(trial, typeid(Type).name(), options, place), object_(object), maker_(object) {}
  linearizable(trial& trial, Type& object, Maker make, linearizable_options options = {}, site place = site::here())
      : recording(trial, typeid(Type).name(), options, place), object_(object), maker_(std::move(make)) {}
  ~linearizable() {
    if (std::uncaught_exceptions() == exceptions_) check(how_to_make());
  }

  // Calls a member, or any function of the object and the arguments. What it gave; nothing when it threw, and in the
  // executions in which a smaller history is looked for that is wrong, too: there, calls are left out.
  template <class Function, class... Arguments>
    requires std::invocable<Function&, Type&, Arguments...>
  auto operator()(const char* name, Function function, Arguments&&... arguments) {
    using stored = detail::stored_call<Type, Function, std::decay_t<Arguments>...>;
    using result = std::invoke_result_t<Function&, Type&, Arguments...>;
    if (leaves_out_next()) {  // a smaller execution is looked for that still shows a finding
      if constexpr (std::is_void_v<result> || std::is_reference_v<result>)
        return;
      else
        return std::optional<result>();
    }
    const operation_in_flight mark(name);
    detail::recorded_call* const call = open(name, stored::how, sizeof(stored));
    apart bookkeeping;  // the points and edges of the trial are those of the call itself
    if (call != nullptr) ::new (stored_in(*call)) stored{function, {arguments...}};
    if constexpr (std::is_void_v<result> || std::is_reference_v<result>) {
      run(call, [&]() -> result {
        const together the_call(bookkeeping);
        return std::invoke(function, object_, std::forward<Arguments>(arguments)...);
      });
    } else {
      std::optional<result> given;
      run(call, [&]() -> result& {
        const auto make = [&]() -> result {
          const together the_call(bookkeeping);
          return std::invoke(function, object_, std::forward<Arguments>(arguments)...);
        };
        given.emplace(make());
        return *given;
      });
      return given;
    }
  }

 private:
  template <class Call>
  void run(detail::recorded_call* call, Call do_it) {
    if (call == nullptr) return static_cast<void>(do_it());
    try {
      invoked(*call);
      if constexpr (std::is_void_v<decltype(do_it())>) {
        do_it();
        returned(*call).nothing();
      } else {
        auto&& result = do_it();
        detail::encode(returned(*call), result);
      }
      closed(*call);
    } catch (abi::__forced_unwind&) {
      throw;  // the thread ends: the call never returned
    } catch (...) {
      detail::encode_exception(returned(*call));
      closed(*call);
    }
  }

  [[nodiscard]] detail::model_maker how_to_make() const {
    detail::model_maker how;
    how.maker = &maker_;
    using model = std::invoke_result_t<const Maker&>;
    if constexpr (std::same_as<model, Type>) {
      how.make = [](const void* maker) -> void* {
        const Maker& made_by = *static_cast<const Maker*>(maker);
        auto* object = new Type(made_by());
        if constexpr (requires { made_by.set_up(*object); }) made_by.set_up(*object);
        return object;
      };
      how.destroy = [](void* object) noexcept { delete static_cast<Type*>(object); };
    } else {
      static_assert(sequential_model<model>,
                    "the function given to ravel::checks::linearizable makes neither an object of the class under test "
                    "nor a sequential model (ravel/checks/models.hpp)");
      how.check = [](const void* maker, const history& calls, const check_options& options) {
        return check_history(calls, *static_cast<const Maker*>(maker), options);
      };
    }
    return how;
  }

  Type& object_;
  Maker maker_;
  int exceptions_ = std::uncaught_exceptions();
};

template <class Type>
linearizable(trial&, Type&) -> linearizable<Type, detail::own_maker<Type>>;
template <class Type>
linearizable(trial&, Type&, linearizable_options) -> linearizable<Type, detail::own_maker<Type>>;
template <class Type, std::invocable Maker>
linearizable(trial&, Type&, Maker) -> linearizable<Type, Maker>;
template <class Type, std::invocable Maker>
linearizable(trial&, Type&, Maker, linearizable_options) -> linearizable<Type, Maker>;

}  // namespace ravel::checks
