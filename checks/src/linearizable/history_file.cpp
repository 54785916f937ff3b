// SPDX-License-Identifier: MIT
// See ravel/checks/history_file.hpp: Ravel's own format.
#include <ravel/checks/history_file.hpp>

#include <algorithm>
#include <charconv>
#include <istream>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <vector>

namespace ravel::checks {

namespace {

std::string quoted(const std::string& words) {
  std::string text = "\"";
  for (const char one : words) {
    if (one == '"' || one == '\\') text += '\\';
    text += one == '\n' ? ' ' : one;
  }
  return text + "\"";
}

std::string written(const history& history, const value& one) {
  if (one.shape == value::form::text) return quoted(history.words_for(one));
  if (one.shape == value::form::thrown) return "throws " + quoted(history.texts.at(static_cast<std::size_t>(one.bits)));
  return history.words_for(one);
}

struct field {
  std::string words;
  bool is_quoted = false;
};

template <class Number>
std::optional<Number> number_in(const std::string& words) {
  Number number{};
  const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
  if (error != std::errc() || end != words.data() + words.size()) return std::nullopt;
  return number;
}

class reader {
 public:
  reader(std::istream& from, const std::string& name) : from_(from), name_(name) {}

  history read() {
    if (!next() || line_ != "ravel history 1") fail("the first line is to be: ravel history 1");
    while (next()) {
      const std::vector<field> fields = fields_of_line();
      if (fields.empty()) continue;
      if (fields.size() == 2 && fields[0].words == "margin")
        history_.margin = time(fields[1]);
      else
        add(fields);
    }
    std::ranges::stable_sort(history_.calls, {}, &call::invoked);
    return std::move(history_);
  }

 private:
  bool next() {
    ++number_;
    return static_cast<bool>(std::getline(from_, line_));
  }
  [[noreturn]] void fail(const std::string& why) const {
    throw std::invalid_argument(name_ + ":" + std::to_string(number_) + ": " + why);
  }

  std::vector<field> fields_of_line() const {
    std::vector<field> fields;
    for (std::size_t at = line_.find_first_not_of(" \t"); at < line_.size(); at = line_.find_first_not_of(" \t", at)) {
      if (line_[at] == '#') break;
      field& one = fields.emplace_back();
      one.is_quoted = line_[at] == '"';
      if (!one.is_quoted) {
        const std::size_t end = std::min(line_.find_first_of(" \t", at), line_.size());
        one.words = line_.substr(at, end - at);
        at = end;
        continue;
      }
      for (++at; at < line_.size() && line_[at] != '"'; ++at) {
        if (line_[at] == '\\' && at + 1 < line_.size()) ++at;
        one.words += line_[at];
      }
      if (at++ >= line_.size()) fail("a text without its second quote");
    }
    return fields;
  }

  std::uint64_t time(const field& one) const {
    const std::optional<std::uint64_t> number = number_in<std::uint64_t>(one.words);
    if (!number || one.is_quoted) fail("\"" + one.words + "\" is no time; write a whole number");
    return *number;
  }

  value value_of(const field& one) {
    if (one.is_quoted) return history_.text(one.words);
    if (one.words == "nothing") return {};
    if (one.words == "true" || one.words == "false") return value::of(one.words == "true");
    const std::optional<std::int64_t> number = number_in<std::int64_t>(one.words);
    if (!number) fail("\"" + one.words + "\" is no value; write a number, true, false, nothing, or a text in quotes");
    return value::of(*number);
  }

  void add(const std::vector<field>& fields) {
    const auto arrow =
        std::ranges::find_if(fields, [](const field& one) { return !one.is_quoted && one.words == "->"; });
    if (arrow == fields.end() || arrow - fields.begin() < 4)
      fail("a call is: thread, invoked, returned or -, operation, arguments, ->, result");
    call one;
    one.thread = history_.thread_named(fields[0].words);
    one.invoked = time(fields[1]);
    if (fields[2].words != "-") one.returned = time(fields[2]);
    one.operation = history_.operation_named(fields[3].words);
    for (auto argument = fields.begin() + 4; argument != arrow; ++argument) {
      if (one.argument_count == call::most_arguments) fail("more than 3 arguments; write them as one text");
      one.argument[one.argument_count++] = value_of(*argument);
    }
    if (!one.is_pending() && one.returned < one.invoked) fail("the call returns before it is invoked");
    const auto results = fields.end() - arrow - 1;
    if (results == 2 && arrow[1].words == "throws" && arrow[2].is_quoted)
      one.result = history_.thrown(arrow[2].words);
    else if (results == 1 && !one.is_pending())
      one.result = value_of(arrow[1]);
    else if (results != 0 || !one.is_pending())
      fail("a call that returned has one result, any other none");
    history_.calls.push_back(one);
  }

  std::istream& from_;
  const std::string& name_;
  std::string line_;
  std::size_t number_ = 0;
  history history_;
};

}  // namespace

void write_history(std::ostream& to, const history& history) {
  to << "ravel history 1\n";
  if (history.margin != 0) to << "margin " << history.margin << "\n";
  for (const call& one : history.calls) {
    to << quoted(history.threads[one.thread]) << ' ' << one.invoked << ' '
       << (one.is_pending() ? "-" : std::to_string(one.returned)) << ' ' << quoted(history.operations[one.operation]);
    for (std::uint32_t i = 0; i < one.argument_count; ++i) to << ' ' << written(history, one.argument[i]);
    to << " ->" << (one.is_pending() ? "" : " " + written(history, one.result)) << "\n";
  }
}

history read_history(std::istream& from, const std::string& name) { return reader(from, name).read(); }

}  // namespace ravel::checks
