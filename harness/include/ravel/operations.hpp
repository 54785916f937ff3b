// SPDX-License-Identifier: MIT
// The operations of a type: names, what is called, and which arguments it gets. One table serves check_operations,
// fixtures and fuzzing.
//
//   const auto queue_operations = ravel::operations<jobs::queue>(
//       ravel::op("put", &jobs::queue::put, ravel::ints(1, 9)),
//       ravel::op("take", &jobs::queue::take).weight(2),
//       ravel::op("drain", [](jobs::queue& queue, int most) { return queue.drain(most).size(); }, ravel::ints(1, 4)));
//
// A member function, or any function of the object and the arguments, with a domain (ravel/domains.hpp) for each
// argument. An operation with weight 2 is drawn twice as often as one with weight 1; with weight 0 never.
// Thread safety: const, may be used by any thread. Cost: a table holds its functions and domains, nothing else.
#pragma once

#include <ravel/domains.hpp>

#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ravel {

template <class Function, domain... Domains>
class operation {
 public:
  using arguments = std::tuple<typename Domains::value_type...>;

  operation(std::string name, Function function, Domains... domains)
      : name_(std::move(name)), function_(std::move(function)), domains_(std::move(domains)...) {}

  // How often it is drawn, against the others' weights.
  [[nodiscard]] operation weight(unsigned weight) && {
    weight_ = weight;
    return std::move(*this);
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] unsigned weight() const noexcept { return weight_; }
  [[nodiscard]] const Function& function() const noexcept { return function_; }
  [[nodiscard]] const std::tuple<Domains...>& domains() const noexcept { return domains_; }

 private:
  std::string name_;
  Function function_;
  std::tuple<Domains...> domains_;
  unsigned weight_ = 1;
};

template <class Function, domain... Domains>
[[nodiscard]] auto op(std::string name, Function function, Domains... domains) {
  return operation<Function, Domains...>(std::move(name), std::move(function), std::move(domains)...);
}

template <class Type, class... Operations>
class operation_table {
 public:
  using object = Type;
  explicit operation_table(Operations... all) : all_(std::move(all)...) {}
  [[nodiscard]] const std::tuple<Operations...>& all() const noexcept { return all_; }

 private:
  std::tuple<Operations...> all_;
};

namespace detail {

template <class Type, class Function, class... Domains>
constexpr bool is_callable_with(const ravel::operation<Function, Domains...>*) {
  return std::is_invocable_v<const Function&, Type&, typename Domains::value_type...>;
}

}  // namespace detail

template <class Type, class... Operations>
[[nodiscard]] auto operations(Operations... all) {
  static_assert(sizeof...(Operations) != 0, "ravel::operations<your_type>(ravel::op(...), ...): name one at least");
  static_assert((detail::is_callable_with<Type>(static_cast<const Operations*>(nullptr)) && ...),
                "an operation cannot be called with an object of this type and values of its domains, in this order: "
                "ravel::op(\"put\", &your_type::put, ravel::ints(1, 9)) needs put to take one number");
  return operation_table<Type, Operations...>(std::move(all)...);
}

}  // namespace ravel
