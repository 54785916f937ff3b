// SPDX-License-Identifier: MIT
// See object_name.hpp and ravel/symbols.hpp.
#include "object_name.hpp"

#include "base/stack.hpp"
#include "names.hpp"
#include "record/modules.hpp"
#include "symbolize.hpp"

#include <ravel/symbols.hpp>

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

namespace ravel::detail {

namespace {

class mapped_file {
 public:
  explicit mapped_file(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    struct stat about{};
    if (fstat(file, &about) == 0 && about.st_size > 0) {
      void* memory = mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ, MAP_PRIVATE, file, 0);
      if (memory != MAP_FAILED) {
        data_ = static_cast<const char*>(memory);
        size_ = static_cast<std::size_t>(about.st_size);
      }
    }
    close(file);
  }
  ~mapped_file() {
    if (data_ != nullptr) munmap(const_cast<char*>(data_), size_);
  }
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;

  // count objects of this type at the offset, or nullptr when the file is shorter.
  template <class T>
  [[nodiscard]] const T* at(std::size_t offset, std::size_t count = 1) const {
    if (data_ == nullptr || offset > size_ || count > (size_ - offset) / sizeof(T)) return nullptr;
    return reinterpret_cast<const T*>(data_ + offset);
  }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

void add_symbols(std::vector<object_symbol>& found, const mapped_file& file, const ElfW(Shdr) & table,
                 const ElfW(Shdr) & strings) {
  const std::size_t count = table.sh_size / sizeof(ElfW(Sym));
  const auto* symbols = file.at<ElfW(Sym)>(table.sh_offset, count);
  const char* names = file.at<char>(strings.sh_offset, strings.sh_size);
  if (symbols == nullptr || names == nullptr) return;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& symbol = symbols[i];
    if (ELF64_ST_TYPE(symbol.st_info) != STT_OBJECT || symbol.st_shndx == SHN_UNDEF || symbol.st_size == 0 ||
        symbol.st_name >= strings.sh_size)
      continue;
    found.push_back({symbol.st_value, symbol.st_size, names + symbol.st_name});
  }
}

struct place_in_module {
  std::uintptr_t address;
  std::string path;
  std::uintptr_t bias = 0;
  bool is_data = false;
};

int find_module(dl_phdr_info* info, std::size_t, void* argument) {
  auto& place = *static_cast<place_in_module*>(argument);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || place.address - (info->dlpi_addr + segment.p_vaddr) >= segment.p_memsz) continue;
    place.is_data = (segment.p_flags & PF_X) == 0;
    place.bias = info->dlpi_addr;
    place.path = info->dlpi_name != nullptr && *info->dlpi_name != '\0' ? info->dlpi_name : "/proc/self/exe";
    return 1;
  }
  return 0;
}

place_in_module place_of(const void* address) {
  place_in_module place{reinterpret_cast<std::uintptr_t>(address), {}};
  dl_iterate_phdr(find_module, &place);
  return place;
}

std::string readable(const std::string& name) {
  std::string said = demangled(name);  // a global "a" is no type "signed char"
  for (const std::string noise = "(anonymous namespace)::"; said.find(noise) != std::string::npos;)
    said.erase(said.find(noise), noise.size());
  if (const std::size_t abi_tag = said.find("[abi:"); abi_tag != std::string::npos)
    said.erase(abi_tag, said.find(']', abi_tag) - abi_tag + 1);
  return said;
}

}  // namespace

static_place static_place_of(const void* address) {
  const place_in_module place = place_of(address);
  if (!place.is_data) return {};
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  const bool is_own = place.path == "/proc/self/exe" && length > 0;
  return {is_own ? std::string(path, static_cast<std::size_t>(length)) : place.path, place.address - place.bias};
}

std::vector<object_symbol> read_object_symbols(const std::string& path) {
  std::vector<object_symbol> found;
  const mapped_file file(path);
  const auto* header = file.at<ElfW(Ehdr)>(0);
  if (header == nullptr || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64)
    return found;
  const auto* sections = file.at<ElfW(Shdr)>(header->e_shoff, header->e_shnum);
  if (sections == nullptr) return found;
  for (const unsigned wanted : {SHT_SYMTAB, SHT_DYNSYM}) {
    for (int i = 0; i < header->e_shnum; ++i)
      if (sections[i].sh_type == wanted && sections[i].sh_link < header->e_shnum)
        add_symbols(found, file, sections[i], sections[sections[i].sh_link]);
    if (!found.empty()) break;
  }
  std::ranges::stable_sort(found, {}, &object_symbol::value);
  return found;
}

}  // namespace ravel::detail

namespace ravel {

bool is_static_storage(const void* address) { return detail::place_of(address).is_data; }

std::string object_name(const void* address) {
  const auto place = detail::place_of(address);
  if (!place.is_data) return {};
  static std::map<std::string, std::vector<detail::object_symbol>> known;
  const auto [entry, is_new] = known.try_emplace(place.path);
  if (is_new) entry->second = detail::read_object_symbols(place.path);
  const std::uintptr_t value = place.address - place.bias;
  const auto& symbols = entry->second;
  auto after = std::ranges::upper_bound(symbols, value, {}, &detail::object_symbol::value);
  while (after != symbols.begin()) {
    const auto& symbol = *--after;
    const std::uintptr_t offset = value - symbol.value;
    if (offset >= symbol.size) return {};
    std::string name = detail::readable(symbol.name);
    if (offset == 0) return name;
    fixed_text<32> text{};
    return name + "+" + text.add_hex(offset).c_str();
  }
  return {};
}

void capture_unwound_stack(raw_stack& stack) noexcept {
  capture_stack(stack);
  detail::improve_by_unwinding(stack, 0);
}

std::vector<std::vector<frame>> frames_at(const std::vector<std::uintptr_t>& return_addresses) {
  static const auto modules = std::make_unique<detail::module_table>();
  detail::note_modules(*modules);
  return detail::symbolize(return_addresses, *modules);
}

std::uint64_t loads_so_far() noexcept { return detail::module_loads(); }

}  // namespace ravel
