// SPDX-License-Identifier: MIT
// All checks, registered by name when the program starts. The linker is told to want ravel_checks_registered
// (checks/CMakeLists.txt), because nothing else refers to this file. Order: those whose findings explain
// others come first. Not called after static initialisation.
#include "census/census_check.hpp"
#include "deadlock/deadlock_check.hpp"
#include "ledger/ledger_check.hpp"
#include "linearizable/linearizable_check.hpp"
#include "lock_order/lock_order_check.hpp"
#include "operations/operations_check.hpp"
#include "progress/progress_check.hpp"
#include "sanitizers/sanitizer_check.hpp"
#include "valgrind/valgrind_check.hpp"

#include <ravel/observer.hpp>

namespace {

[[maybe_unused]] const bool are_registered[] = {
    ravel::register_check({"sanitizers", ravel::checks::make_sanitizer_check}),
    ravel::register_check({"valgrind", ravel::checks::make_valgrind_check}),
    ravel::register_check({"deadlock", ravel::checks::make_deadlock_check}),
    ravel::register_check({"lock_order", ravel::checks::make_lock_order_check}),
    ravel::register_check({"ledger", ravel::checks::make_ledger_check}),
    ravel::register_check({"linearizable", ravel::checks::make_linearizable_check}),
    ravel::register_check({"progress", ravel::checks::make_progress_check}),
    ravel::register_check({"operations", ravel::checks::make_operations_check}),
    ravel::register_check({"census", ravel::checks::make_census_check}),
};

}  // namespace

extern "C" {
__attribute__((visibility("default"))) char ravel_checks_registered = 1;
}
