#pragma once
#include <zlib.h>

// Macro in zlib.h, so invisible to Swift: deflateInit2 passes the version and the structure's size.
static inline int ssm_deflate_init(z_stream *stream, int level, int window_bits, int memory_level, int strategy) {
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, memory_level, strategy);
}

// Macro in zlib.h: inflateInit2.
static inline int ssm_inflate_init(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}
