// SPDX-License-Identifier: MIT
// Wrong on purpose: includes what includes it.
#pragma once

#include "first.hpp"
