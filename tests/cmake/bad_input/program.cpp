// SPDX-License-Identifier: MIT
// Never built.
int main() {}
