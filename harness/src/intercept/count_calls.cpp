// SPDX-License-Identifier: MIT
// Calls into modules without instrumentation are counted on their way: what the loader has resolved to a function of
// such a module (PLT and GOT entries of all modules but the system's own) leads through a few instructions, made here,
// that note the call and jump on. Entries that are resolved at the first call are resolved now.
// Not seen: calls through pointers that a library gave away, and those into a static archive.
// Thread safety: the thread that runs the body, while no other runs user code. Cost: once, some 0.1 us an entry; then 2
// ns a call.
#include "count_calls.hpp"

#include "record/library_calls.hpp"
#include "record/uninstrumented.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <string_view>

extern "C" {
[[gnu::weak]] void __tsan_init();
[[gnu::visibility("hidden")]] extern void* (*ravel_real_dlsym)(void* library, const char* name);
}

namespace ravel::detail {

bool was_library_opened = true;

#if defined(__x86_64__)

namespace {

static_assert(offsetof(calls_of_thread, count) == 0 && offsetof(calls_of_thread, last) == 8);
constexpr std::size_t direct_offset = offsetof(calls_of_thread, direct);

constexpr std::size_t stub_size = 64, stubs_in_block = 1024;

// Code pages are written first, and made executable when all stubs of a search are there.
struct stub_block {
  unsigned char* memory = nullptr;
  std::size_t used = stubs_in_block;
};
stub_block block;

std::uintptr_t thread_pointer() noexcept {
  std::uintptr_t self;
  asm("movq %%fs:0, %0" : "=r"(self));
  return self;
}

void protect_block(int how) noexcept {
  if (block.memory != nullptr) mprotect(block.memory, stub_size * stubs_in_block, how);
}

unsigned char* new_stub() noexcept {
  if (block.used == stubs_in_block) {
    protect_block(PROT_READ | PROT_EXEC);
    void* memory =
        mmap(nullptr, stub_size * stubs_in_block, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    block = {static_cast<unsigned char*>(memory), 0};
  }
  return block.memory + stub_size * block.used++;
}

template <class Value>
void put(unsigned char*& at, Value value) noexcept {
  std::memcpy(at, &value, sizeof value);
  at += sizeof value;
}
void put_code(unsigned char*& at, std::string_view code) noexcept {
  std::memcpy(at, code.data(), code.size());
  at += code.size();
}

// Keeps all registers that an argument may be in, and the one that holds a nested function's frame.
void* stub_for(std::uintptr_t target, int module, bool is_direct) noexcept {
  using namespace std::string_view_literals;
  unsigned char* const begin = new_stub();
  if (begin == nullptr) return nullptr;
  unsigned char* at = begin;
  const std::uintptr_t own = reinterpret_cast<std::uintptr_t>(&own_calls) - thread_pointer();
  put_code(at, "\xF3\x0F\x1E\xFA"sv);      // endbr64
  put_code(at, "\x64\x4C\x8B\x1C\x25"sv);  // movq %fs:own, %r11
  put(at, static_cast<std::int32_t>(own));
  put_code(at, "\x50\x49\x8B\x03\x48\xFF\xC0"sv);  // pushq %rax; movq (%r11), %rax; incq %rax
  put_code(at, "\x49\x89\x03\x49\x89\x83"sv);      // movq %rax, (%r11); movq %rax, last(%r11)
  put(at, static_cast<std::int32_t>(8 + 8 * module));
  if (is_direct) {
    put_code(at, "\x49\x89\x83"sv);  // movq %rax, direct(%r11)
    put(at, static_cast<std::int32_t>(direct_offset + 8 * static_cast<std::size_t>(module)));
  }
  put_code(at, "\x58\xFF\x25\x00\x00\x00\x00"sv);  // popq %rax; jmp *(next 8 bytes)
  put(at, target);
  return begin;
}

// What the loader made of a module's file.
struct loaded {
  std::uintptr_t bias = 0;
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Rela) * relocations = nullptr, *calls = nullptr;
  std::size_t relocation_count = 0, call_count = 0;
  std::uintptr_t code_begin = 0, code_end = 0;
  int index = -1;  // among the modules without instrumentation
};

loaded tables_of(const dl_phdr_info& info) noexcept {
  loaded module;
  module.bias = info.dlpi_addr;
  const auto* entry = static_cast<const ElfW(Dyn)*>(nullptr);
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    if (segment.p_type == PT_DYNAMIC) entry = reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + segment.p_vaddr);
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0) {
      module.code_begin = info.dlpi_addr + segment.p_vaddr;
      module.code_end = module.code_begin + segment.p_memsz;
    }
  }
  const auto address = [&](ElfW(Addr) value) { return value < info.dlpi_addr ? value + info.dlpi_addr : value; };
  for (; entry != nullptr && entry->d_tag != DT_NULL; ++entry) switch (entry->d_tag) {
      case DT_SYMTAB: module.symbols = reinterpret_cast<const ElfW(Sym)*>(address(entry->d_un.d_ptr)); break;
      case DT_STRTAB: module.names = reinterpret_cast<const char*>(address(entry->d_un.d_ptr)); break;
      case DT_RELA: module.relocations = reinterpret_cast<const ElfW(Rela)*>(address(entry->d_un.d_ptr)); break;
      case DT_RELASZ: module.relocation_count = entry->d_un.d_val / sizeof(ElfW(Rela)); break;
      case DT_JMPREL: module.calls = reinterpret_cast<const ElfW(Rela)*>(address(entry->d_un.d_ptr)); break;
      case DT_PLTRELSZ: module.call_count = entry->d_un.d_val / sizeof(ElfW(Rela)); break;
      default: break;
    }
  module.index = unseen_module_at(module.code_begin);
  return module;
}

