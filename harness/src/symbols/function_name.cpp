// SPDX-License-Identifier: MIT
// Shortens demangled names. They come in three dialects: the demanglers of LLVM ("f()::'lambda'(int)",
// "f()::$_0") and binutils ("f()::{lambda(int)#1}"), and gcc's names of inlined functions in debug
// information ("f()::<lambda(int)>", or just "operator()"). A name that fits none is shown as it is.
#include "names.hpp"

#include <cxxabi.h>

#include <cstdlib>

#include <vector>

namespace ravel::detail {

namespace {

constexpr std::string_view lambda_mark = "{lambda}";
constexpr std::string_view unnamed = "(anonymous namespace)";

// Position after the bracket that closes the one at `at`. Brackets of operators inside are rare enough to ignore.
std::size_t skip_brackets(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '(' || c == '<' || c == '{' || c == '[') ++depth;
    const bool is_arrow = c == '>' && at > 0 && text[at - 1] == '-';
    if ((c == ')' || c == '>' || c == '}' || c == ']') && !is_arrow && --depth == 0) return at + 1;
  }
  return text.size();
}

class name_parser {
 public:
  explicit name_parser(std::string_view text) : text_(text) {}

  std::vector<std::string> parse() {
    while (at_ < text_.size() && !is_done_) step();
    finish_part();
    return std::move(parts_);
  }

 private:
  bool starts(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }

  void finish_part() {
    if (!part_.empty()) parts_.push_back(part_);
    part_.clear();
  }

  void take_lambda(std::size_t end) {
    part_ = lambda_mark;
    at_ = end;
    if (at_ < text_.size() && text_[at_] == '(') at_ = skip_brackets(text_, at_);
  }

  // "operator" and its symbol, which may hold brackets.
  void take_operator() {
    part_ = "operator";
    at_ += part_.size();
    if (starts("()")) {
      part_ += "()";
      at_ += 2;
    } else if (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '"')) {
      while (at_ < text_.size() && text_[at_] != '(' && text_[at_] != '<') part_ += text_[at_++];
    } else {
      while (at_ < text_.size() && std::string_view("+-*/%^&|~!=<>,[]").find(text_[at_]) != std::string_view::npos)
        part_ += text_[at_++];
    }
  }

  // After a space the real name begins, what came before was the return type; but "const" and clones end it.
  void take_space() {
    ++at_;
    if (part_.starts_with("operator") && starts("<")) return;  // "operator<< <int>"
    for (const std::string_view end : {"const", "volatile", "&", "[", "(.", "noexcept"})
      if (starts(end) && !(part_.empty() && parts_.empty())) {
        is_done_ = true;
        return;
      }
    part_.clear();
    parts_.clear();
  }

  bool is_at_start_of_part() const { return part_.empty(); }

  void step() {
    if (is_at_start_of_part()) {
      if (starts(unnamed)) {
        at_ += unnamed.size();
        return;
      }
      if (starts("'lambda")) return take_lambda(text_.find('\'', at_ + 1) + 1);
      if (starts("'unnamed")) return take_lambda(text_.find('\'', at_ + 1) + 1);
      if (starts("{lambda") || starts("<lambda")) return take_lambda(skip_brackets(text_, at_));
      if (starts("$_")) return take_lambda(text_.find_first_not_of("$_0123456789", at_));
      if (starts("operator") && !starts("operator_")) return take_operator();
    }
    const char c = text_[at_];
    if (starts("::")) {
      finish_part();
      at_ += 2;
    } else if (c == '<' || c == '(' || c == '[' || c == '{') {
      at_ = skip_brackets(text_, at_);
    } else if (c == ' ') {
      take_space();
    } else {
      part_ += c;
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_done_ = false;
  std::string part_;
  std::vector<std::string> parts_;
};

// Functions that macros make have names nobody wrote.
bool is_test_body(std::string_view name) {
  return name.starts_with("ravel_test_body_") || name.starts_with("C_A_T_C_H_T_E_S_T_") ||
         name.starts_with("CATCH2_INTERNAL_TEST_") || name == "TestBody";
}

std::string join_last_two(const std::vector<std::string>& parts, std::size_t count) {
  const std::string& last = parts[count - 1];
  if (is_test_body(last)) return "the test body";
  const std::string call = last.ends_with("()") ? last : last + "()";
  return count > 1 ? parts[count - 2] + "::" + call : call;
}

}  // namespace

std::string short_function_name(std::string_view full) {
  const std::vector<std::string> parts = name_parser(full).parse();
  if (parts.empty()) return std::string(full);
  // gcc's name of an inlined lambda; a function object of a named class keeps its class.
  if (parts.size() == 1 && parts[0] == "operator()") return "a lambda";
  std::size_t outer = 0;
  while (outer < parts.size() && parts[outer] != lambda_mark) ++outer;
  if (outer == parts.size()) return join_last_two(parts, parts.size());
  return outer == 0 ? "a lambda" : "lambda in " + join_last_two(parts, outer);
}

std::string demangled(const std::string& name) {
  if (!name.starts_with("_Z")) return name;
  int status = 0;
  char* text = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  std::string result = status == 0 && text != nullptr ? text : name;
  std::free(text);
  return result;
}

}  // namespace ravel::detail
