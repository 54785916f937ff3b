// SPDX-License-Identifier: MIT
// Takes one check out of a program. The linker (--wrap) leads the registration of the check to this maker instead of
// the check's own, and what it makes hears nothing. Were the check's maker renamed, this would take out nothing, and
// blind.cmake would see the canary pass.
#include <ravel/observer.hpp>

#include <memory>

std::unique_ptr<ravel::observer> make_deaf_check() __asm__("__wrap_" MAKER);

std::unique_ptr<ravel::observer> make_deaf_check() { return std::make_unique<ravel::observer>(); }
