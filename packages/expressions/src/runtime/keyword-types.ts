/** The types that C# has keywords for: the keyword, and the full name. */
export const keywordTypes: Readonly<Record<string, string>> = {
  object: 'System.Object',
  string: 'System.String',
  bool: 'System.Boolean',
  char: 'System.Char',
  sbyte: 'System.SByte',
  byte: 'System.Byte',
  short: 'System.Int16',
  ushort: 'System.UInt16',
  int: 'System.Int32',
  uint: 'System.UInt32',
  long: 'System.Int64',
  ulong: 'System.UInt64',
  float: 'System.Single',
  double: 'System.Double',
  decimal: 'System.Decimal',
};
