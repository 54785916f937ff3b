// SPDX-License-Identifier: MIT
// main of a fuzz program without libFuzzer.
#include "driver.hpp"

int main(int argc, char** argv) { return ravel::detail::drive({argv + 1, argv + argc}); }
