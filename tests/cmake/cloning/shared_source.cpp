// SPDX-License-Identifier: MIT
// Compiled by two directories, each with a source-file property of its own.
#include "compiled_as.h"
int COMPILED_AS() { return COMPILED_FOR; }
