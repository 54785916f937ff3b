// SPDX-License-Identifier: MIT
// What is fuzzed: a body that makes its trial of trial.input(), and how inputs for it are drawn. RAVEL_FUZZ_API and
// RAVEL_FUZZ_BODY (ravel/fuzz.hpp) register one; these functions are what their programs' main calls.
// Thread safety: main thread of a process with one thread. Blocks for at most the budget plus what explaining takes.
// Errors: nothing is thrown; misuse is a report with exit code 64.
#pragma once

#include <ravel/explore.hpp>
#include <ravel/fuzz_input.hpp>
#include <ravel/site.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ravel {

struct fuzz_target {
  std::string name;
  ravel::site place = {};
  std::uint32_t signature = 0;  // of name and operations: files say of which target they are
  body run = {};
  std::function<void(choices& from, fuzz_input& into)> draw = {};  // a random input
  // Changes an input a little, as structure; other: one to take parts from, or null.
  std::function<void(choices& from, fuzz_input& input, const fuzz_input* other)> change = {};
};

namespace detail {

bool register_fuzz_body(const char* name, void (*run)(trial&, input_bytes), site place);

}  // namespace detail

// At static initialisation. Always true.
bool register_fuzz_target(fuzz_target target);
// The program's one; throws usage_error when there is none, or several.
[[nodiscard]] const fuzz_target& only_fuzz_target();

struct input_file {
  std::string path;
  std::vector<std::uint8_t> bytes;
};

struct fuzz_options {
  // Of which inputs there are: these, one after the other; or if there are none random ones, some of them changed from
  // those of the corpus.
  std::vector<input_file> files = {};
  std::vector<input_file> corpus = {};
  std::uint64_t inputs = 1'000'000;
  double seconds = 20;
  std::uint64_t seed = 1;
  bool goes_on = false;        // a session, after it has found something
  bool saves_findings = true;  // as crash-<target>-<hash> in the current folder, if they are not files already
};

// Each input in turn, under control, in forked processes; what is found is replayed, reduced, shown and saved.
[[nodiscard]] report fuzz(const fuzz_target& target, fuzz_options options);

}  // namespace ravel
