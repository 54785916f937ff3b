// SPDX-License-Identifier: MIT
// The object is destroyed after the threads that call its virtual function have ended.
#include "../planted.hpp"

#include <new>

namespace {
struct shape_c;
[[gnu::noinline]] int ask(const shape_c& shape);
struct shape_c {
  // The call keeps compilers from leaving out the change of the object's type.
  virtual ~shape_c() { last_sides = ask(*this); }
  virtual int sides() const { return 0; }
  volatile int last_sides = 0;
};
struct square_c : shape_c {
  int sides() const override { return 4; }
};
[[gnu::noinline]] int ask(const shape_c& shape) { return shape.sides(); }
}  // namespace

RAVEL_PLANTED(
    {.bug = "race_on_vptr", .half = planted::half::clean, .options = {.rounds = 30}, .body = [](ravel::trial& trial) {
       alignas(square_c) static unsigned char room[sizeof(square_c)];
       shape_c* const shape = new (room) square_c;
       trial.threads(2, "caller", [&](ravel::worker& me) {
         volatile int sides = 0;
         me.repeat(20, [&] { sides = sides + ask(*shape); });
       });
       trial.run();
       shape->~shape_c();
     }});
