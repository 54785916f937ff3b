// SPDX-License-Identifier: MIT
// What depends on the processor: system calls, wide exchanges, block copies, what a signal interrupted, and contexts:
// that a switch keeps the registers, the floating-point controls, the stack and the thread pointer of each side.
#include "base/processor/processor.hpp"

#include "catch.hpp"
#include "engine/context.hpp"

#include <fenv.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

namespace {

using namespace ravel::detail;

// Values that the compiler keeps in callee-saved registers, of both kinds, over a call that it cannot see through.
struct kept_values {
  std::uint64_t whole[10];
  double real[8];
};
[[gnu::noinline]] kept_values keep_over(void (*call)(void*), void* argument, std::uint64_t seed) {
  std::uint64_t a = seed + 1, b = seed + 2, c = seed + 3, d = seed + 4, e = seed + 5, f = seed + 6, g = seed + 7,
                h = seed + 8, i = seed + 9, j = seed + 10;
  double k = 0.5 + static_cast<double>(seed), l = k + 1, m = k + 2, n = k + 3, o = k + 4, p = k + 5, q = k + 6,
         r = k + 7;
  asm volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f), "+r"(g), "+r"(h));
#if defined(__aarch64__)
  asm volatile("" : "+w"(k), "+w"(l), "+w"(m), "+w"(n), "+w"(o), "+w"(p), "+w"(q), "+w"(r));
#else
  asm volatile("" : "+x"(k), "+x"(l), "+x"(m), "+x"(n), "+x"(o), "+x"(p), "+x"(q), "+x"(r));
#endif
  call(argument);
  return {{a, b, c, d, e, f, g, h, i, j}, {k, l, m, n, o, p, q, r}};
}
bool are_kept(const kept_values& values, std::uint64_t seed) {
  for (std::uint64_t at = 0; at < 10; ++at)
    if (values.whole[at] != seed + at + 1) return false;
  for (std::uint64_t at = 0; at < 8; ++at)
    if (values.real[at] != 0.5 + static_cast<double>(seed + at)) return false;
  return true;
}

alignas(64) char other_stack[256 << 10];
alignas(64) char third_stack[256 << 10];

// Two contexts that hand control to and fro.
struct partners {
  void* first = nullptr;
  void* second = nullptr;
  std::uintptr_t pointer_of_second = 0;
  std::uintptr_t pointer_of_first = 0;
  bool is_second_kept = true;
  bool has_seen_its_pointer = true;
  int rounding_seen = -1;
  std::uint64_t turns = 0;
  bool is_aligned = false;
};
void to_second(void* argument) {
  auto& both = *static_cast<partners*>(argument);
  switch_context(&both.first, both.second, both.pointer_of_second);
}
void to_first(void* argument) {
  auto& both = *static_cast<partners*>(argument);
  switch_context(&both.second, both.first, both.pointer_of_first);
}
void be_second(void* argument) {
  auto& both = *static_cast<partners*>(argument);
  alignas(16) volatile char local = 0;
  both.is_aligned = reinterpret_cast<std::uintptr_t>(&local) % 16 == 0;
  for (;; ++both.turns) {
    both.rounding_seen = fegetround();
    both.has_seen_its_pointer = both.has_seen_its_pointer && thread_pointer() == both.pointer_of_second;
    fesetround(FE_DOWNWARD);
    both.is_second_kept = are_kept(keep_over(to_first, &both, 1'000), 1'000) && both.is_second_kept;
  }
}

volatile std::uintptr_t seen_pc, seen_frame, seen_sp;
void note_place(int, siginfo_t*, void* ucontext) {
  const machine_place place = interrupted(ucontext);
  seen_pc = place.pc;
  seen_frame = place.frame;
  seen_sp = place.sp;
}

struct naive_pair {
  unsigned __int128 value = 0;
  bool exchange(unsigned __int128* expected, unsigned __int128 desired) {
    const bool is_equal = value == *expected;
    *expected = value;
    if (is_equal) value = desired;
    return is_equal;
  }
};

}  // namespace

