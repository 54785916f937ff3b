// SPDX-License-Identifier: MIT
// See ravel/fuzz_input.hpp.
#include <ravel/fuzz_input.hpp>

#include "random.hpp"

#include <ravel/token.hpp>
#include <ravel/usage_error.hpp>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace ravel {

namespace {

constexpr std::size_t fixed_bytes = 3, switch_bytes = 5, header_bytes = 8;
constexpr std::uint8_t mark[] = {'R', 'v', 'F'};
constexpr std::uint8_t version = 1;
constexpr std::size_t most_zeros = 64;  // numbers

// So many bytes hold a number below that; 0 stands for 2^64.
constexpr unsigned width_of(std::uint64_t count) noexcept {
  if (count == 1) return 0;
  const std::uint64_t last = count - 1;
  return last >> 32 != 0 ? 8 : last >> 16 != 0 ? 4 : last >> 8 != 0 ? 2 : 1;
}

bool is_token(input_bytes bytes) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with("r1.")) return false;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  try {
    static_cast<void>(parse_token(text));
    return true;
  } catch (const usage_error&) {
    return false;
  }
}

}  // namespace

void decode_input(input_bytes bytes, fuzz_input& into) {
  const auto take = [&](std::size_t count) {
    const input_bytes taken = bytes.first(std::min(count, bytes.size()));
    bytes = bytes.subspan(taken.size());
    return taken;
  };
  const input_bytes fixed = take(fixed_bytes);
  into.threads = !fixed.empty() ? fixed[0] : 0;
  into.picks = fixed.size() > 1 ? fixed[1] : 0;
  std::size_t count = fixed.size() > 2 ? fixed[2] % (fuzz_input::most_switches + 1) : 0;
  into.switches.clear();
  for (; count != 0 && bytes.size() >= switch_bytes; --count) {
    const input_bytes one = take(switch_bytes);
    into.switches.push_back({one[0], one[1], static_cast<std::uint16_t>(one[2] | one[3] << 8), one[4]});
  }
  into.calls.assign(bytes.begin(), bytes.end());
}

std::vector<std::uint8_t> encode_input(const fuzz_input& input) {
  const std::size_t count = std::min(input.switches.size(), fuzz_input::most_switches);
  std::vector<std::uint8_t> bytes{input.threads, input.picks, static_cast<std::uint8_t>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    const input_switch& one = input.switches[i];
    const std::uint8_t all[switch_bytes] = {one.thread, one.operation, static_cast<std::uint8_t>(one.access & 0xff),
                                            static_cast<std::uint8_t>(one.access >> 8), one.to};
    bytes.insert(bytes.end(), std::begin(all), std::end(all));
  }
  bytes.insert(bytes.end(), input.calls.begin(), input.calls.end());
  return bytes;
}

std::vector<std::uint8_t> with_header(input_bytes bytes, std::uint32_t target) {
  std::vector<std::uint8_t> all(std::begin(mark), std::end(mark));
  all.push_back(version);
  for (unsigned shift = 0; shift < 32; shift += 8) all.push_back(static_cast<std::uint8_t>(target >> shift));
  all.insert(all.end(), bytes.begin(), bytes.end());
  return all;
}

headed_input without_header(input_bytes bytes, std::uint32_t target) {
  if (bytes.size() < header_bytes || !std::equal(std::begin(mark), std::end(mark), bytes.begin()))
    return {is_token(bytes) ? input_origin::token : input_origin::bare, bytes};
  if (bytes[3] != version) return {input_origin::other_version, bytes};
  std::uint32_t of = 0;
  for (unsigned i = 0; i < 4; ++i) of |= static_cast<std::uint32_t>(bytes[4 + i]) << (8 * i);
  if (of != target) return {input_origin::other_target, bytes};
  return {input_origin::same_target, bytes.subspan(header_bytes)};
}

// A domain that draws for as long as a number says so would never end on zeros alone.
std::uint64_t input_choices::below(std::uint64_t count) {
  std::uint64_t value = 0;
  if (is_used_up() && ++beyond_ > most_zeros) value = detail::scale(detail::derive_seed(beyond_, 0, 0), count);
  for (unsigned i = 0, width = width_of(count); i < width && !is_used_up(); ++i)
    value |= static_cast<std::uint64_t>(bytes_[next_++]) << (8 * i);
  return count == 0 ? value : value % count;
}

std::uint64_t recorded_choices::below(std::uint64_t count) {
  const std::uint64_t value = from_.below(count);
  for (unsigned i = 0, width = width_of(count); i < width; ++i)
    into_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return value;
}

}  // namespace ravel
