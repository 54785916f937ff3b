// SPDX-License-Identifier: MIT
// Defines what below.cpp declares.
namespace ravel::planted {

int defined_above();
int defined_above() { return 1; }

}  // namespace ravel::planted
