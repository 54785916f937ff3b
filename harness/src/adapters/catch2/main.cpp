// SPDX-License-Identifier: MIT
// main of a test program. In an object of its own: a main of the user's wins, and this one stays in the archive.
#include <ravel/catch2.hpp>

int main(int argc, char** argv) { return ravel::catch2_main(argc, argv); }
