// SPDX-License-Identifier: MIT
// Twenty cases of lock use with the right answer: can they end in a deadlock? Written as events, so that the
// pure graph (with a plain event feeder) and the recorder in shared memory are held to the same answers.
#pragma once

#include <ravel/thread_record.hpp>

#include <string>
#include <vector>

namespace lock_cases {

struct event {
  enum class what { fork, join, acquire, group, release, end_of_lock };
  what does;
  int thread = 0;
  int other = 0;      // fork, join
  std::string locks;  // a letter each; a group has several
  ravel::lock_mode mode = ravel::lock_mode::exclusive;
  bool is_attempt = false;
};

using events = std::vector<event>;

struct test_case {
  const char* name;
  events happening;
  bool can_deadlock;
};

inline event fork(int parent, int child) { return {event::what::fork, parent, child, {}}; }
inline event join(int parent, int child) { return {event::what::join, parent, child, {}}; }
inline event lock(int thread, char name, ravel::lock_mode mode = ravel::lock_mode::exclusive) {
  return {event::what::acquire, thread, 0, std::string(1, name), mode};
}
inline event shared(int thread, char name) { return lock(thread, name, ravel::lock_mode::shared); }
inline event attempt(int thread, char name) {
  return {event::what::acquire, thread, 0, std::string(1, name), ravel::lock_mode::exclusive, true};
}
inline event group(int thread, std::string names) { return {event::what::group, thread, 0, std::move(names)}; }
inline event unlock(int thread, char name) { return {event::what::release, thread, 0, std::string(1, name)}; }
inline event end(char name) { return {event::what::end_of_lock, 0, 0, std::string(1, name)}; }

inline events operator+(events one, const events& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}
// Takes them in this order, gives them back in reverse.
inline events nested(const events& acquisitions) {
  events all = acquisitions;
  for (auto one = acquisitions.rbegin(); one != acquisitions.rend(); ++one)
    all.push_back(unlock(one->thread, one->locks[0]));
  return all;
}
inline events nested(int thread, const std::string& names) {
  events all;
  for (const char name : names) all.push_back(lock(thread, name));
  return nested(all);
}
inline events two_threads() { return {fork(0, 1), fork(0, 2)}; }
inline events one_after_the_other(const events& first, const events& second) {
  return events{fork(0, 1)} + first + events{join(0, 1), fork(0, 2)} + second + events{join(0, 2)};
}
inline events chain(int thread) {
  return {lock(thread, 'A'), lock(thread, 'B'),   unlock(thread, 'A'),
          lock(thread, 'C'), unlock(thread, 'C'), unlock(thread, 'B')};
}

inline std::vector<test_case> all() {
  const auto retaken = [](int t) {
    return events{lock(t, 'A'), lock(t, 'B'), unlock(t, 'A'), lock(t, 'A'), unlock(t, 'B'), unlock(t, 'A')};
  };
  return {
      {"opposite orders", two_threads() + nested(1, "AB") + nested(2, "BA"), true},
      {"opposite orders, one after the other", one_after_the_other(nested(1, "AB"), nested(2, "BA")), false},
      {"opposite orders of one thread", nested(0, "AB") + nested(0, "BA"), false},
      {"a guard held by both", two_threads() + nested(1, "GAB") + nested(2, "GBA"), false},
      {"a guard that a third lacks",
       two_threads() + events{fork(0, 3)} + nested(1, "GAB") + nested(2, "GBA") + nested(3, "AB"), true},
      {"a guard held shared by both",
       two_threads() + nested({shared(1, 'G'), lock(1, 'A'), lock(1, 'B')}) +
           nested({shared(2, 'G'), lock(2, 'B'), lock(2, 'A')}),
       true},
      {"before the other was created", nested(0, "AB") + events{fork(0, 1)} + nested(1, "BA"), false},
      {"hand over hand against one end", two_threads() + chain(1) + nested(2, "CA"), false},
      {"hand over hand by two", events{fork(0, 3)} + two_threads() + chain(1) + chain(3) + nested(2, "CA"), true},
      {"the inner one is tried", two_threads() + nested(1, "AB") + nested({lock(2, 'B'), attempt(2, 'A')}), false},
      {"the outer ones are tried",
       two_threads() + nested({attempt(1, 'A'), lock(1, 'B')}) + nested({attempt(2, 'B'), lock(2, 'A')}), true},
      {"groups in opposite orders",
       two_threads() +
           events{group(1, "AB"), unlock(1, 'A'), unlock(1, 'B'), group(2, "BA"), unlock(2, 'A'), unlock(2, 'B')},
       false},
      {"groups seen as lock and try",
       two_threads() + nested({lock(1, 'A'), attempt(1, 'B')}) + nested({lock(2, 'B'), attempt(2, 'A')}), false},
      {"a group inside another lock",
       two_threads() + events{lock(1, 'C'), group(1, "AB"), unlock(1, 'A'), unlock(1, 'B'), unlock(1, 'C')} +
           nested(2, "BC"),
       true},
      {"both shared, opposite orders",
       two_threads() + nested({shared(1, 'R'), shared(1, 'S')}) + nested({shared(2, 'S'), shared(2, 'R')}), false},
      {"shared outside, exclusive inside",
       two_threads() + nested({shared(1, 'R'), lock(1, 'S')}) + nested({shared(2, 'S'), lock(2, 'R')}), true},
      {"an address used again", two_threads() + nested(1, "Am") + events{end('m')} + nested(2, "mA"), false},
      {"recursion",
       two_threads() +
           events{lock(1, 'M'), lock(1, 'A'), lock(1, 'M'), unlock(1, 'M'), unlock(1, 'A'), unlock(1, 'M')} +
           nested(2, "MA"),
       false},
      {"given up and taken again inside", two_threads() + retaken(1) + retaken(2), true},
      {"three in a circle", events{fork(0, 3)} + two_threads() + nested(1, "ab") + nested(2, "bc") + nested(3, "ca"),
       true},
  };
}

}  // namespace lock_cases
