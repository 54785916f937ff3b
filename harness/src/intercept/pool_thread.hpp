// SPDX-License-Identifier: MIT
// Threads that belong to Ravel: they get no record by interception. As pthread_create.
#pragma once

#include <pthread.h>

namespace ravel::detail {

int create_pool_thread(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument);

}  // namespace ravel::detail
