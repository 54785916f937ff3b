// SPDX-License-Identifier: MIT
// See ravel/fuzz.hpp and fuzz_api.hpp.
#include "fuzz_api.hpp"

#include "change_input.hpp"

#include <cstring>
#include <utility>
#include <vector>

namespace ravel::checks::detail {

namespace {

std::vector<written_api>& written_apis() {
  static std::vector<written_api> all;
  return all;
}

// FNV-1a: another name, or other operations, make another target.
std::uint32_t signature_of(const char* type, const operation_list& all) noexcept {
  std::uint32_t hash = 2166136261u;
  const auto add = [&](std::string_view text) {
    for (const char one : text) hash = (hash ^ static_cast<unsigned char>(one)) * 16777619u;
    hash = (hash ^ 0xff) * 16777619u;
  };
  add(type);
  for (const auto& one : all) add(one->name());
  return hash;
}

}  // namespace

const written_api* api_at(const site& place) noexcept {
  for (const written_api& one : written_apis())
    if (one.place.line == place.line && std::strcmp(one.place.file, place.file) == 0) return &one;
  return nullptr;
}

fuzz_target target_of(const written_api& written, std::shared_ptr<const operation_list> all, unsigned threads,
                      unsigned calls, body run) {
  written_apis().push_back(written);
  fuzz_target target;
  target.name = written.type;
  target.place = written.place;
  target.signature = signature_of(written.type, *all);
  target.run = std::move(run);
  // What cannot be run is refused by the body, with words; drawing has to live with it.
  const unsigned some_threads = threads == 0 ? 1 : threads, some_calls = calls == 0 ? 1 : calls;
  target.draw = [=](choices& from, fuzz_input& into) { draw_input(*all, some_threads, some_calls, from, into); };
  target.change = [=](choices& from, fuzz_input& input, const fuzz_input* other) {
    change_input(*all, some_threads, some_calls, from, input, other);
  };
  return target;
}

}  // namespace ravel::checks::detail