TEST_CASE("processor: a system call gives the kernel's own answer and leaves errno alone", "[harness]") {
  errno = 1234;
  CHECK(system_call(SYS_getpid) == getpid());
  CHECK(system_call(SYS_close, -1) == -EBADF);
  char text[] = "all six arguments";
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  errno = 1234;
  CHECK(system_call(SYS_write, ends[1], reinterpret_cast<long>(text), sizeof text) == sizeof text);
  char got[sizeof text] = {};
  CHECK(system_call(SYS_read, ends[0], reinterpret_cast<long>(got), sizeof got) == sizeof got);
  CHECK(std::strcmp(text, got) == 0);
  CHECK(errno == 1234);
  // mmap uses all six: anonymous, private
  const long memory = system_call(SYS_mmap, 0, 8192, 3, 0x22, -1, 0);
  REQUIRE((memory < -4095 || memory > 0));
  *reinterpret_cast<char*>(memory) = 1;
  CHECK(system_call(SYS_munmap, memory, 8192) == 0);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("processor: the thread pointer is each thread's own, and the clock goes forward", "[harness]") {
  const std::uintptr_t own = thread_pointer();
  std::uintptr_t others = own;
  std::thread([&] { others = thread_pointer(); }).join();
  CHECK(others != own);
  CHECK(own != 0);
  const std::uint64_t before = ticks();
  std::uint64_t after = before;
  for (int i = 0; i < 1'000'000 && after == before; ++i) {
    relax();
    after = ticks();
  }
  CHECK(after > before);
}

TEST_CASE("processor: an exchange of 16 bytes does what a naive one does", "[harness]") {
  std::mt19937_64 random(5);
  alignas(16) volatile unsigned __int128 word = 0;
  naive_pair naive;
  for (int i = 0; i < 2'000; ++i) {
    // Either half may differ.
    unsigned __int128 expected = naive.value;
    if (random() % 3 == 0) expected ^= 1;
    if (random() % 3 == 0) expected ^= static_cast<unsigned __int128>(1) << 64;
    const unsigned __int128 desired = static_cast<unsigned __int128>(random()) << 64 | random();
    unsigned __int128 expected_again = expected;
    const bool is_done = exchange_if_equal(&word, &expected, desired);
    REQUIRE(is_done == naive.exchange(&expected_again, desired));
    REQUIRE(static_cast<bool>(expected == expected_again));
    REQUIRE(static_cast<bool>(word == naive.value));
  }
}

TEST_CASE("processor: an exchange of 16 bytes loses nothing between threads", "[harness]") {
  alignas(16) static volatile unsigned __int128 word;
  word = 0;
  const auto add = [] {
    for (int i = 0; i < 2'000; ++i) {
      unsigned __int128 there = 0;
      exchange_if_equal(&word, &there, 0);
      for (;;) {
        const unsigned __int128 desired = there + (static_cast<unsigned __int128>(1) << 64) + 1;
        if (exchange_if_equal(&word, &there, desired)) break;
      }
    }
  };
  std::thread one(add), other(add);
  one.join();
  other.join();
  CHECK(static_cast<std::uint64_t>(word) == 4'000);
  CHECK(static_cast<std::uint64_t>(word >> 64) == 4'000);
}

TEST_CASE("processor: blocks are filled and copied as a naive loop does, byte for byte", "[harness]") {
  for (std::size_t bytes = 32; bytes < 100; ++bytes)
    for (std::size_t offset = 0; offset < 9; ++offset) {
      std::vector<unsigned char> memory(160), naive(160);
      for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = naive[i] = static_cast<unsigned char>(i * 7);
      fill_words(memory.data() + offset, 0x1A5, bytes);
      for (std::size_t i = 0; i < bytes; ++i) naive[offset + i] = 0xA5;
      REQUIRE(memory == naive);
      for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = naive[i] = static_cast<unsigned char>(i * 7);
      // Overlapping, from above: as memmove asks for it.
      copy_words(memory.data() + offset, memory.data() + offset + 1 + bytes % 20, bytes);
      for (std::size_t i = 0; i < bytes; ++i) naive[offset + i] = naive[offset + 1 + bytes % 20 + i];
      REQUIRE(memory == naive);
    }
}

TEST_CASE("processor: what a signal interrupted is inside the code that raised it", "[harness]") {
  struct sigaction action{}, before{};
  action.sa_sigaction = note_place;
  action.sa_flags = SA_SIGINFO;
  REQUIRE(sigaction(SIGUSR1, &action, &before) == 0);
  seen_pc = 0;
  seen_frame = 0;
  seen_sp = 0;
  raise(SIGUSR1);
  sigaction(SIGUSR1, &before, nullptr);
  char here = 0;
  const auto near = reinterpret_cast<std::uintptr_t>(&here);
  CHECK(seen_sp != 0);
  CHECK(seen_sp + 65'536 > near);
  CHECK(seen_sp < near + 65'536);
  CHECK(seen_pc > 4096);
  const auto own = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  CHECK(plain_address(own) == own);
}

TEST_CASE("context: a switch keeps registers, floating-point controls and the thread pointer of each side",
          "[harness]") {
  if (!can_switch_contexts()) return;
  partners both;
  both.pointer_of_first = both.pointer_of_second = thread_pointer();
  both.second = make_context(other_stack + sizeof other_stack, be_second, &both);
  REQUIRE(fegetround() == FE_TONEAREST);
  for (std::uint64_t turn = 1; turn <= 100; ++turn) {
    const kept_values values = keep_over(to_second, &both, turn);
    REQUIRE(are_kept(values, turn));
    REQUIRE(both.is_second_kept);
    REQUIRE(both.turns + 1 == turn);
    REQUIRE(fegetround() == FE_TONEAREST);
    // It inherited ours, and has had its own since.
    REQUIRE(both.rounding_seen == (turn == 1 ? FE_TONEAREST : FE_DOWNWARD));
  }
  CHECK(both.is_aligned);
  CHECK(both.has_seen_its_pointer);
}

namespace {

thread_local int own_number = 1;

}  // namespace

TEST_CASE("context: a thread's stack and thread-local memory go with it to another kernel thread", "[harness]") {
  if (!can_switch_contexts()) return;
  // Its own kernel thread is parked, with its signals as they are: it makes no call meanwhile.
  struct visit {
    partners both;
    int seen = 0;
  } now;
  std::atomic<int> stage{0};
  int left_behind = 0;
  std::thread host([&] {
    own_number = 7;
    now.both.pointer_of_second = thread_pointer();
    stage = 1;
    while (stage != 2) std::this_thread::yield();
    left_behind = own_number;
  });
  while (stage != 1) std::this_thread::yield();
  const auto visitor = [](void* argument) {
    auto& one = *static_cast<visit*>(argument);
    one.seen = own_number++;
    for (;;) to_first(&one.both);
  };
  now.both.pointer_of_first = thread_pointer();
  now.both.second = make_context(third_stack + sizeof third_stack, visitor, &now);
  to_second(&now.both);
  CHECK(now.seen == 7);
  CHECK(own_number == 1);
  stage = 2;
  host.join();
  CHECK(left_behind == 8);
}

TEST_CASE("context: a call on another stack comes back", "[harness]") {
  if (!can_switch_contexts()) return;
  std::uintptr_t where = 0;
  const auto note = [](void* argument) {
    volatile char local = 0;
    *static_cast<std::uintptr_t*>(argument) = reinterpret_cast<std::uintptr_t>(&local);
  };
  call_on_stack(other_stack + sizeof other_stack, note, &where);
  CHECK(where >= reinterpret_cast<std::uintptr_t>(other_stack));
  CHECK(where < reinterpret_cast<std::uintptr_t>(other_stack + sizeof other_stack));
}
