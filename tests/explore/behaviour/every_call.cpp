// SPDX-License-Identifier: MIT
// Every intercepted function does what it should, called from C and from C++, outside of a run and under control.
#include "every_call.inc"

#include "behaviour.hpp"

extern "C" const char* every_call_from_c(void);

namespace {

const char* every_call_from_cxx() { return call_every_one(); }

template <const char* (*Calls)()>
void in_threads(ravel::trial& trial) {
  trial.thread("caller", [](ravel::worker& me) {
    const char* wrong = Calls();
    me.require(wrong == nullptr, wrong == nullptr ? "" : wrong);
  });
  trial.thread("bystander", [](ravel::worker&) {
    for (int i = 0; i < 20; ++i) sched_yield();
  });
  trial.run();
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "every call, from C",
                 .options = {.executions = 10},
                 .body = in_threads<every_call_from_c>,
                 .outside = every_call_from_c});
RAVEL_BEHAVIOUR({.name = "every call, from C++",
                 .options = {.executions = 10},
                 .body = in_threads<every_call_from_cxx>,
                 .outside = every_call_from_cxx});

RAVEL_BEHAVIOUR({.name = "a pause that nobody ends",
                 .due = ravel::finding_kind::lost_wakeup,
                 .options = {.executions = 2},
                 .body = [](ravel::trial& trial) {
                   trial.thread("waiter", [](ravel::worker&) { pause(); });
                   trial.run();
                 }});
