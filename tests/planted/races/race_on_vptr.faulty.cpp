// SPDX-License-Identifier: MIT
// One thread destroys an object while the other calls its virtual function.
#include "../planted.hpp"

#include <new>

namespace {
struct shape_f;
[[gnu::noinline]] int ask(const shape_f& shape);
struct shape_f {
  // The call keeps compilers from leaving out the change of the object's type.
  virtual ~shape_f() { last_sides = ask(*this); }
  virtual int sides() const { return 0; }
  volatile int last_sides = 0;
};
struct square_f : shape_f {
  int sides() const override { return 4; }
};
[[gnu::noinline]] int ask(const shape_f& shape) { return shape.sides(); }
}  // namespace

RAVEL_PLANTED({.bug = "race_on_vptr",
               .half = planted::half::faulty,
               .kinds = {ravel::finding_kind::race},
               .lanes = {"thread"},
               .options = {.rounds = 30},
               .body = [](ravel::trial& trial) {
                 alignas(square_f) static unsigned char room[sizeof(square_f)];
                 shape_f* const shape = new (room) square_f;
                 trial.thread("caller", [&](ravel::worker& me) {
                   volatile int sides = 0;
                   me.repeat(20, [&] { sides = sides + ask(*shape); });
                 });
                 trial.thread("destroyer", [&](ravel::worker&) { shape->~shape_f(); });
                 trial.run();
               }});
