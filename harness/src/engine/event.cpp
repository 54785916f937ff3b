// SPDX-License-Identifier: MIT
// See event.hpp.
#include "event.hpp"

namespace ravel::detail {

const char* word_for(operation what) noexcept {
  switch (what) {
    case operation::none: return "none";
    case operation::start: return "start";
    case operation::exit: return "exit";
    case operation::read: return "read";
    case operation::write: return "write";
    case operation::atomic_load: return "atomic load";
    case operation::atomic_store: return "atomic store";
    case operation::atomic_update: return "atomic update";
    case operation::lock: return "lock";
    case operation::lock_shared: return "shared lock";
    case operation::try_lock: return "try lock";
    case operation::timed_lock: return "timed lock";
    case operation::unlock: return "unlock";
    case operation::wait: return "wait";
    case operation::signal: return "signal";
    case operation::broadcast: return "broadcast";
    case operation::create: return "create thread";
    case operation::join: return "join";
    case operation::acquire: return "acquire";
    case operation::release: return "release";
    case operation::yield: return "yield";
    case operation::sleep: return "sleep";
    case operation::clock: return "look at the clock";
    case operation::input: return "input";
    case operation::output: return "output";
    case operation::annotated: return "mark";
    case operation::send_signal: return "send signal";
    case operation::handle_signal: return "handle signal";
    case operation::await_signal: return "wait for signal";
  }
  return "?";
}

}  // namespace ravel::detail
