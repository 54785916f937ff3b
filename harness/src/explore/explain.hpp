// SPDX-License-Identifier: MIT
// What follows a run with findings: each failing one is replayed, minimised, and shown as an interleaving; its token
// becomes the one that shows it again. Parent only. Takes some seconds at most, however many findings there are.
#pragma once

namespace ravel {
struct report;
}

namespace ravel::detail {

class supervised_run;
struct exploration;

void explain_findings(supervised_run& run, exploration& explore, report& report);

}  // namespace ravel::detail
