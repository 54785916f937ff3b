# SPDX-License-Identifier: MIT
# Functions of Catch2 that string_streams.cpp wraps at link time, so that INFO, CAPTURE and failing assertions can be
# used from several threads of a body. Mangled names, as the linker knows them. Symbols that a program never uses
# cost nothing.
# _ravel_catch2_wraps(<target>)
function(_ravel_catch2_wraps target)
  # Catch2 2.13 is a single header, 3.x a library; a version is not known when FetchContent brings it.
  get_target_property(type Catch2::Catch2 TYPE)
  set(stream _ZN5Catch20ReusableStringStream)
  set(symbols ${stream}C1Ev ${stream}C2Ev ${stream}D1Ev ${stream}D2Ev)
  if(type STREQUAL "INTERFACE_LIBRARY")
    foreach(constructor C1 C2)
      list(APPEND symbols
        _ZN5Catch14MessageBuilder${constructor}ERKNS_9StringRefERKNS_14SourceLineInfoENS_9ResultWas6OfTypeE
        _ZN5Catch8Capturer${constructor}ENS_9StringRefERKNS_14SourceLineInfoENS_9ResultWas6OfTypeES1_)
    endforeach()
    foreach(type a b c d f h i j l m x y)
      list(APPEND symbols _ZN5Catch11StringMakerI${type}vE7convertB5cxx11E${type})
    endforeach()
    list(APPEND symbols
      _ZN5Catch11StringMakerINS_6Detail6ApproxEvE7convertB5cxx11ERKS2_
      _ZN5Catch11StringMakerISt4bytevE7convertB5cxx11ES1_
      _ZNK5Catch8Matchers4Impl18MatcherUntypedBase8toStringB5cxx11Ev
      _ZN5Catch6Detail17rawMemoryToStringB5cxx11EPKvm)
  else()
    foreach(constructor C1 C2)
      list(APPEND symbols _ZN5Catch11MessageInfo${constructor}ENS_9StringRefERKNS_14SourceLineInfoENS_9ResultWas6OfTypeE)
    endforeach()
  endif()
  list(TRANSFORM symbols PREPEND "-Wl,--wrap=")
  target_link_options(${target} INTERFACE ${symbols} -Wl,-u,ravel_catch2_string_streams)
endfunction()
