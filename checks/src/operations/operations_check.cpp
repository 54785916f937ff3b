// SPDX-License-Identifier: MIT
// See operations_check.hpp.
#include "operations_check.hpp"

#include "fuzz_api.hpp"
#include "program_area.hpp"

#include <ravel/domains.hpp>
#include <ravel/report.hpp>

#include <cctype>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace ravel::checks {
namespace detail {
namespace {

// The parent's; children inherit it, and those that replay write there, too. Written between runs only.
program_area* program_in_use = nullptr;
bool has_shown_executions = false;

// What check_operations is given for a table at that line, if it is one word.
std::string table_at(const site& place) {
  std::ifstream source(place.file);
  std::string line;
  for (unsigned number = 1; number <= place.line && std::getline(source, line); ++number) {
    const std::size_t call = line.find("check_operations(trial, ");
    if (number != place.line || call == std::string::npos) continue;
    std::string word;
    for (std::size_t i = call + std::strlen("check_operations(trial, "); i < line.size(); ++i) {
      const char one = line[i];
      if (std::isalnum(static_cast<unsigned char>(one)) == 0 && one != '_' && one != ':')
        return one == ',' || one == ')' ? word : std::string();
      word += one;
    }
  }
  return {};
}

using made_calls = std::vector<std::vector<const written_call*>>;

void print_threads(const made_calls& threads, std::ostream& text) {
  for (std::size_t thread = 0; thread < threads.size(); ++thread) {
    text << (thread == 0 ? "\n          {" : ",\n          {");
    for (std::size_t i = 0; i < threads[thread].size(); ++i) {
      if (i != 0) text << ", ";
      ravel::detail::print_text(threads[thread][i]->words.c_str(), text);
    }
    text << '}';
  }
}

// The calls that were made, as a test that can be pasted.
std::string as_test(const program_area& area, const std::string& test_case) {
  made_calls threads(area.threads);
  for (std::uint32_t i = 0; i < area.count; ++i)
    if (const written_call& one = area.calls[i];
        one.is_made.load(std::memory_order_relaxed) != 0)  // its process is gone
      threads[one.thread].push_back(&one);
  std::erase_if(threads, [](const auto& calls) { return calls.empty(); });
  if (threads.empty()) return {};
  std::ostringstream text;
  const char* file = std::strrchr(area.place.file, '/');
  const std::string where = (file == nullptr ? area.place.file : file + 1) + (":" + std::to_string(area.place.line));
  text << "this program shows it, as a test of its own";
  const written_api* api = api_at(area.place);
  std::string table = api != nullptr ? api->table : table_at(area.place);
  const bool is_known = !table.empty();
  if (!is_known) table = "operations";
  if (api != nullptr)
    text << " (" << table << ": the table at " << where << "):\n";
  else
    text << " (" << (is_known ? "" : "operations: the table, and ") << "further options as at " << where << "):\n";
  text << "    RAVEL_TEST_CASE(";
  ravel::detail::print_text(test_case + ", by hand", text);
  text << ", \"[operations]\") {\n";
  if (api != nullptr) {
    text << "      ravel::checks::operations_options<" << api->type << "> options" << (*api->options == 0 ? "" : " ")
         << api->options << ";\n      options.program = {";
    print_threads(threads, text);
    text << "};\n      ravel::checks::check_operations(trial, " << table << ", options);\n    }";
  } else {
    text << "      ravel::checks::check_operations(trial, " << table << ", {.program = {";
    print_threads(threads, text);
    text << "}});\n    }";
  }
  return text.str();
}

class operations_check final : public observer {
 public:
  ~operations_check() override {
    if (is_first_) program_in_use = nullptr;
  }

  void run_started(run_view& run) override {
    is_first_ = run.starts() == 1;
    has_shown_executions = !is_first_ || run.is_replay();
    if (is_first_) program_in_use = static_cast<program_area*>(run.shared_memory(sizeof(program_area)));
  }
  void trial_started(run_view&) override {
    if (program_in_use != nullptr && program_in_use->count != 0) program_in_use->count = 0;
  }
  void execution_shown(run_view& run, finding& finding) override {
    if (program_in_use == nullptr || program_in_use->count == 0 || program_in_use->has_lost) return;
    if (std::string test = as_test(*program_in_use, run.name()); !test.empty())
      finding.notes.push_back(std::move(test));
  }

 private:
  bool is_first_ = false;
};

}  // namespace

bool is_shown() noexcept { return has_shown_executions; }

program_area* area_of_program() noexcept { return current_run() == nullptr ? nullptr : program_in_use; }

}  // namespace detail

std::unique_ptr<observer> make_operations_check() { return std::make_unique<detail::operations_check>(); }

}  // namespace ravel::checks
