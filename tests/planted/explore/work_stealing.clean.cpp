// SPDX-License-Identifier: MIT
// Twin: both ask for the last task.
#include "pair.hpp"

#include <atomic>

namespace {

// One owner pushes and pops at the bottom, thieves steal at the top. -1: nothing there.
struct deque {
  std::atomic<int> top{0}, bottom{0};
  std::atomic<int> items[4] = {};

  void push(int item) {
    const int at = bottom;
    items[at] = item;
    bottom = at + 1;
  }
  int steal() {
    int at = top;
    if (at >= bottom) return -1;
    const int item = items[at];
    return top.compare_exchange_strong(at, at + 1) ? item : -1;
  }
  int pop() {
    const int at = bottom - 1;
    bottom = at;
    int first = top;
    if (first > at) {
      bottom = first;
      return -1;
    }
    const int item = items[at];
    if (at > first) return item;
    const bool is_mine = top.compare_exchange_strong(first, first + 1);
    bottom = at + 1;
    return is_mine ? item : -1;
  }
};

void body(ravel::trial& trial) {
  deque tasks;
  std::atomic<int> runs[2] = {};
  tasks.push(0);
  tasks.push(1);
  const auto perform = [&](ravel::worker& me, int task) {
    if (task >= 0) me.require_equal(runs[task].fetch_add(1), 0, "a task runs once");
  };
  trial.thread("owner", [&](ravel::worker& me) {
    perform(me, tasks.pop());
    perform(me, tasks.pop());
  });
  trial.thread("thief", [&](ravel::worker& me) { perform(me, tasks.steal()); });
  trial.run();
}

}  // namespace

RAVEL_EXPLORED({.bug = "work_stealing", .half = explored::half::clean, .body = body});
