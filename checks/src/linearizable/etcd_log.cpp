// SPDX-License-Identifier: MIT
// See ravel/checks/history_file.hpp: the register logs of Jepsen's etcd test.
#include <ravel/checks/history_file.hpp>

#include <istream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace ravel::checks {

namespace {

class etcd_reader {
 public:
  etcd_reader(std::istream& from, const std::string& name) : from_(from), name_(name) {}

  history read() {
    std::string line;
    while (std::getline(from_, line)) {
      ++number_;
      take(line);
    }
    std::erase_if(history_.calls, [](const call& one) { return one.thread == nobody; });
    return std::move(history_);
  }

 private:
  static constexpr std::uint32_t nobody = ~0u;  // of a call that did not happen

  [[noreturn]] void fail(const std::string& why) const {
    throw std::invalid_argument(name_ + ":" + std::to_string(number_) + ": " + why);
  }

  // Other lines of the log are no calls: they have no process number behind the dash.
  void take(const std::string& line) {
    const std::size_t mark = line.find("jepsen.util - ");
    std::istringstream words(mark == std::string::npos ? line : line.substr(mark + 14));
    std::string process, what, operation;
    if (!(words >> process)) return;
    const bool is_call = process.find_first_not_of("0123456789") == std::string::npos;
    if (!is_call && (mark != std::string::npos || line.starts_with("INFO"))) return;
    if (!is_call || !(words >> what >> operation))
      fail("a call is: process, :invoke, :ok, :fail or :info, operation, value");
    std::string shown;
    std::getline(words, shown);
    if (what == ":invoke")
      begin(process, operation, shown);
    else if (what == ":ok" || what == ":fail" || what == ":info")
      end(process, what, shown);
    else
      fail("\"" + what + "\" is none of :invoke, :ok, :fail, :info");
  }

  std::vector<value> values_in(const std::string& words) const {
    std::vector<value> values;
    std::string plain = words;
    for (char& one : plain)
      if (one == '[' || one == ']' || one == ',') one = ' ';
    std::istringstream list(plain);
    for (std::string one; list >> one;) {
      if (one == "nil") {
        values.emplace_back();
        continue;
      }
      if (one.find_first_not_of("-0123456789") != std::string::npos || one.size() > 18) return values;  // ":timed-out"
      values.push_back(value::of(static_cast<std::int64_t>(std::stoll(one))));
    }
    return values;
  }

  void begin(const std::string& process, const std::string& operation, const std::string& shown) {
    if (in_flight_.contains(process)) fail("process " + process + " begins a call before its last one has ended");
    call one;
    one.thread = history_.thread_named(process);
    one.invoked = ++time_;
    const std::vector<value> values = values_in(shown);
    const std::size_t wanted = operation == ":cas" ? 2 : operation == ":write" ? 1 : 0;
    if (operation != ":cas" && operation != ":write" && operation != ":read")
      fail("\"" + operation + "\" is none of :read, :write, :cas");
    if (values.size() < wanted) fail("the value of " + operation + " is missing");
    one.operation = history_.operation_named(operation.substr(1));
    for (std::size_t i = 0; i < wanted; ++i) one.argument[one.argument_count++] = values[i];
    in_flight_[process] = history_.calls.size();
    history_.calls.push_back(one);
  }

  void end(const std::string& process, const std::string& what, const std::string& shown) {
    const auto place = in_flight_.find(process);
    if (place == in_flight_.end()) fail("process " + process + " ends a call that it did not begin");
    call& one = history_.calls[place->second];
    const bool is_cas = history_.operations[one.operation] == "cas";
    const bool is_read = history_.operations[one.operation] == "read";
    ++time_;
    if (what == ":info") return;  // for ever in flight: the process is not used again
    in_flight_.erase(place);
    if (what == ":fail" && !is_cas) {
      one.thread = nobody;
      return;
    }
    one.returned = time_;
    if (is_cas) one.result = value::of(what == ":ok");
    if (!is_read) return;
    const std::vector<value> values = values_in(shown);
    if (values.empty()) fail("the value that was read is missing");
    one.result = values.front();
  }

  std::istream& from_;
  const std::string& name_;
  std::size_t number_ = 0;
  std::uint64_t time_ = 0;
  std::map<std::string, std::size_t> in_flight_;
  history history_;
};

}  // namespace

history read_etcd_log(std::istream& from, const std::string& name) { return etcd_reader(from, name).read(); }

}  // namespace ravel::checks
