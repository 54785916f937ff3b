// SPDX-License-Identifier: MIT
// See asan_report.hpp. The text's form is that of gcc 12, clang 14 and clang 19.
#include "asan_report.hpp"

#include "records/same_text.hpp"
#include "records/stack_copy.hpp"
#include "report_text_lines.hpp"
#include "runtime.hpp"
#include "session.hpp"
#include "thread_names.hpp"

namespace ravel::checks::sanitizers {

namespace {

// ASan's words, in the reader's. What is not listed is shown as ASan says it.
struct asan_kind {
  const char* description;
  const char* words;
};
constexpr asan_kind kinds[] = {
    {"heap-use-after-free", "use of heap memory after it was freed"},
    {"heap-buffer-overflow", "access outside a heap block"},
    {"stack-buffer-overflow", "access outside a local variable"},
    {"stack-buffer-underflow", "access before a local variable"},
    {"dynamic-stack-buffer-overflow", "access outside a local array"},
    {"global-buffer-overflow", "access outside a global variable"},
    {"container-overflow", "access to a part of a container that holds no element"},
    {"stack-use-after-return", "use of a local variable after its function returned"},
    {"stack-use-after-scope", "use of a local variable after its scope ended"},
    {"use-after-poison", "access to memory that the program marked as not to be used"},
    {"intra-object-overflow", "access beyond a member into its neighbour"},
    {"double-free", "memory freed twice"},
    {"attempting double-free", "memory freed twice"},
    {"bad-free", "free of an address that no allocation returned"},
    {"bad-malloc_usable_size", "malloc_usable_size of an address that no allocation returned"},
    {"alloc-dealloc-mismatch", "memory freed by another function than the one that goes with its allocation"},
    {"new-delete-type-mismatch", "an object deleted as a type of another size"},
    {"SEGV", "access to an address that is not mapped"},
    {"null-deref", "access through a null pointer"},
    {"wild-addr-read", "read from an address that is not mapped"},
    {"wild-addr-write", "write to an address that is not mapped"},
    {"wild-addr", "access to an address that is not mapped"},
    {"wild-jump", "jump to an address that is not mapped"},
    {"BUS", "access to an address that cannot be accessed"},
    {"stack-overflow", "stack overflow"},
    {"memcpy-param-overlap", "memcpy between overlapping ranges"},
    {"strcpy-param-overlap", "strcpy between overlapping ranges"},
    {"strcat-param-overlap", "strcat between overlapping ranges"},
    {"negative-size-param", "a negative size passed to a memory function"},
    {"calloc-overflow", "calloc: the product of its arguments overflows"},
    {"allocation-size-too-big", "an allocation larger than the sanitizer allows"},
    {"out-of-memory", "out of memory"},
    {"odr-violation", "a global variable defined twice with different sizes"},
    {"initialization-order-fiasco", "use of a global variable before it was initialised"},
    {"invalid-pointer-pair", "pointers into different objects compared or subtracted"},
};

const char* words_for(const char* description) noexcept {
  for (const asan_kind& one : kinds)
    if (is_same(one.description, description)) return one.words;
  return description;
}

const char* end_of(const char* text) noexcept {
  while (*text != '\0') ++text;
  return text;
}

// UBSan's words may stand before ASan's in the same text.
const char* start_of_report(const char* text) noexcept {
  const char* start = text;
  const char* const end = end_of(text);
  const char* at = text;
  for (text_line line; next_line(at, end, line);)
    if (line.has("ERROR: AddressSanitizer: ")) start = line.begin;
  return start;
}

// "... thread T3 (name) here:" -> 3; the main thread when no number is told.
std::uint32_t thread_number(const text_line& line) noexcept {
  const char* at = line.after("thread T");
  return at == nullptr ? 0 : static_cast<std::uint32_t>(number_at(at, line.end));
}

// "0x602000000010 is located 0 bytes inside of 4-byte region [...)" -> "0 bytes inside of a 4-byte heap block";
// "... is located 4 bytes after global variable 'limit' defined in 'a.cpp:3' (0x...) of size 16".
void add_location(raw_finding& finding, const text_line& line) noexcept {
  const char* from = line.after(" is located ");
  if (from == nullptr) return;
  fixed_text<256>& what = finding.what;
  what.add(": ");
  for (const char* at = from; at < line.end; ++at) {
    if ((at[0] == ' ' && at + 1 < line.end && at[1] == '[') ||
        (at[0] == ' ' && at + 2 < line.end && at[1] == '(' && at[2] == '0'))
      break;
    what.add(*at);
  }
}

// "    [32, 36) 'x' (line 5) <== Memory access at offset 32 is inside this variable" -> "of variable x (line 5)"
void add_variable(raw_finding& finding, const text_line& line) noexcept {
  if (!line.has("<== ")) return;
  const char* from = line.after(") '");
  if (from == nullptr) return;
  finding.what.add(": variable ");
  for (const char* at = from; at < line.end && *at != '<'; ++at)
    if (*at != '\'' && !(*at == ' ' && at + 1 < line.end && at[1] == '<')) finding.what.add(*at);
}

void start_access(raw_actor& actor, const text_line& line) noexcept {
  const bool is_write = line.starts_with("WRITE of size ");
  actor.action.add(is_write ? "wrote " : "read ");
  const std::uint64_t bytes = number_at(line.after(" of size "), line.end);
  actor.action.add_number(bytes).add(bytes == 1 ? " byte" : " bytes");
}

class reader {
 public:
  explicit reader(raw_finding& finding) noexcept : finding_(finding), access_(finding.add_actor()), actor_(&access_) {
    access_.thread.add(own_name());
  }

