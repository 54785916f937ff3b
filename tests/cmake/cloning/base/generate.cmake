# SPDX-License-Identifier: MIT
# Writes a source file at build time.
file(WRITE "${OUTPUT}" "#include \"compiled_as.h\"\nint variant_of_generated() { return COMPILED_FOR; }\n")