bool has_code(const loaded& module, std::uintptr_t address) noexcept {
  return address >= module.code_begin && address < module.code_end;
}

// Where the entry leads, or will after its first call.
std::uintptr_t target_of(const loaded& module, const ElfW(Rela) & entry, const std::uintptr_t* place) noexcept {
  if (!has_code(module, *place) || ELF64_R_TYPE(entry.r_info) != R_X86_64_JUMP_SLOT) return *place;
  const char* name = module.names + module.symbols[ELF64_R_SYM(entry.r_info)].st_name;
  const auto find = ravel_real_dlsym != nullptr ? ravel_real_dlsym : dlsym;
  return reinterpret_cast<std::uintptr_t>(find(RTLD_DEFAULT, name));
}

void lead_through_stub(const loaded& module, const ElfW(Rela) & entry) noexcept {
  const auto type = ELF64_R_TYPE(entry.r_info);
  if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT) return;
  auto* place = reinterpret_cast<std::uintptr_t*>(module.bias + entry.r_offset);
  const std::uintptr_t target = target_of(module, entry, place);
  const int callee = unseen_module_at(target);
  if (callee < 0 || has_code(module, target)) return;
  if (module.index >= 0) unseen_modules.entries[module.index].callees |= 1u << callee;
  void* stub = stub_for(target, callee, module.index < 0);
  if (stub == nullptr) return;
  // The loader may have made the page read-only once all was resolved.
  static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  auto* start = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(place) & ~(page - 1));
  if (mprotect(start, page, PROT_READ | PROT_WRITE) != 0) return;
  __atomic_store_n(place, reinterpret_cast<std::uintptr_t>(stub), __ATOMIC_RELEASE);
}

int look_at_module(dl_phdr_info* info, std::size_t, void*) noexcept {
  if (is_system_module(*info)) return 0;
  const loaded module = tables_of(*info);
  if (module.symbols == nullptr || module.names == nullptr) return 0;
  for (std::size_t i = 0; i < module.relocation_count; ++i) lead_through_stub(module, module.relocations[i]);
  for (std::size_t i = 0; i < module.call_count; ++i) lead_through_stub(module, module.calls[i]);
  return 0;
}

}  // namespace

void count_calls_into_unseen_modules() noexcept {
  if (!was_library_opened || __tsan_init == nullptr) return;
  was_library_opened = false;
  if (!find_unseen_modules() || unseen_modules.count == 0) return;
  protect_block(PROT_READ | PROT_WRITE);
  dl_iterate_phdr(look_at_module, nullptr);
  protect_block(PROT_READ | PROT_EXEC);
  are_calls_counted = block.memory != nullptr;
  if (are_calls_counted) note_accesses();
}

#else

void count_calls_into_unseen_modules() noexcept {
  if (was_library_opened && __tsan_init != nullptr) find_unseen_modules();
  was_library_opened = false;
}

#endif

}  // namespace ravel::detail
