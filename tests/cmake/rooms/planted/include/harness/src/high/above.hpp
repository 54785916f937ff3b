// SPDX-License-Identifier: MIT
// Included from below, on purpose.
#pragma once
