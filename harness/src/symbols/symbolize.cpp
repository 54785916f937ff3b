// SPDX-License-Identifier: MIT
// Program counters to functions and lines, by llvm-symbolizer or addr2line, whichever is on PATH; without
// either by dladdr, and symbolizer_problem() says so. The sanitizers' own symbolizers are not asked: a plain
// binary has none, and TSan's may not be called while its report is being made.
// Cost: one process for all modules (llvm-symbolizer, which is asked again in the same run) or one a module
// (addr2line); about 0.1 s. What was answered once is known.
#include "symbolize.hpp"

#include "names.hpp"
#include "symbolizer_process.hpp"

#include <dlfcn.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

namespace ravel::detail {

namespace {

constexpr double seconds_at_most = 60;

struct address {
  const module_entry* module = nullptr;
  std::uintptr_t in_file = 0;
};

std::string& problem() {
  static std::string text;
  return text;
}

address locate(std::uintptr_t pc, const module_table& modules) {
  // acquire: the entries that it counts
  const std::uint32_t count = std::min(modules.count.load(std::memory_order_acquire), module_table::capacity);
  // The latest entry wins: an address range may have been used again by another library.
  for (std::uint32_t i = count; i-- > 0;) {
    const module_entry& entry = modules.entries[i];
    if (pc >= entry.begin && pc < entry.end) return {&entry, pc - entry.bias};
  }
  return {};
}

// llvm-symbolizer as it runs, for as long as anybody may ask it.
int askers = 0;
std::unique_ptr<conversation>& symbolizer() {
  static std::unique_ptr<conversation> running;
  return running;
}

std::string hexadecimal(std::uintptr_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%zx", static_cast<std::size_t>(value));
  return text;
}

// "file.cpp:12:3", "file.cpp:12 (discriminator 2)", "file.cpp:?"
void set_place(frame& frame, std::string text, bool has_column) {
  if (const std::size_t extra = text.find(" (discriminator"); extra != std::string::npos) text.resize(extra);
  if (has_column) text.resize(std::min(text.rfind(':'), text.size()));
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || text.starts_with("??")) return;
  frame.line = static_cast<unsigned>(std::strtoul(text.c_str() + colon + 1, nullptr, 10));
  frame.file = std::filesystem::path(text.substr(0, colon)).lexically_normal().string();
}

// Both tools were asked to print each address before its pairs of lines (function, place).
std::vector<std::vector<frame>> parse(const std::string& output, bool has_column) {
  std::vector<std::vector<frame>> result;
  std::string function;
  bool is_place_next = false;
  for (std::size_t begin = 0; begin < output.size();) {
    const std::size_t end = std::min(output.find('\n', begin), output.size());
    std::string line = output.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty()) continue;
    if (is_place_next) {
      is_place_next = false;
      if (result.empty()) continue;
      frame& added = result.back().emplace_back();
      if (function != "??") added.function = demangled(function);
      set_place(added, std::move(line), has_column);
    } else if (line.starts_with("0x")) {
      result.emplace_back();
    } else {
      function = std::move(line);
      is_place_next = true;
    }
  }
  return result;
}

using questions = std::map<std::string, std::vector<std::uintptr_t>>;  // by the module's path

// A file at a path is another one after it was written anew.
struct file_identity {
  dev_t device = 0;
  ino_t number = 0;
  off_t size = 0;
  std::int64_t written_ns = 0;
  bool operator==(const file_identity&) const = default;
};

