// SPDX-License-Identifier: MIT
// What the sanitizers' runtimes export, by weak reference: null where a runtime is not linked.
// The __tsan_get_report_* functions are in no header; they are the same in gcc 12, clang 14 and clang 19.
// They are valid only inside the hook of the report that they are asked about.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
using ravel_word = unsigned long;

[[gnu::weak]] void __tsan_init();
[[gnu::weak]] int __tsan_get_report_data(void* report, const char** description, int* count, int* stack_count,
                                         int* access_count, int* location_count, int* mutex_count, int* thread_count,
                                         int* unique_thread_count, void** sleep_stack, ravel_word sleep_stack_size);
[[gnu::weak]] int __tsan_get_report_stack(void* report, ravel_word index, void** stack, ravel_word stack_size);
[[gnu::weak]] int __tsan_get_report_mop(void* report, ravel_word index, int* thread, void** address, int* size,
                                        int* is_write, int* is_atomic, void** stack, ravel_word stack_size);
[[gnu::weak]] int __tsan_get_report_loc(void* report, ravel_word index, const char** type, void** address,
                                        ravel_word* start, ravel_word* size, int* thread, int* descriptor,
                                        int* is_suppressable, void** stack, ravel_word stack_size);
[[gnu::weak]] int __tsan_get_report_mutex(void* report, ravel_word index, ravel_word* id, void** address,
                                          int* is_destroyed, void** stack, ravel_word stack_size);
[[gnu::weak]] int __tsan_get_report_thread(void* report, ravel_word index, int* thread, unsigned long* os_id,
                                           int* is_running, const char** name, int* parent, void** stack,
                                           ravel_word stack_size);

[[gnu::weak]] void __asan_init();
[[gnu::weak]] void __asan_set_error_report_callback(void (*callback)(const char* text));
[[gnu::weak]] int __asan_report_present();
[[gnu::weak]] const char* __asan_get_report_description();
[[gnu::weak]] int __asan_get_report_access_type();
[[gnu::weak]] ravel_word __asan_get_report_access_size();
[[gnu::weak]] void* __asan_get_report_address();
[[gnu::weak]] ravel_word __asan_get_alloc_stack(void* address, void** stack, ravel_word size, int* thread);

[[gnu::weak]] void __ubsan_get_current_report_data(const char** kind, const char** message, const char** file,
                                                   unsigned* line, unsigned* column, char** address);
[[gnu::weak]] void __ubsan_handle_type_mismatch_v1(void* data, ravel_word value);

[[gnu::weak]] int __lsan_do_recoverable_leak_check();

[[gnu::weak]] void __sanitizer_set_report_fd(void* descriptor);
[[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());
[[gnu::weak]] void __sanitizer_symbolize_pc(void* pc, const char* format, char* text, ravel_word size);
[[gnu::weak]] void __sanitizer_symbolize_global(void* address, const char* format, char* text, ravel_word size);
}

namespace ravel::checks::sanitizers {

[[nodiscard]] inline bool is_tsan() noexcept { return __tsan_get_report_data != nullptr; }
[[nodiscard]] inline bool is_asan() noexcept { return __asan_set_error_report_callback != nullptr; }
[[nodiscard]] inline bool is_ubsan() noexcept { return __ubsan_get_current_report_data != nullptr; }
[[nodiscard]] inline bool is_any() noexcept { return is_tsan() || is_asan() || is_ubsan(); }

}  // namespace ravel::checks::sanitizers
