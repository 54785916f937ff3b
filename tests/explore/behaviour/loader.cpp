// SPDX-License-Identifier: MIT
// What runs under the dynamic loader's lock: callbacks of dl_iterate_phdr, constructors and destructors of libraries.
#include "behaviour.hpp"

#include <dlfcn.h>
#include <link.h>
#include <sched.h>

#include <atomic>

namespace {

std::atomic<int> seen{0};

int look(dl_phdr_info*, std::size_t, void*) {
  ++seen;
  sched_yield();
  return 0;
}

void use_plugin(ravel::worker& me) {
  void* plugin = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
  me.require(plugin != nullptr, "it is loaded");
  if (plugin == nullptr) return;
  auto* value = reinterpret_cast<int (*)()>(dlsym(plugin, "plugin_value"));
  me.require(value != nullptr && value() == 42, "its function is found");
  Dl_info info;
  me.require(dladdr(reinterpret_cast<void*>(value), &info) != 0, "and what it is");
  me.require_equal(dlclose(plugin), 0, "it is closed");
}

}  // namespace

RAVEL_BEHAVIOUR({.name = "dl_iterate_phdr by two threads", .options = {}, .body = [](ravel::trial& trial) {
                   trial.threads(2, "walker", [](ravel::worker&) { dl_iterate_phdr(look, nullptr); });
                   trial.run();
                   trial.require(seen.load() > 1, "it has looked");
                 }});
RAVEL_BEHAVIOUR({.name = "a library is loaded while others ask the loader",
                 .options = {},
                 .body = [](ravel::trial& trial) {
                   trial.threads(2, "user", use_plugin);
                   trial.thread("walker", [](ravel::worker&) { dl_iterate_phdr(look, nullptr); });
                   trial.thread("finder", [](ravel::worker& me) {
                     me.require(dlsym(RTLD_NEXT, "sched_yield") != nullptr, "the next one");
                     me.require(dlsym(RTLD_DEFAULT, "no such name") == nullptr, "no such one");
                   });
                   trial.run();
                   trial.require(dlopen("libravel-none.so", RTLD_NOW) == nullptr && dlerror() != nullptr, "none");
                 }});

RAVEL_BEHAVIOUR(
    {.name = "a library is loaded by dlmopen, and asked of by dladdr1", .options = {}, .body = [](ravel::trial& trial) {
       trial.threads(2, "user", [](ravel::worker& me) {
         void* plugin = dlmopen(LM_ID_BASE, PLUGIN, RTLD_NOW | RTLD_LOCAL);
         me.require(plugin != nullptr, "it is loaded");
         if (plugin == nullptr) return;
         Dl_info info;
         link_map* map = nullptr;
         me.require(
             dladdr1(dlsym(plugin, "plugin_value"), &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) != 0 &&
                 map != nullptr,
             "its function is known");
         me.require_equal(dlclose(plugin), 0, "it is closed");
       });
       trial.thread("walker", [](ravel::worker&) { dl_iterate_phdr(look, nullptr); });
       trial.run();
     }});

// Its libc is another one.
RAVEL_BEHAVIOUR({.name = "a library in a namespace of its own",
                 .due = ravel::finding_kind::uncontrolled,
                 .options = {.executions = 3},
                 .body = [](ravel::trial& trial) {
                   trial.threads(2, "user", [](ravel::worker& me) {
                     void* plugin = dlmopen(LM_ID_NEWLM, "libm.so.6", RTLD_NOW | RTLD_LOCAL);
                     me.require(plugin != nullptr, "it is loaded");
                     if (plugin != nullptr) dlclose(plugin);
                   });
                   trial.run();
                 }});
