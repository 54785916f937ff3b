// SPDX-License-Identifier: MIT
// What the source calls the objects of a traced execution, and values in its words: variables of static storage, local
// ones of every thread's stack, members of heap objects. By debug information where there is some; else variables by
// the symbol tables, and the rest by numbers in order of appearance. Parent only. Cost: learn() starts two processes
// that read debug information; names are asked for what is learned only.
#pragma once

#include "heap_blocks.hpp"
#include "record/modules.hpp"
#include "source_places.hpp"
#include "symbols/debug_names.hpp"
#include "trace.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ravel::detail {

class object_names {
 public:
  object_names(const trace& trace, source_places& places, const module_table& modules);

  void learn(const std::vector<const traced_event*>& events);
  [[nodiscard]] std::string name_of(const traced_event& event);
  // Of one that is known.
  [[nodiscard]] const std::string& name_of(const traced_event& event) const { return names_.at(&event); }
  [[nodiscard]] std::string value_of(const traced_event& event);
  // Whether its name is the source's.
  [[nodiscard]] bool is_known(const traced_event& event) const;
  // The heap blocks that were named so far and freed in the execution, in order of time.
  struct freed_block {
    const traced_block* block;
    std::string label;
  };
  [[nodiscard]] std::vector<freed_block> freed_blocks() const;
  // What the heap objects are that were named so far: "node#1 is 24 bytes that main made at pool.cpp:31".
  [[nodiscard]] std::vector<std::string> heap_objects() const;

 private:
  // How an address can be asked for: several questions, of which the first that is answered counts.
  struct asked {
    std::vector<std::string> questions;
    const traced_block* block = nullptr;  // then answers are members of what is in it
    std::vector<std::string> types;       // one for each question about a block
  };

  [[nodiscard]] std::uint32_t index_of(const traced_event& event) const;
  [[nodiscard]] asked questions_for(const void* address, const name_question& what, const traced_event& when);
  [[nodiscard]] const traced_event* frames_of_stack(std::uintptr_t address, const traced_event& when) const;
  void ask(const std::vector<asked>& all);
  [[nodiscard]] std::optional<debug_name> answer_to(const asked& one);
  [[nodiscard]] std::string label_of(const traced_block& block, const std::string& type);
  [[nodiscard]] std::string pointed_to(std::uint64_t value, const traced_event& when);
  [[nodiscard]] std::string without_debug_information(const void* object);

  const trace& trace_;
  source_places& places_;
  const module_table& modules_;
  heap_blocks blocks_;
  std::map<std::string, debug_name> answers_;  // by question
  std::map<const traced_event*, std::string> names_, values_;
  std::set<const traced_event*> known_;
  struct heap_label {
    std::string label, type;
  };
  std::map<const traced_block*, heap_label> labels_;
  std::vector<const traced_block*> labelled_;  // in order of appearance
  std::map<std::string, unsigned> labels_of_type_;
  std::map<const void*, std::string> fallback_;
  unsigned unnamed_ = 0;
};

}  // namespace ravel::detail
