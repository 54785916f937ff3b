// SPDX-License-Identifier: MIT
// Opposite orders that a guard keeps apart, that a phase keeps apart, and of a single thread: told for
// information, not counted. Helgrind, which knows no guards, reports the first.
#include "bodies.hpp"

namespace {
std::mutex world_lock, input_lock, output_lock, first_lock, second_lock, own_lock, other_lock;
}  // namespace

RAVEL_PLANTED({.bug = "lock_guard",
               .half = planted::half::clean,
               .kinds = {},
               .lanes = {"helgrind"},
               .options = {.rounds = 10},
               .body = [](ravel::trial& trial) {
                 trial.thread("reader", [](ravel::worker&) {
                   {
                     guard w(world_lock);
                     guard a(input_lock);
                     guard b(output_lock);
                   }
                   {
                     guard a(first_lock);
                     guard b(second_lock);
                   }
                   {
                     guard a(own_lock);
                     guard b(other_lock);
                   }
                   {
                     guard b(other_lock);
                     guard a(own_lock);
                   }
                 });
                 trial.thread("writer", [](ravel::worker&) {
                   guard w(world_lock);
                   guard b(output_lock);
                   guard a(input_lock);
                 });
                 trial.run();
                 trial.thread("later", [](ravel::worker&) {
                   guard b(second_lock);
                   guard a(first_lock);
                 });
                 trial.run();
               }});
