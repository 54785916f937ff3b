// SPDX-License-Identifier: MIT
// Function names, paths and shell words as a reader wants them. The long names are what gcc 12, clang 14 and
// clang 19 with llvm-symbolizer and addr2line really gave.
#include "catch.hpp"
#include "report/words.hpp"
#include "symbols/names.hpp"

#include <string>
#include <utility>

using ravel::detail::is_user_frame;
using ravel::detail::shell_word;
using ravel::detail::short_function_name;
using ravel::detail::short_path;

TEST_CASE("report names: functions lose parameters, templates and namespaces", "[harness]") {
  const std::pair<const char*, const char*> expected[] = {
      {"main", "main()"},
      {"store", "store()"},
      {"shop::(anonymous namespace)::session_cache::store(int, std::__cxx11::basic_string<char> const&)",
       "session_cache::store()"},
      {"std::unique_ptr<int, std::default_delete<int> >::operator->() const", "unique_ptr::operator->()"},
      {"shop::(anonymous namespace)::session_cache::operator<(int)", "session_cache::operator<()"},
      {"std::ostream& shop::operator<< <int>(std::ostream&, shop::box<int> const&)", "shop::operator<<()"},
      {"std::function<void (ravel::worker&)>::operator()(ravel::worker&) const", "function::operator()"},
      {"operator()", "a lambda"},
      {"operator new(unsigned long)", "operator new()"},
      {"shop::cache::operator bool() const", "cache::operator bool()"},
      {"shop::cache<int>::~cache()", "cache::~cache()"},
      {"deep<the_body(ravel::trial&)::<lambda(ravel::worker&)>::<lambda(int)> >", "deep()"},
      {"std::enable_if<is_invocable_r_v<void, f()::$_0&>, void>::type std::__invoke_r<void, f()::$_0&>(f()::$_0&)",
       "std::__invoke_r()"},
      {"cache::store(int) (.constprop.0)", "cache::store()"},
      {"", ""},
  };
  for (const auto& [full, name] : expected) CHECK(short_function_name(full) == name);
}

TEST_CASE("report names: a lambda is told by the function it is in, in all three dialects", "[harness]") {
  for (const char* full :
       {"the_body(ravel::trial&)::'lambda'(ravel::worker&)::operator()(ravel::worker&) const",
        "the_body(ravel::trial&)::'lambda0'(ravel::worker&)::operator()(ravel::worker&) const (.constprop.0)",
        "the_body(ravel::trial&)::$_0::operator()(ravel::worker&) const",
        "the_body(ravel::trial&)::{lambda(ravel::worker&)#1}::operator()(ravel::worker&) const",
        "the_body(ravel::trial&)::<lambda(ravel::worker&)>",
        "the_body(ravel::trial&)::$_0::operator()(ravel::worker&) const::'lambda'(int)::operator()(int) const"})
    CHECK(short_function_name(full) == "lambda in the_body()");
  CHECK(short_function_name("ravel_test_body_3(ravel::trial&)::$_0::operator()(ravel::worker&) const") ==
        "lambda in the test body");
  CHECK(short_function_name("CATCH2_INTERNAL_TEST_0()") == "the test body");
  CHECK(short_function_name("void shop::deep<f()::$_0>(f()::$_0)::'lambda'(int)::operator()(int) const") ==
        "lambda in shop::deep()");
}

TEST_CASE("report names: garbage neither hangs nor crashes", "[harness]") {
  for (const char* text : {"<", "(", "::", "'lambda", "{lambda", "$_", "operator", "a<b", ")))", " ", "f(", "<lambda("})
    CHECK(short_function_name(text).size() < 40);
}

TEST_CASE("report names: paths are shown from the base when they lie under it", "[harness]") {
  CHECK(short_path("/home/me/shop/src/cache.cpp", "/home/me/shop") == "src/cache.cpp");
  CHECK(short_path("/home/me/shopping/cache.cpp", "/home/me/shop") == "/home/me/shopping/cache.cpp");
  CHECK(short_path("/home/me/shop/build/../src/./cache.cpp", "/home/me/shop") == "src/cache.cpp");
  CHECK(short_path("cache.cpp", "/home/me/shop") == "cache.cpp");
  CHECK(short_path("/home/me/shop/cache.cpp", "") == "/home/me/shop/cache.cpp");
}

TEST_CASE("report names: shell words are quoted when they must be", "[harness]") {
  CHECK(shell_word("/opt/shop/cache_test") == "/opt/shop/cache_test");
  CHECK(shell_word("two words") == "'two words'");
  CHECK(shell_word("it's $HOME") == "'it'\\''s $HOME'");
  CHECK(shell_word("") == "''");
}

TEST_CASE("report names: frames of Ravel, the C++ library, Catch2 and the sanitizers are not the user's", "[harness]") {
  ravel::frame frame;
  frame.module = "/opt/shop/cache_test";
  const auto is_user = [&](const char* function, const char* file) {
    frame.function = function;
    frame.file = file;
    return is_user_frame(frame);
  };
  CHECK(is_user("shop::cache::store(int)", "/home/me/shop/cache.cpp"));
  CHECK(is_user("operator()(ravel::worker&)", "/home/me/shop/cache_test.cpp"));
  CHECK(is_user("std::hash<shop::key>::operator()(shop::key const&) const", "/home/me/shop/key.hpp"));
  CHECK(is_user("tbb::detail::r1::spawn()", "/usr/include/oneapi/tbb/task.h"));
  CHECK(is_user("shop_store", ""));
  CHECK_FALSE(is_user("std::vector<int>::at(unsigned long)", "/usr/include/c++/12/bits/stl_vector.h"));
  CHECK_FALSE(
      is_user("void std::__invoke_impl<void>()", "/usr/lib/gcc/x86_64-linux-gnu/12/include/c++/12/bits/invoke.h"));
  CHECK_FALSE(is_user("ravel::worker::repeat<f>(unsigned long, f)", "/usr/local/include/ravel/worker.hpp"));
  CHECK_FALSE(is_user("Catch::RunContext::run()", "/usr/include/catch2/catch.hpp"));
  CHECK_FALSE(is_user("__interceptor_malloc", "../../../../src/libsanitizer/asan/asan_malloc_linux.cpp"));
  CHECK_FALSE(is_user("operator new(unsigned long)", ""));
  CHECK_FALSE(is_user("", ""));
  frame.module = "/lib/x86_64-linux-gnu/libc.so.6";
  CHECK_FALSE(is_user("abort", "./stdlib/abort.c"));
}
