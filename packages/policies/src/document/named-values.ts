import { type Replacement, SourceText } from './source-text.ts';

/** A `{{name}}` that names no named value. Whether that is an error depends on where it stands: the reader decides. */
export interface UnknownNamedValue {
  readonly name: string;
  /** In the expanded text. */
  readonly start: number;
  readonly end: number;
}

export interface Expansion {
  readonly source: SourceText;
  readonly unknown: readonly UnknownNamedValue[];
  /** The text with all values in place would be longer than the limit. */
  readonly tooLong: boolean;
}

/** A display name: letters, digits, `-`, `.`, `_` (page `api-management-howto-properties.md`). No blanks around it. */
const reference = /\{\{([A-Za-z0-9\-._]+)\}\}/g;

/**
 * Replaces `{{name}}` by the value of that display name (exact spelling) in the text, before anything is parsed, as API
 * Management does. Values are not looked through for further names.
 */
export function expandNamedValues(
  file: string,
  written: string,
  values: ReadonlyMap<string, string>,
  limit: number,
): Expansion {
  const parts: string[] = [];
  const replacements: Replacement[] = [];
  const unknown: UnknownNamedValue[] = [];
  let length = 0;
  let copied = 0;
  for (const match of written.matchAll(reference)) {
    const name = match[1] ?? '';
    const writtenEnd = match.index + match[0].length;
    const start = length + (match.index - copied);
    const value = values.get(name);
    if (value === undefined) {
      unknown.push({ name, start, end: start + match[0].length });
      continue;
    }
    if (start + value.length > limit)
      return { source: new SourceText(file, written, written, []), unknown: [], tooLong: true };
    parts.push(written.slice(copied, match.index), value);
    replacements.push({ name, start, end: start + value.length, writtenStart: match.index, writtenEnd });
    length = start + value.length;
    copied = writtenEnd;
  }
  parts.push(written.slice(copied));
  const text = replacements.length === 0 ? written : parts.join('');
  return { source: new SourceText(file, written, text, replacements), unknown, tooLong: text.length > limit };
}
