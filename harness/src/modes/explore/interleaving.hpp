// SPDX-License-Identifier: MIT
// From a traced execution to the steps that a reader wants to see: those that touch what several threads use, in the
// user's own lines, as shown_events.hpp chooses them; and all of its steps as a text.
// Parent only. Cost: O(events), and a look at the symbol tables.
#pragma once

#include "object_names.hpp"
#include "source_places.hpp"
#include "trace.hpp"

#include <ravel/finding.hpp>

#include <string>
#include <vector>

namespace ravel::detail {

// Fills in the finding's interleaving, and what is left out of it. Returns the events that the finding is about.
std::vector<const traced_event*> tell_interleaving(finding& finding, const trace& trace, const source_places& places,
                                                   object_names& names);

// A line for each event, in order of time.
[[nodiscard]] std::string whole_trace_text(const trace& trace, const source_places& places, object_names& names);

}  // namespace ravel::detail
