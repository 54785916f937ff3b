// SPDX-License-Identifier: MIT
// Names of functions and files as a reader wants them, and which frames are the user's own.
// Parent only, single-threaded. Cost: O(length of the name).
#pragma once

#include <ravel/finding.hpp>

#include <string>
#include <string_view>

namespace ravel::detail {

// "_ZN4shop5cacheE" -> "shop::cache"; what is not mangled stays as it is.
[[nodiscard]] std::string demangled(const std::string& name);

// "void shop::cache<int>::store(int) const" -> "cache::store()"; a lambda -> "lambda in store()"; the function
// that a test case macro makes -> "the test body". Empty stays empty.
[[nodiscard]] std::string short_function_name(std::string_view full);

// Removes "." and ".." and, where that makes it shorter, the directory that `base` names.
[[nodiscard]] std::string short_path(std::string_view path, std::string_view base);

// The directory that paths are shown from: the source directory of the build tree that RAVEL_BUILD_DIR names,
// else the current one.
[[nodiscard]] std::string path_base();

// Whether the file is that of a library which the language or a tool brings along: nothing in it is the user's.
[[nodiscard]] bool is_library_module(std::string_view path);

// False for frames of Ravel, the C++ library, Catch2, the sanitizers' run-time libraries and libc.
[[nodiscard]] bool is_user_frame(const frame& frame);

}  // namespace ravel::detail
