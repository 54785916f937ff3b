// SPDX-License-Identifier: MIT
// Fuzzing a class with shared state: bytes become calls with arguments on several threads, and the schedule, so that
// the same bytes give the same execution. The words are those of check_operations (ravel/checks/check_operations.hpp).
//
//   RAVEL_FUZZ_API(session_cache, cache_operations, {.threads = 3, .calls = 8})
//
// outside of functions, in a file of a program that ravel_add_fuzz_test makes. All but the first two may be left out.
// For who decodes bytes himself, a body that declares its threads; its operations are what operation_in_flight marks:
//
//   RAVEL_FUZZ_BODY(parser)(ravel::trial& trial, ravel::input_bytes bytes) {
//     trial.threads(2, "reader", [&](ravel::worker& me) { ravel::operation_in_flight mark; ... });
//     trial.run();
//   }
// Thread safety: static initialisation. Cost: that of an execution, and of judging its results. Errors: two of them in
// a program end it with 64, and are named.
#pragma once

#include <ravel/checks/check_operations.hpp>
#include <ravel/fuzz_target.hpp>
#include <ravel/operation_in_flight.hpp>

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ravel::checks::detail {

// How the target is written in its file, for tests that can be pasted.
struct written_api {
  const char* type;
  const char* table;
  const char* options;
  site place;
};

[[nodiscard]] fuzz_target target_of(const written_api& written, std::shared_ptr<const operation_list> all,
                                    unsigned threads, unsigned calls, body run);

template <class Type>
operations_options<Type> options_of(operations_options<Type> options = {}) {
  return options;
}

template <class Type, class... Operations>
bool register_fuzz_api(const operation_table<Type, Operations...>& table, operations_options<Type> options,
                       const written_api& written) {
  const auto all = std::make_shared<const operation_list>(list_of(table));
  const auto kept = std::make_shared<const operations_options<Type>>(std::move(options));
  return register_fuzz_target(target_of(written, all, kept->threads, kept->calls, [all, kept, written](trial& trial) {
    check_listed_operations(trial, *all, *kept, written.place);
  }));
}

}  // namespace ravel::checks::detail

#define RAVEL_FUZZ_NAME_2(line) ravel_fuzz_target_of_line_##line
#define RAVEL_FUZZ_NAME(line) RAVEL_FUZZ_NAME_2(line)

// Variadic, so that braces with commas are one thing.
#define RAVEL_FUZZ_API(type, table, ...)                                                                              \
  [[maybe_unused]] static const bool RAVEL_FUZZ_NAME(__LINE__) =                                                      \
      ::ravel::checks::detail::register_fuzz_api<type>(table, ::ravel::checks::detail::options_of<type>(__VA_ARGS__), \
                                                       {#type, #table, #__VA_ARGS__, ::ravel::site::here()})

#define RAVEL_FUZZ_BODY(name)                                                  \
  static void name(::ravel::trial&, ::ravel::input_bytes);                     \
  [[maybe_unused]] static const bool RAVEL_FUZZ_NAME(__LINE__) =               \
      ::ravel::detail::register_fuzz_body(#name, name, ::ravel::site::here()); \
  static void name
