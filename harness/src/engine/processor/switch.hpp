// SPDX-License-Identifier: MIT
// How one context gives way to another, one folder for each processor; see engine/context.hpp for what is saved.
#pragma once

#include "base/processor/processor.hpp"

#if defined(__x86_64__)
#include "engine/processor/x86_64/switch.hpp"
#elif defined(__aarch64__)
#include "engine/processor/aarch64/switch.hpp"
#endif
