// SPDX-License-Identifier: MIT
// A finding of explore mode pinned as an ordinary test: repeats the one execution that its token names. Every report
// prints the call ready to paste. Contract and errors: as for explore(); a token that is none is misuse.
//   report.verdict: faulty while the finding shows, clean when it does not any more; undecided when none of the places
//   where the schedule switches is left in the code: then the test shows nothing, and should be made anew.
#pragma once

#include <ravel/explore.hpp>
#include <ravel/report.hpp>

#include <string>

namespace ravel {

// The body is that of the test that the finding was made in. options.executions, .seed and .strategy come from the
// token.
[[nodiscard]] report regression(const std::string& token, const body& body, explore_options options = {});

}  // namespace ravel
