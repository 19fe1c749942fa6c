/** Constructor bytes of the encodings (1.6). */
export const format = {
  described: 0x00,
  null: 0x40,
  true: 0x41,
  false: 0x42,
  uint0: 0x43,
  ulong0: 0x44,
  list0: 0x45,
  ubyte: 0x50,
  byte: 0x51,
  smalluint: 0x52,
  smallulong: 0x53,
  smallint: 0x54,
  smalllong: 0x55,
  boolean: 0x56,
  ushort: 0x60,
  short: 0x61,
  uint: 0x70,
  int: 0x71,
  float: 0x72,
  char: 0x73,
  decimal32: 0x74,
  ulong: 0x80,
  long: 0x81,
  double: 0x82,
  timestamp: 0x83,
  decimal64: 0x84,
  decimal128: 0x94,
  uuid: 0x98,
  binary8: 0xa0,
  string8: 0xa1,
  symbol8: 0xa3,
  binary32: 0xb0,
  string32: 0xb1,
  symbol32: 0xb3,
  list8: 0xc0,
  map8: 0xc1,
  list32: 0xd0,
  map32: 0xd1,
  array8: 0xe0,
  array32: 0xf0,
} as const;

/** Deeper nesting of lists, maps, arrays and descriptors is refused. */
export const maxDepth = 64;

/**
 * Items of arrays that take no bytes (null, true, uint0, list0 …) in one value, over all its arrays: only their count says how many
 * there are, so it is not believed beyond this.
 */
export const maxZeroWidthItems = 4096;