file_identity identity_of(const std::string& path) {
  struct stat file{};
  if (stat(path.c_str(), &file) != 0) return {};
  return {file.st_dev, file.st_ino, file.st_size, file.st_mtim.tv_sec * 1'000'000'000 + file.st_mtim.tv_nsec};
}

// What was answered before, also in the process that forked this one.
struct known_file {
  file_identity identity;
  std::map<std::uintptr_t, std::vector<frame>> frames;
};
using answers = std::map<std::string, known_file>;
answers& all_known() {
  static answers known;
  return known;
}

bool ask_llvm(const std::string& program, const questions& asked, answers& known) {
  std::string input;
  std::size_t wanted = 0;
  for (const auto& [module, places] : asked)
    for (const std::uintptr_t place : places) {
      input += "CODE \"" + module + "\" " + hexadecimal(place) + "\n";
      ++wanted;
    }
  std::unique_ptr<conversation>& running = symbolizer();
  if (running != nullptr && !running->is_open()) running.reset();  // a forked process has no part in its parent's
  if (running == nullptr)
    running = std::make_unique<conversation>(std::vector<std::string>{
        program, "--demangle", "--inlines", "--functions=linkage", "--print-address", "--output-style=LLVM"});
  const process_result ran = running->ask(input, wanted, seconds_at_most);
  if (!ran.is_done || askers == 0) running.reset();
  std::vector<std::vector<frame>> found = parse(ran.output, true);
  if (!ran.is_done || found.size() != wanted) return false;
  auto next = found.begin();
  for (const auto& [module, places] : asked)
    for (const std::uintptr_t place : places) known[module].frames[place] = std::move(*next++);
  return true;
}

bool ask_addr2line(const std::string& program, const questions& asked, answers& known) {
  bool is_complete = true;
  for (const auto& [module, places] : asked) {
    std::string input;
    for (const std::uintptr_t place : places) input += hexadecimal(place) + "\n";
    const process_result ran = run_process({program, "-f", "-C", "-i", "-a", "-e", module}, input, seconds_at_most);
    std::vector<std::vector<frame>> found = parse(ran.output, false);
    if (!ran.is_done || found.size() != places.size()) {
      is_complete = false;
      continue;
    }
    for (std::size_t i = 0; i < places.size(); ++i) known[module].frames[places[i]] = std::move(found[i]);
  }
  return is_complete;
}

void ask_tools(const questions& asked, answers& known) {
  std::vector<std::string> names = {"llvm-symbolizer"};
  for (int version = 24; version >= 14; --version) names.push_back("llvm-symbolizer-" + std::to_string(version));
  const std::string llvm = find_program(names);
  if (!llvm.empty() && ask_llvm(llvm, asked, known)) return;
  const std::string binutils = find_program({"addr2line"});
  if (!binutils.empty() && ask_addr2line(binutils, asked, known)) return;
  if (llvm.empty() && binutils.empty())
    problem() = "no source lines: neither llvm-symbolizer nor addr2line is on PATH (Debian: llvm or binutils)";
  else
    problem() =
        "some source lines are missing: " + (binutils.empty() ? llvm : binutils) + " could not read every module";
}

// What the dynamic loader knows: exported names only, no lines.
frame by_loader(std::uintptr_t pc) {
  frame result;
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(pc), &info) != 0 && info.dli_sname != nullptr)
    result.function = demangled(info.dli_sname);
  return result;
}

std::vector<frame> frames_at(std::uintptr_t pc, const address& place, const answers& known) {
  std::vector<frame> frames;
  if (place.module != nullptr) {
    if (const auto module = known.find(place.module->path); module != known.end())
      if (const auto found = module->second.frames.find(place.in_file); found != module->second.frames.end())
        frames = found->second;
  }
  const bool is_unknown =
      frames.empty() || (frames.size() == 1 && frames[0].function.empty() && frames[0].file.empty());
  if (is_unknown) frames.assign(1, by_loader(pc));
  for (frame& frame : frames) {
    frame.module = place.module == nullptr ? "" : place.module->path;
    frame.offset = place.in_file;
    frame.is_user = is_user_frame(frame);
  }
  return frames;
}

}  // namespace

void forget_symbols() noexcept { all_known().clear(); }

symbolizing::symbolizing() noexcept { ++askers; }
symbolizing::~symbolizing() {
  if (--askers == 0) symbolizer().reset();
}

std::string symbolizer_problem() { return problem(); }

std::vector<std::vector<frame>> symbolize(const std::vector<std::uintptr_t>& pcs, const module_table& modules) {
  // A return address is that of the instruction after the call, which may belong to another line.
  std::vector<address> places;
  std::map<std::string, std::set<std::uintptr_t>> wanted;
  for (const std::uintptr_t pc : pcs) {
    places.push_back(locate(pc - 1, modules));
    const module_entry* module = places.back().module;
    // What the loader knows of libc and its like is enough; to read their debug information takes longer than all else.
    if (module != nullptr && module->path[0] == '/' && !is_library_module(module->path))
      wanted[module->path].insert(places.back().in_file);
  }
  answers& known = all_known();
  questions asked;
  for (const auto& [path, addresses] : wanted) {
    known_file& file = known[path];
    if (const file_identity identity = identity_of(path); identity != file.identity) file = {identity, {}};
    for (const std::uintptr_t one : addresses)
      if (!file.frames.contains(one)) asked[path].push_back(one);
  }
  problem().clear();
  if (!asked.empty()) ask_tools(asked, known);
  std::vector<std::vector<frame>> result;
  for (std::size_t i = 0; i < pcs.size(); ++i) result.push_back(frames_at(pcs[i] - 1, places[i], known));
  return result;
}

}  // namespace ravel::detail
