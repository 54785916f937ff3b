// SPDX-License-Identifier: MIT
// Two paths in opposite orders under a common guard, and a third that forgot the guard.
#include "bodies.hpp"

namespace {
std::mutex world_lock, input_lock, output_lock;
turns order;
}  // namespace

RAVEL_PLANTED({.bug = "lock_guard",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::lock_order},
               .lanes = {"plain", "thread", "address", "memcheck"},
               .options = {.rounds = 3},
               .body = [](ravel::trial& trial) {
                 order.start();
                 trial.thread("reader", [](ravel::worker&) {
                   order.take(0, [] {
                     guard w(world_lock);
                     guard a(input_lock);
                     guard b(output_lock);
                   });
                 });
                 trial.thread("writer", [](ravel::worker&) {
                   order.take(1, [] {
                     guard w(world_lock);
                     guard b(output_lock);
                     guard a(input_lock);
                   });
                 });
                 trial.thread("hurried", [](ravel::worker&) {
                   order.take(2, [] {
                     guard a(input_lock);
                     guard b(output_lock);
                   });
                 });
                 trial.run();
               }});
