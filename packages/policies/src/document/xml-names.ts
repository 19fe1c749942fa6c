export function isBlank(c: number): boolean {
  return c === 32 || c === 10 || c === 13 || c === 9;
}

export function skipBlanks(text: string, at: number, limit = text.length): number {
  let end = at;
  while (end < limit && isBlank(text.charCodeAt(end))) end++;
  return end;
}

/** Near enough to XML 1.0's NameStartChar: letters of any script, `_` and `:`. */
export function isNameStart(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c === 58 || c >= 0xc0;
}

export function nameEnd(text: string, at: number): number {
  let end = at;
  for (;;) {
    const c = text.charCodeAt(end);
    const isPart =
      (c >= 97 && c <= 122) ||
      (c >= 65 && c <= 90) ||
      (c >= 48 && c <= 58) ||
      c === 45 ||
      c === 46 ||
      c === 95 ||
      c === 0xb7 ||
      c >= 0xc0;
    if (!isPart) return end;
    end++;
  }
}
