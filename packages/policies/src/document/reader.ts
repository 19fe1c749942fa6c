import type { PolicyProblem } from '../problems/problem.ts';
import { ProblemList } from '../problems/problem-list.ts';
import type { PolicyElement } from './element.ts';
import { isXmlCharacter } from './entities.ts';
import { type Expansion, expandNamedValues } from './named-values.ts';
import { nearestName } from './nearest-name.ts';
import { mostProblems, parseMarkup } from './parser.ts';

export interface ReadOptions {
  readonly file: string;
  /** `rawxml`: expressions stand as they are. `xml`: ordinary XML, expressions escaped. */
  readonly format: 'rawxml' | 'xml';
  readonly kind: 'policies' | 'fragment';
  /** Values by display name. */
  readonly namedValues: ReadonlyMap<string, string>;
}

export interface ReadResult {
  /** Null when the text could not be made sense of. */
  readonly root: PolicyElement | null;
  readonly problems: readonly PolicyProblem[];
}

/** Bytes of UTF-8 (include `api-management-service-limits.md`; page `policy-fragments.md`). */
const largest = { policies: 256 * 1024, fragment: 512 * 1024 } as const;
/** UTF-16 units with the named values in place. A limit of ours: the file is small, its values need not be. */
const largestExpanded = 2 * 1024 * 1024;

/**
 * Reads a policy document or fragment: the dialect of API Management that looks like XML but holds raw C# expressions.
 * Never throws for bad input; reports everything that is wrong with the text, with places as the author sees them.
 */
export function readPolicyText(text: string, options: ReadOptions): ReadResult {
  const problems = new ProblemList(
    options.file,
    options.kind === 'fragment' ? 'The policy fragment is not a valid XML: ' : '',
  );
  const start = { line: 1, column: 1 };
  const root = { name: options.kind, at: start };
  const limit = largest[options.kind];
  const size = text.length > limit ? text.length : Buffer.byteLength(text);
  if (size > limit) {
    const what = options.kind === 'policies' ? 'policy document' : 'policy fragment';
    problems.inElement(
      'PolicyTooLarge',
      root,
      `The ${what} has more than ${limit / 1024} KiB, the most that is allowed.`,
    );
    return { root: null, problems: problems.items };
  }
  const expansion = expandNamedValues(options.file, text, options.namedValues, largestExpanded);
  if (expansion.tooLong) {
    problems.inElement(
      'PolicyTooLarge',
      root,
      `With its named values in place the document has more than ${largestExpanded / 1024} Ki characters.`,
    );
    return { root: null, problems: problems.items };
  }
  const bad = firstBadCharacter(expansion.source.text);
  if (bad) {
    problems.syntax(
      `${bad.text}, hexadecimal value 0x${bad.code.toString(16).toUpperCase().padStart(2, '0')}, is an invalid character.`,
      expansion.source.position(bad.at),
    );
    return { root: null, problems: problems.items };
  }
  const { root: element, exempt } = parseMarkup(expansion, options.format, problems);
  reportUnknown(expansion, exempt, options.namedValues, problems);
  return { root: element, problems: problems.items };
}

function firstBadCharacter(text: string): { readonly at: number; readonly code: number; readonly text: string } | null {
  for (let at = 0; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code >= 32 && code < 0xd800) continue;
    if (code >= 0xd800 && code < 0xdc00) code = text.codePointAt(at) ?? code;
    // A lone surrogate would not survive being written to a log or a response.
    if (!isXmlCharacter(code)) return { at, code, text: code < 32 ? "'.'" : "'\uFFFD'" };
    if (code > 0xffff) at++;
  }
  return null;
}

/**
 * Rule 8. `{{name}}` that names nothing is an error everywhere but where double braces mean something else: in a comment,
 * in an interpolated string, and in the content of an element with `template="liquid"`.
 */
function reportUnknown(
  { source, unknown }: Expansion,
  exempt: readonly (readonly [number, number])[],
  namedValues: ReadonlyMap<string, string>,
  problems: ProblemList,
): void {
  for (const { name, start, end } of unknown) {
    if (problems.items.length >= mostProblems) return;
    if (exempt.some(([from, to]) => from <= start && end <= to)) continue;
    const nearest = nearestName(name, namedValues.keys());
    const hint = nearest ? ` Did you mean '{{${nearest}}}'?` : '';
    const at = source.position(start);
    problems.inElement('PolicyNamedValue', { name: 'named-value', at }, `Cannot find a named value '${name}'.${hint}`);
  }
}
