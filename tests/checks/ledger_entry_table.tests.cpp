// SPDX-License-Identifier: MIT
// The table of live entries against a naive oracle, its limits, what a dead process leaves, and threads.
#include "catch.hpp"

#include "ledger/entry_table.hpp"

#include <sys/mman.h>

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <tuple>
#include <vector>

using ravel::checks::detail::entry;
using ravel::checks::detail::entry_table;

namespace {

// Zeroed and only paid for where it is touched, as in a run.
struct mapped_table {
  mapped_table()
      : memory(mmap(nullptr, sizeof(entry_table), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                    -1, 0)) {
    table().start_epoch();
  }
  ~mapped_table() { munmap(memory, sizeof(entry_table)); }
  entry_table& table() { return *static_cast<entry_table*>(memory); }

  entry* add(std::uint32_t pool, std::uint64_t key, std::uint32_t list = 0, const void* owner = nullptr) {
    entry* made = table().take(list);
    if (made == nullptr) return nullptr;
    made->pool = static_cast<std::uint8_t>(pool);
    made->key = key;
    made->owner = owner;
    entry_table::held bucket{table(), pool, owner, key};
    bucket.add(*made);
    return made;
  }
  entry* find(std::uint32_t pool, std::uint64_t key, const void* owner = nullptr) {
    entry_table::held bucket{table(), pool, owner, key};
    for (entry* one = bucket.first(); one != nullptr; one = bucket.after(*one))
      if (one->pool == pool && one->owner == owner && one->key == key) return one;
    return nullptr;
  }
  bool remove(std::uint32_t pool, std::uint64_t key, const void* owner = nullptr) {
    entry* found = nullptr;
    {
      entry_table::held bucket{table(), pool, owner, key};
      for (entry* one = bucket.first(); one != nullptr && found == nullptr; one = bucket.after(*one))
        if (one->pool == pool && one->owner == owner && one->key == key) found = one;
      if (found == nullptr) return false;
      bucket.remove(*found);
    }
    table().drop(*found);
    return true;
  }

  void* memory;
};

}  // namespace

TEST_CASE("entry table: agrees with a multiset on random operations", "[checks]") {
  mapped_table mapped;
  std::multiset<std::tuple<std::uint32_t, std::uint64_t, const void*>> oracle;
  const char objects[3] = {};
  std::mt19937_64 random(5);
  for (int i = 0; i < 200'000; ++i) {
    const auto pool = static_cast<std::uint32_t>(1 + random() % 3);
    const std::uint64_t key = random() % 150;
    const std::size_t object = random() % 4;
    const void* const owner = object == 3 ? nullptr : &objects[object];
    const auto wanted = oracle.find({pool, key, owner});
    if (random() % 2 == 0) {
      REQUIRE(mapped.add(pool, key, static_cast<std::uint32_t>(random()), owner) != nullptr);
      oracle.insert({pool, key, owner});
    } else {
      REQUIRE(mapped.remove(pool, key, owner) == (wanted != oracle.end()));
      if (wanted != oracle.end()) oracle.erase(wanted);
    }
    REQUIRE((mapped.find(pool, key, owner) != nullptr) == (oracle.count({pool, key, owner}) != 0));
    REQUIRE(mapped.table().live() == oracle.size());
  }
}

TEST_CASE("entry table: all entries can be in use, one more is refused and counted", "[checks]") {
  mapped_table mapped;
  std::uint64_t made = 0;
  while (mapped.add(1, made) != nullptr) ++made;
  CHECK(made == entry_table::capacity - 1);  // entry 0 stands for none
  CHECK(mapped.table().refused.load() == 1);
  CHECK(mapped.add(1, 7) == nullptr);
  CHECK(mapped.remove(1, 12345));
  CHECK(mapped.add(1, 7) != nullptr);
}

TEST_CASE("entry table: what another thread's list has back is used when one's own is dry", "[checks]") {
  mapped_table mapped;
  // list 1 acquires all, list 2 finds a free one there
  for (std::uint64_t key = 0; key < entry_table::capacity - 1; ++key) REQUIRE(mapped.add(1, key, 1) != nullptr);
  CHECK(mapped.add(1, 1, 2) == nullptr);
  CHECK(mapped.remove(1, 99));
  CHECK(mapped.add(1, 1, 2) != nullptr);
}

TEST_CASE("entry table: a bucket that a dead process left locked is free in the next batch", "[checks]") {
  mapped_table mapped;
  REQUIRE(mapped.add(1, 7) != nullptr);
  auto* never_unlocked = new entry_table::held{mapped.table(), 1, nullptr, 7};  // its thread was killed here
  static_cast<void>(never_unlocked);
  mapped.table().start_epoch();
  CHECK(mapped.table().live() == 0);
  CHECK(mapped.find(1, 7) == nullptr);
  REQUIRE(mapped.add(1, 7) != nullptr);
  CHECK(mapped.find(1, 7) != nullptr);
  ::operator delete(never_unlocked);
}

TEST_CASE("entry table: entries of an earlier batch are not in use", "[checks]") {
  mapped_table mapped;
  for (std::uint64_t key = 0; key < 1000; ++key) mapped.add(1, key);
  mapped.table().start_epoch();
  mapped.add(2, 1);
  unsigned in_use = 0;
  for (std::uint32_t i = 1; i < mapped.table().used(); ++i) in_use += mapped.table().at(i).pool != 0 ? 1 : 0;
  CHECK(in_use == 1);
}

TEST_CASE("entry table: threads on few keys lose and invent nothing", "[checks]") {
  mapped_table mapped;
  std::atomic<std::int64_t> balance[5] = {};
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      for (int i = 0; i < 50'000; ++i) {
        const std::uint64_t key = random() % 5;
        if (random() % 2 == 0) {
          if (mapped.add(1, key, t) != nullptr) ++balance[key];
        } else if (mapped.remove(1, key)) {
          --balance[key];
        }
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::uint64_t sum = 0;
  for (std::uint64_t key = 0; key < 5; ++key) {
    for (std::int64_t i = balance[key]; i > 0; --i) REQUIRE(mapped.remove(1, key));
    CHECK_FALSE(mapped.remove(1, key));
    sum += 1;
  }
  CHECK(sum == 5);
  CHECK(mapped.table().live() == 0);
}
