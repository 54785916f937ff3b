// SPDX-License-Identifier: MIT
// See coverage.hpp.
#include "coverage.hpp"

#include <unistd.h>

#include <string>

extern "C" {
[[gnu::weak]] void __gcov_reset();
[[gnu::weak]] void __gcov_dump();
[[gnu::weak]] void __gcov_exit();
[[gnu::weak]] void __llvm_profile_reset_counters();
[[gnu::weak]] int __llvm_profile_write_file();
[[gnu::weak]] const char* __llvm_profile_get_filename();
[[gnu::weak]] void __llvm_profile_set_filename(const char*);
}

namespace ravel::detail {

void start_coverage_of_child() noexcept {
  if (&__gcov_reset != nullptr) __gcov_reset();
  if (&__llvm_profile_reset_counters == nullptr || &__llvm_profile_set_filename == nullptr) return;
  __llvm_profile_reset_counters();
  static std::string name;  // the runtime keeps the pointer
  name = &__llvm_profile_get_filename != nullptr ? __llvm_profile_get_filename() : "default.profraw";
  constexpr const char* ending = ".profraw";
  if (name.ends_with(ending)) name.resize(name.size() - std::string(ending).size());
  name += "." + std::to_string(getpid()) + ending;
  __llvm_profile_set_filename(name.c_str());
}

void write_coverage_of_child() noexcept {
  // gcc's dump is a member of an archive that nothing pulls in; its exit function is always there.
  if (&__gcov_dump != nullptr)
    __gcov_dump();
  else if (&__gcov_exit != nullptr)
    __gcov_exit();
  if (&__llvm_profile_write_file != nullptr) __llvm_profile_write_file();
}

}  // namespace ravel::detail
