import { RegexOptions } from './options.ts';
import { Regex } from './regex.ts';

/** The `=~` of JSONPath: a pattern with option letters (`i`, `m`, `s`, `x`). */
export function testPattern(pattern: string, letters: string, input: string): boolean {
  let options = 0;
  for (const letter of letters) options |= flags[letter] ?? 0;
  return new Regex(pattern, options).isMatch(input);
}

const flags: Readonly<Record<string, number>> = {
  i: RegexOptions.IgnoreCase,
  m: RegexOptions.Multiline,
  s: RegexOptions.Singleline,
  x: RegexOptions.ExplicitCapture,
};
