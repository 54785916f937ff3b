// SPDX-License-Identifier: MIT
// 1 if the including file is compiled for TSan, 2 for ASan, else 0. A header that only static_part can see.
#pragma once
#include "compiled_as.h"