  void read(const char* text) noexcept {
    const char* const end = end_of(text);
    for (text_line line; next_line(text, end, line);) read(line);
    if (access_.action.empty()) access_.action.add("did it");
  }

 private:
  void read(const text_line& line) noexcept {
    if (const std::uintptr_t pc = frame_address(line); pc != 0) {
      if (actor_ != nullptr) add_pc(actor_->stack, pc);
      note_place(pc);
      return;
    }
    if (line.starts_with("READ of size ") || line.starts_with("WRITE of size "))
      start_access(access_, line);
    else if (line.has("signal is caused by a WRITE"))
      access_.action.add("wrote");
    else if (line.has("signal is caused by a READ"))
      access_.action.add("read");
    else if (line.starts_with("freed by thread T"))
      start("freed it", line);
    else if (line.starts_with("previously allocated by thread T") || line.starts_with("allocated by thread T"))
      start("allocated it", line);
    else if (line.starts_with("Address ") && line.has(" is located in stack of thread T"))
      start("owns the stack", line);
    else if (line.has(" is located ") && (line.has(" region [") || line.has(" global variable ")))
      add_location(finding_, line);
    else if (line.has("<== "))
      add_variable(finding_, line);
    else if (line.starts_with("Thread T") || line.starts_with("SUMMARY: ") || line.starts_with("Shadow bytes") ||
             line.starts_with("HINT: "))
      actor_ = nullptr;
  }

  void start(const char* action, const text_line& line) noexcept {
    actor_ = &finding_.add_actor();
    add_name_of_asan_thread(actor_->thread, thread_number(line));
    actor_->action.add(action);
  }

  raw_finding& finding_;
  raw_actor& access_;
  raw_actor* actor_;
};

// The first stack of the text: the access, or the call.
std::uint64_t signature_of(const char* text, const char* description) noexcept {
  std::uint64_t hash = mix_text(31, description);
  const char* const end = end_of(text);
  std::uint32_t frames = 0;
  for (text_line line; frames < 4 && next_line(text, end, line);) {
    const std::uintptr_t pc = frame_address(line);
    if (pc != 0) hash = mix(hash, pc);
    if (pc != 0 || frames != 0) ++frames;
  }
  return hash;
}

void on_report(const char* text) {
  note_report();
  text = start_of_report(text);
  const char* description = __asan_get_report_description != nullptr ? __asan_get_report_description() : nullptr;
  if (description == nullptr) description = "error";
  raw_finding* finding = open_finding(finding_kind::memory_error, signature_of(text, description));
  if (finding == nullptr) return;
  describe_asan_report(*finding, text, description);
  publish(finding);
}

}  // namespace

void describe_asan_report(raw_finding& finding, const char* text, const char* description) noexcept {
  finding.check.add("sanitizers");
  finding.what.add(words_for(description));
  reader(finding).read(start_of_report(text));
}

void listen_to_asan() noexcept {
  if (is_asan()) __asan_set_error_report_callback(on_report);
}

}  // namespace ravel::checks::sanitizers
