/** What a letter behind a backslash stands for in the strings of Newtonsoft, in documents and in paths; `u` is not among them. */
export const shortEscapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '/': '/',
};
