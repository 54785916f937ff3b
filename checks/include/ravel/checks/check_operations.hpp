// SPDX-License-Identifier: MIT
// A test from a table of operations: which thread calls what with which arguments is drawn anew in each trial, from the
// run's seed, and the results must be those of some order of the calls, one at a time (ravel/checks/linearizable.hpp).
//
//   RAVEL_TEST_CASE("queue: behaves as one", "[queue]") {
//     ravel::checks::check_operations(trial,
//                                     ravel::operations<jobs::queue>(
//                                         ravel::op("put", &jobs::queue::try_put, ravel::ints(1, 9)),
//                                         ravel::op("take", &jobs::queue::try_take)),
//                                     {.threads = 3, .calls = 5, .make = [] { return jobs::queue{16}; }});
//   }
//
// In explore mode a finding is reduced to the fewest calls and switches, and its program is printed: as `.program` it
// is run instead of drawn ones. A call that waits for another thread can leave a program without an end, which is
// reported as a deadlock: use `.allowed`, or the form with a time limit. Thread safety: call from the body's thread.
// Cost: that of recording each call, some 50 ns, and of the check. Errors: usage_error for no threads, no calls, a
// table of which nothing can be drawn, a program that cannot be read.
#pragma once

#include <ravel/checks/linearizable.hpp>
#include <ravel/operations.hpp>
#include <ravel/usage_error.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace ravel::checks {

// A call that may become part of a program.
struct planned_call {
  unsigned thread = 0;                   // 0..
  std::string_view name;                 // of the operation
  std::vector<std::string_view> before;  // those that the thread makes before it
};

template <class Type>
struct operations_options {
  unsigned threads = 3;
  unsigned calls = 5;                                      // of each thread
  std::function<Type()> make = {};                         // else one made without arguments
  std::function<void(Type&)> set_up = {};                  // before the threads; of the model, too
  std::function<bool(const planned_call&)> allowed = {};   // e.g. only thread 0 may put
  std::function<bool(Type&)> invariant = {};               // must hold whenever no call is in flight
  std::function<void(ravel::trial&, Type&)> finally = {};  // then: what else is to be required
  std::vector<std::vector<std::string>> program = {};      // a thread each: {{"put(3)", "take()"}, {"take()"}}
  const char* name = nullptr;                              // of the type, in reports
  checks::condition condition = condition::linearizable;
  bool is_judged = true;  // false: results are not compared with those of one thread
};

namespace detail {

// One call with its arguments.
class drawn_call {
 public:
  virtual ~drawn_call() = default;
  virtual void print(std::ostream& out) const = 0;  // put(3)
  // Through a linearizable<Type, object_maker<Type>>.
  virtual void make(void* history, void (*is_made)(void*), void* told) const = 0;
};

// An operation of a table, without its types.
class drawable {
 public:
  virtual ~drawable() = default;
  [[nodiscard]] virtual const std::string& name() const = 0;
  [[nodiscard]] virtual unsigned weight() const = 0;
  [[nodiscard]] virtual std::unique_ptr<drawn_call> draw(choices& from) const = 0;
  // Takes the arguments from the front, without parentheses; null when they are none of its domains.
  [[nodiscard]] virtual std::unique_ptr<drawn_call> read(std::string_view& text) const = 0;
};

using operation_list = std::vector<std::unique_ptr<drawable>>;

struct operations_plan {
  unsigned threads, calls;
  const std::function<bool(const planned_call&)>& allowed;
  const std::vector<std::vector<std::string>>& program;
  const char* type;
};

// Draws or reads the program and runs it, each call through the history.
void run_operations(trial& trial, const operation_list& all, const operations_plan& plan, void* history, site place);

template <class Type>
struct object_maker {
  const operations_options<Type>* options;
  Type operator()() const {
    if (options->make) return options->make();
    if constexpr (std::default_initializable<Type>)
      return Type();
    else
      throw usage_error(
          "check_operations: this type cannot be made without arguments; say how in the options, e.g. "
          ".make = [] { return jobs::queue{16}; }");
  }
  void set_up(Type& object) const {
    if (options->set_up) options->set_up(object);
  }
};

template <class Type, class Operation>
class typed_call final : public drawn_call {
 public:
  typed_call(const Operation& operation, typename Operation::arguments arguments)
      : operation_(operation), arguments_(std::move(arguments)) {}

  void print(std::ostream& out) const override {
    out << operation_.name() << '(';
    print_arguments(out, std::make_index_sequence<std::tuple_size_v<typename Operation::arguments>>());
    out << ')';
  }
  void make(void* history, void (*is_made)(void*), void* told) const override {
    std::apply(
        [&](const auto&... values) {
          const auto& function = operation_.function();
          (*static_cast<linearizable<Type, object_maker<Type>>*>(history))(
              operation_.name().c_str(),
              [&function, is_made, told](Type& object, const auto&... same) -> decltype(auto) {
                is_made(told);
                return std::invoke(function, object, same...);
              },
              values...);
        },
        arguments_);
  }

