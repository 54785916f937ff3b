// SPDX-License-Identifier: MIT
// Wrong on purpose: declares what only a file above it defines, so that no include shows it.
namespace ravel::planted {

int defined_above();
int asks_upwards() { return defined_above(); }

}  // namespace ravel::planted
