// SPDX-License-Identifier: MIT
// A program with things to name. It asks ravel_names, whose path is its argument, of its own variables by their
// addresses, and compares the answers with what the source calls them. Compiled by each compiler, in DWARF 4 and 5,
// with and without optimisation.
#include <link.h>

#include <array>
#include <atomic>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>
#include <unistd.h>

enum class colour : std::uint8_t { red, green = 5 };

struct point {
  std::int32_t x, y;
};

struct base {
  int of_base = 1;
};
struct empty {};

struct node : empty, base {
  node* next = nullptr;
  bool is_leaf = false;
  char letter = 'x';
  colour hue = colour::red;
  point where{};
  double weight = 0;
  union {
    std::uint64_t whole;
    std::uint32_t halves[2];
  };
  std::mutex guard;
  std::atomic<long> count{0};
  static int made;
};
int node::made = 0;

node table[4];

namespace shop {
namespace {
int hidden = 1;
}
struct cache {
  int stored_ = 0;
  std::array<short, 3> last_{};
} cache;
}  // namespace shop

namespace {

struct question {
  std::string text, expected;
};
std::vector<question> questions;
std::uintptr_t bias = 0;

std::string hexadecimal(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%" PRIx64, value);
  return text;
}

std::string own_path() {
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  return std::string(path, length < 0 ? 0 : static_cast<std::size_t>(length));
}

void ask(const std::string& text, const std::string& expected) { questions.push_back({text, expected}); }

void global(const void* address, unsigned bytes, const std::string& value, const std::string& expected) {
  ask("G\t" + own_path() + "\t" + hexadecimal(reinterpret_cast<std::uintptr_t>(address) - bias) + "\t" +
          hexadecimal(bytes) + "\t" + value,
      expected);
}

void member(const std::string& type, std::size_t block, std::size_t offset, unsigned bytes, const std::string& value,
            const std::string& expected) {
  ask("T\t" + own_path() + "\t" + type + "\t" + hexadecimal(block) + "\t" + hexadecimal(offset) + "\t" +
          hexadecimal(bytes) + "\t" + value,
      expected);
}

// The function that calls this one, by its return address and frame pointer.
void local(std::uintptr_t pc, std::uintptr_t frame, const void* address, unsigned bytes, const std::string& expected) {
  const auto at = static_cast<std::intptr_t>(reinterpret_cast<std::uintptr_t>(address) - frame);
  ask("L\t" + own_path() + "\t" + hexadecimal(pc - 1 - bias) + "\t" + (at < 0 ? "-" : "") +
          hexadecimal(static_cast<std::uint64_t>(at < 0 ? -at : at)) + "\t" + hexadecimal(bytes) + "\t-",
      expected);
}

[[gnu::noinline]] std::uintptr_t here() { return reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)); }

[[gnu::noinline]] void ask_locals() {
  node list[2];
  int plain = 3;
  asm volatile("" ::"r"(&list), "r"(&plain) : "memory");
  const auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const std::uintptr_t pc = here();
  local(pc, frame, &list[1].next, 8, "list[1].next\t\t");
  local(pc, frame, &list[0].guard, 0, "list[0].guard\t\t");
  local(pc, frame, &plain, 4, "plain\t\t");
  asm volatile("" ::"r"(&list), "r"(&plain) : "memory");
}

int find_bias(dl_phdr_info* info, std::size_t, void*) {
  bias = info->dlpi_addr;
  return 1;
}

void ask_globals() {
  global(&table[3].next, 8, "0x0", "table[3].next\tnullptr\tpointer");
  global(&table[1].is_leaf, 1, "0x1", "table[1].is_leaf\ttrue\t");
  global(&table[1].letter, 1, "0x78", "table[1].letter\t'x'\t");
  global(&table[0].hue, 1, "0x5", "table[0].hue\tgreen\t");
  global(&table[0].where, 8, "0x200000001", "table[0].where\t{x = 1, y = 2}\t");
  global(&table[0].where.y, 4, "0xffffffff", "table[0].where.y\t-1\t");
  global(&table[2].of_base, 4, "0x7", "table[2].of_base\t7\t");
  global(&table[2].weight, 8, "0x3ff8000000000000", "table[2].weight\t1.5\t");
  global(&table[2].whole, 8, "0x9", "table[2].whole\t9\t");
  global(&table[2].halves[0], 4, "0x9", "table[2].halves[0]\t9\t");
  global(&table[2].guard, 0, "-", "table[2].guard\t\t");
  global(&table[2].count, 8, "0x2a", "table[2].count\t42\t");
  global(&node::made, 4, "0x0", "node::made\t0\t");
  global(&shop::cache.stored_, 4, "0x3", "shop::cache.stored_\t3\t");
  global(&shop::cache.last_[2], 2, "0x3", "shop::cache.last_[2]\t3\t");
  global(&shop::hidden, 4, "0x1", "shop::(anonymous namespace)::hidden\t1\t");
  global(reinterpret_cast<const void*>(bias + 16), 4, "-", "-");
}

void ask_members() {
  member("node", sizeof(node), offsetof(node, letter), 1, "0x61", ".letter\t'a'\t");
  member("node", 3 * sizeof(node), 2 * sizeof(node) + offsetof(node, next), 8, "-", "[2].next\t\t");
  member("node", sizeof(node) + 8, 0, 8, "-", "-");  // of another size: no node
  member("no_such_type", 8, 0, 8, "-", "-");
}

}  // namespace

int main(int, char** argv) {
  dl_iterate_phdr(find_bias, nullptr);
  ask_globals();
  ask_members();
  ask_locals();
  const std::string file = "/tmp/ravel-names-" + std::to_string(getpid());
  {
    std::ofstream out(file);
    for (const question& one : questions) out << one.text << "\n";
  }
  FILE* answers = popen((std::string(argv[1]) + " <" + file).c_str(), "r");
  int wrong = 0;
  char line[4096];
  for (const question& one : questions) {
    std::string said = answers != nullptr && std::fgets(line, sizeof line, answers) != nullptr ? line : "no answer\n";
    said.pop_back();
    if (said != one.expected) {
      std::printf("asked:    %s\nexpected: %s\nsaid:     %s\n", one.text.c_str(), one.expected.c_str(), said.c_str());
      ++wrong;
    }
    if (answers != nullptr && std::fgets(line, sizeof line, answers) == nullptr) break;
  }
  if (answers != nullptr) pclose(answers);
  unlink(file.c_str());
  std::printf("%zu questions, %d wrong answers\n", questions.size(), wrong);
  return wrong == 0 && !questions.empty() ? 0 : 1;
}