 private:
  template <std::size_t... Index>
  void print_arguments(std::ostream& out, std::index_sequence<Index...>) const {
    ((out << (Index == 0 ? "" : ", "),
      print_one(std::get<Index>(operation_.domains()), std::get<Index>(arguments_), out)),
     ...);
  }
  // What cannot be read again as it is shown is written as the numbers it was drawn from.
  template <class Domain>
  static void print_one(const Domain& domain, const typename Domain::value_type& value, std::ostream& out) {
    if constexpr (readable_domain<Domain>) {
      domain.print(value, out);
    } else {
      chosen_numbers chosen;
      domain.encode(value, chosen);
      out << '<';
      for (const std::uint64_t one : chosen) out << one << ' ';
      out << ": ";
      domain.print(value, out);
      out << '>';
    }
  }

  const Operation& operation_;
  typename Operation::arguments arguments_;
};

// The numbers of a value that is written as such.
class listed_choices final : public choices {
 public:
  explicit listed_choices(const chosen_numbers& all) : all_(all) {}
  std::uint64_t below(std::uint64_t count) override {
    const std::uint64_t given = next_ < all_.size() ? all_[next_++] : 0;
    return count == 0 ? given : given % count;
  }

 private:
  const chosen_numbers& all_;
  std::size_t next_ = 0;
};
// Takes <1 2 : shown> from the front.
[[nodiscard]] std::optional<chosen_numbers> read_chosen(std::string_view& text);

template <class Type, class Operation>
class typed_drawable final : public drawable {
  static constexpr std::size_t count = std::tuple_size_v<typename Operation::arguments>;

 public:
  explicit typed_drawable(const Operation& operation) : operation_(operation) {}
  [[nodiscard]] const std::string& name() const override { return operation_.name(); }
  [[nodiscard]] unsigned weight() const override { return operation_.weight(); }
  [[nodiscard]] std::unique_ptr<drawn_call> draw(choices& from) const override {
    return std::apply(
        [&](const auto&... domains) {
          // Braces: from left to right.
          return made(typename Operation::arguments{domains.draw(from)...});
        },
        operation_.domains());
  }
  [[nodiscard]] std::unique_ptr<drawn_call> read(std::string_view& text) const override {
    return read_from(text, std::make_index_sequence<count>());
  }

 private:
  [[nodiscard]] std::unique_ptr<drawn_call> made(typename Operation::arguments arguments) const {
    return std::make_unique<typed_call<Type, Operation>>(operation_, std::move(arguments));
  }
  template <std::size_t... Index>
  [[nodiscard]] std::unique_ptr<drawn_call> read_from(std::string_view& text, std::index_sequence<Index...>) const {
    std::tuple<std::optional<std::tuple_element_t<Index, typename Operation::arguments>>...> values;
    const bool is_read =
        ((static_cast<void>(Index != 0 && ravel::detail::read_word(text, ",")),
          (std::get<Index>(values) = read_one(std::get<Index>(operation_.domains()), text)).has_value()) &&
         ...);
    if (!is_read) return nullptr;
    return made(typename Operation::arguments{std::move(*std::get<Index>(values))...});
  }
  template <class Domain>
  static std::optional<typename Domain::value_type> read_one(const Domain& domain, std::string_view& text) {
    if constexpr (readable_domain<Domain>) {
      return domain.read(text);
    } else {
      const std::optional<chosen_numbers> chosen = read_chosen(text);
      if (!chosen) return std::nullopt;
      listed_choices from(*chosen);
      return domain.draw(from);
    }
  }

  const Operation& operation_;
};

template <class Type, class... Operations>
[[nodiscard]] operation_list list_of(const operation_table<Type, Operations...>& table) {
  operation_list all;
  std::apply(
      [&](const auto&... one) {
        (all.push_back(std::make_unique<typed_drawable<Type, std::remove_cvref_t<decltype(one)>>>(one)), ...);
      },
      table.all());
  return all;
}

template <class Type>
void check_listed_operations(trial& trial, const operation_list& all, const operations_options<Type>& options,
                             site place) {
  const object_maker<Type> make{&options};
  Type object(make());
  make.set_up(object);
  const auto run = [&] {
    linearizable<Type, object_maker<Type>> history{trial, object, make,
                                                   linearizable_options{.name = options.name,
                                                                        .condition = options.condition,
                                                                        .is_judged = options.is_judged,
                                                                        .leaves_out_calls = false},
                                                   place};
    run_operations(trial, all, {options.threads, options.calls, options.allowed, options.program, options.name},
                   &history, place);
  };
  if (options.invariant) {
    const auto kept =
        trial.invariant("the invariant of the table", [&] { return options.invariant(object); }, {}, place);
    run();
  } else {
    run();
  }
  if (options.finally) options.finally(trial, object);
}

}  // namespace detail

// Makes an object, runs a program on it, and judges what it gave. The table and the options must outlive the call.
template <class Type, class... Operations>
void check_operations(trial& trial, const operation_table<Type, Operations...>& table,
                      const std::type_identity_t<operations_options<Type>>& options = {}, site place = site::here()) {
  detail::check_listed_operations(trial, detail::list_of(table), options, place);
}

}  // namespace ravel::checks
