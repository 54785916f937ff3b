// SPDX-License-Identifier: MIT
// See change_input.hpp.
#include "change_input.hpp"

#include <algorithm>
#include <utility>

namespace ravel::checks::detail {

namespace {

using call_list = std::vector<std::vector<std::uint8_t>>;  // the bytes of each

constexpr std::size_t most_calls = 512;
constexpr std::size_t thread_byte = 0, first_argument_byte = 2;

call_list calls_of(const operation_list& all, const fuzz_input& input) {
  call_list calls;
  for (const call_place& one : calls_in(all, input.calls))
    calls.emplace_back(input.calls.begin() + static_cast<std::ptrdiff_t>(one.begin),
                       input.calls.begin() + static_cast<std::ptrdiff_t>(one.end));
  return calls;
}

std::ptrdiff_t place_in(const auto& list, choices& from, std::uint64_t more = 0) {
  return static_cast<std::ptrdiff_t>(from.below(list.size() + more));
}

// What races is what calls do with the same arguments: a key that one has becomes the other's.
void take_arguments(std::vector<std::uint8_t>& call, const std::vector<std::uint8_t>& other, choices& from) {
  const std::size_t both = std::min(call.size(), other.size());
  if (both <= first_argument_byte) return;
  const std::size_t count = from.chance(50) ? 1 : both - first_argument_byte;
  std::copy_n(other.begin() + first_argument_byte, count, call.begin() + first_argument_byte);
}

void change_call(std::vector<std::uint8_t>& call, choices& from) {
  if (call.size() <= first_argument_byte) return;
  std::uint8_t& byte = call[first_argument_byte + from.below(call.size() - first_argument_byte)];
  switch (from.below(3)) {
    case 0: ++byte; break;
    case 1: --byte; break;
    default: byte = static_cast<std::uint8_t>(from.below(256));
  }
}

void change_calls(const operation_list& all, unsigned threads, choices& from, call_list& calls,
                  const fuzz_input* other) {
  const auto fresh = [&] {
    std::vector<std::uint8_t> call;
    append_drawn_call(all, static_cast<unsigned>(from.below(threads)), from, call);
    return call;
  };
  const std::uint64_t what = calls.empty() ? 0 : from.below(other == nullptr ? 9 : 10);
  if (what == 0) {
    if (calls.size() < most_calls) calls.insert(calls.begin() + place_in(calls, from, 1), fresh());
  } else if (what == 1) {
    calls.erase(calls.begin() + place_in(calls, from));
  } else if (what == 2) {
    std::vector<std::uint8_t> copy = calls[from.below(calls.size())];
    copy[thread_byte] = static_cast<std::uint8_t>(from.below(threads));
    if (calls.size() < most_calls) calls.insert(calls.begin() + place_in(calls, from, 1), std::move(copy));
  } else if (what == 3) {
    calls[from.below(calls.size())][thread_byte] = static_cast<std::uint8_t>(from.below(threads));
  } else if (what == 4) {
    std::swap(calls[from.below(calls.size())], calls[from.below(calls.size())]);
  } else if (what == 5) {
    calls[from.below(calls.size())] = fresh();
  } else if (what == 6) {
    change_call(calls[from.below(calls.size())], from);
  } else if (what == 7) {
    const std::vector<std::uint8_t> one = calls[from.below(calls.size())];
    take_arguments(calls[from.below(calls.size())], one, from);
  } else if (what == 8) {
    // The same arguments for another operation, by another thread.
    std::vector<std::uint8_t> call = fresh();
    take_arguments(call, calls[from.below(calls.size())], from);
    if (calls.size() < most_calls) calls.insert(calls.begin() + place_in(calls, from, 1), std::move(call));
  } else {
    // One thread's calls there in the place of one thread's here: what a thread does is what belongs together.
    const auto here = static_cast<std::uint8_t>(from.below(threads)),
               there = static_cast<std::uint8_t>(from.below(threads));
    std::erase_if(calls, [&](const auto& call) { return call[thread_byte] % threads == here; });
    for (std::vector<std::uint8_t>& call : calls_of(all, *other)) {
      if (call[thread_byte] % threads != there || calls.size() >= most_calls) continue;
      call[thread_byte] = here;
      calls.push_back(std::move(call));
    }
  }
}

void nudge(input_switch& one, unsigned threads, unsigned calls, choices& from) {
  switch (from.below(5)) {
    case 0: one.access = static_cast<std::uint16_t>(one.access + 1 + from.below(4)); break;
    case 1:
      one.access = static_cast<std::uint16_t>(one.access - std::min<std::uint64_t>(one.access, 1 + from.below(4)));
      break;
    case 2: one.operation = static_cast<std::uint8_t>(1 + from.below(std::min(calls, 254u))); break;
    case 3: one.thread = static_cast<std::uint8_t>(from.below(threads)); break;
    default: one.to = static_cast<std::uint8_t>(from.below(threads));
  }
}

void change_switches(unsigned threads, unsigned calls, choices& from, std::vector<input_switch>& switches,
                     const fuzz_input* other) {
  const std::uint64_t what = switches.empty() ? 0 : from.below(other == nullptr ? 5 : 6);
  if (what == 0) {
    if (switches.size() < fuzz_input::most_switches) switches.push_back(drawn_switch(threads, calls, from));
  } else if (what == 1) {
    switches.erase(switches.begin() + place_in(switches, from));
  } else if (what <= 4) {
    nudge(switches[from.below(switches.size())], threads, calls, from);
  } else if (!other->switches.empty() && switches.size() < fuzz_input::most_switches) {
    switches.push_back(other->switches[from.below(other->switches.size())]);
  }
}

}  // namespace

void change_input(const operation_list& all, unsigned threads, unsigned calls, choices& from, fuzz_input& input,
                  const fuzz_input* other) {
  const std::uint64_t what = from.below(20);
  if (what == 0) {
    input.threads = static_cast<std::uint8_t>(from.below(threads));
  } else if (what == 1) {
    input.picks = static_cast<std::uint8_t>(from.below(256));
  } else if (what < 11) {
    call_list list = calls_of(all, input);
    change_calls(all, threads, from, list, other);
    input.calls.clear();
    for (const auto& call : list) input.calls.insert(input.calls.end(), call.begin(), call.end());
  } else {
    change_switches(threads, calls, from, input.switches, other);
  }
}

}  // namespace ravel::checks::detail
