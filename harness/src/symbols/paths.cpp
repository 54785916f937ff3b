// SPDX-License-Identifier: MIT
// File names as a reader wants them, whose frames they are, and words for a shell.
#include "names.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace ravel::detail {

namespace {

// The directory Ravel was compiled in, with a trailing slash: frames with debug information point there.
std::string_view own_sources() {
  static const std::string root = [] {
    const std::string here = std::filesystem::path(__FILE__).lexically_normal().string();
    const std::size_t at = here.rfind("harness/src/symbols/");
    return at == std::string::npos ? std::string("/nowhere/") : here.substr(0, at);
  }();
  return root;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

bool is_own_file(std::string_view file) {
  if (has(file, "/include/ravel/")) return true;
  if (!file.starts_with(own_sources())) return false;
  file.remove_prefix(own_sources().size());
  return file.starts_with("harness/src/") || file.starts_with("checks/src/") || file.starts_with("fixtures/src/");
}

bool is_library_file(std::string_view file) {
  const std::string_view base = file.substr(file.rfind('/') + 1);
  return has(file, "/include/c++/") || (file.starts_with("/usr/include/") && has(file, "/c++/")) ||
         has(file, "/c++/v1/") || has(file, "/libsanitizer/") || has(file, "/compiler-rt/") || has(file, "/sysdeps/") ||
         has(file, "/libstdc++-v3/") || has(file, "/libgcc/") || (has(file, "/catch2/") && base.starts_with("catch")) ||
         base.starts_with("catch_amalgamated.") ||
         base.ends_with(".o");  // what a runtime without debug information has for a file name
}

// Only asked when there is no file name to go by.
bool is_library_function(std::string_view name) {
  for (const std::string_view start :
       {"std::",        "void std::",      "__gnu_cxx::",    "ravel::",         "void ravel::", "Catch::",
        "operator new", "operator delete", "__interceptor_", "___interceptor_", "__tsan",       "__asan",
        "__ubsan",      "__lsan",          "__sanitizer",    "__cxa_",          "_Unwind_",     "__libc_",
        "__wrap_",      "_start",          "_init",          "_fini",           "pthread_",     "__pthread_"})
    if (name.starts_with(start)) return true;
  for (const std::string_view function :
       {"malloc", "calloc", "realloc", "free", "memcpy", "memmove", "memset", "abort"})
    if (name == function) return true;
  return false;
}

}  // namespace

bool is_library_module(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view library :
       {"libc.", "libc-", "libm.", "ld-linux", "libdl.", "librt.", "libpthread", "libstdc++.", "libc++", "libgcc_s.",
        "libunwind.", "libtsan.", "libasan.", "libubsan.", "liblsan.", "libclang_rt.", "linux-vdso", "vgpreload_"})
    if (name.starts_with(library)) return true;
  return false;
}

bool is_user_frame(const frame& frame) {
  if (is_library_module(frame.module)) return false;
  if (!frame.file.empty()) return !is_own_file(frame.file) && !is_library_file(frame.file);
  return !frame.function.empty() && !is_library_function(frame.function);
}

std::string short_path(std::string_view path, std::string_view base) {
  if (path.empty()) return {};
  const std::string normal = std::filesystem::path(path).lexically_normal().string();
  if (!base.empty() && normal.size() > base.size() + 1 && normal.starts_with(base) && normal[base.size()] == '/')
    return normal.substr(base.size() + 1);
  return normal;
}

std::string path_base() {
  if (const char* build = std::getenv("RAVEL_BUILD_DIR"); build != nullptr && *build != '\0') {
    std::ifstream cache(std::string(build) + "/CMakeCache.txt");
    constexpr std::string_view key = "CMAKE_HOME_DIRECTORY:INTERNAL=";
    for (std::string line; std::getline(cache, line);)
      if (line.starts_with(key)) return line.substr(key.size());
  }
  std::error_code error;
  const std::string here = std::filesystem::current_path(error).string();
  return here == "/" ? "" : here;
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:=@%,";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

}  // namespace ravel::detail
