import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
  visit,
} from 'jsonc-parser';
import type { Diagnostic } from '../diagnostic.ts';
import { problem } from '../errors.ts';
import {
  type DocumentPath,
  maxDocumentDepth,
  maxSyntaxProblems,
  type ParsedDocument,
  type Position,
} from './document.ts';
import { LineIndex } from './line-index.ts';

/**
 * Parses JSON as RFC 8259 has it: comments, trailing commas and duplicate keys are problems, as they are for the tools
 * that will read the same file for Azure.
 */
export function parseJsonDocument(file: string, text: string): ParsedDocument {
  const tooDeep = offsetBeyondDepth(text);
  if (tooDeep !== -1) {
    const place = { file, ...new LineIndex(text).position(tooDeep) };
    return broken(file, [problem('NestedTooDeep', place, { limit: maxDocumentDepth })]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const diagnostics = syntaxProblems(file, text, error instanceof Error ? error.message : '');
    const lenient = lenientValue(text);
    if (lenient === undefined) return broken(file, diagnostics);
    return { file, value: lenient, diagnostics, locate: (path, part) => locateInJson(text, path, part ?? 'value') };
  }
  const diagnostics = duplicateKeys(file, text);
  return { file, value, diagnostics, locate: (path, part) => locateInJson(text, path, part ?? 'value') };
}

/**
 * The value of a text whose only faults are comments and trailing commas: nothing is served from it (the faults are
 * errors), but what else is wrong can be told at once. Undefined for any other text.
 */
function lenientValue(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: false, allowTrailingComma: true });
  return errors.length === 0 ? value : undefined;
}

function broken(file: string, diagnostics: readonly Diagnostic[]): ParsedDocument {
  return { file, value: undefined, diagnostics, locate: () => ({ line: 1, column: 1 }) };
}

/**
 * Where the text opens one bracket too many, or -1. A loop, so that hostile nesting cannot exhaust the stack. It sees
 * strings and comments as jsonc-parser does, which also reads texts that are no JSON, and recurses.
 */
function offsetBeyondDepth(text: string): number {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"' || character === '\n' || character === '\r') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '/') at = endOfComment(text, at);
    else if (character === '[' || character === '{') {
      if (++depth > maxDocumentDepth) return at;
    } else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return -1;
}

const lineEnd = /[\r\n]/g;

/** The last character of the comment that begins here, or the place itself when none does. */
function endOfComment(text: string, at: number): number {
  if (text[at + 1] === '/') {
    lineEnd.lastIndex = at;
    return lineEnd.exec(text)?.index ?? text.length;
  }
  if (text[at + 1] !== '*') return at;
  const end = text.indexOf('*/', at + 2);
  return end === -1 ? text.length : end + 1;
}

function syntaxProblems(file: string, text: string, engineMessage: string): Diagnostic[] {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  const lines = new LineIndex(text);
  if (errors.length === 0) {
    // The engine is stricter than jsonc-parser in a few places (control characters in strings); it gives an offset.
    const offset = Number(/position (\d+)/.exec(engineMessage)?.[1] ?? 0);
    // The engine's own words quote the text, which may be a secrets file.
    const reason = 'a control character inside a string, or otherwise malformed text';
    return [problem('JsonSyntax', { file, ...lines.position(offset) }, { reason })];
  }
  const seen = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const error of errors) {
    if (diagnostics.length >= maxSyntaxProblems) break;
    const place = { file, ...lines.position(error.offset) };
    const reason = reasonOf(text, error);
    const key = `${place.line}:${place.column}:${reason}`;
    if (seen.has(key)) continue;
    seen.add(key);
    diagnostics.push(problem('JsonSyntax', place, { reason }));
  }
  return diagnostics;
}

function reasonOf(text: string, error: ParseError): string {
  const code = printParseErrorCode(error.error);
  const expectsMore = code === 'PropertyNameExpected' || code === 'ValueExpected';
  if (
    expectsMore &&
    /[}\]]/.test(text[error.offset] ?? '') &&
    /,\s*$/.test(text.slice(Math.max(0, error.offset - 200), error.offset))
  ) {
    return 'a trailing comma; expected none before the closing bracket';
  }
  return reasons[code] ?? 'the text is malformed';
}

const reasons: Readonly<Partial<Record<ReturnType<typeof printParseErrorCode>, string>>> = {
  InvalidSymbol: 'an unexpected word; expected a value in JSON notation',
  InvalidNumberFormat: 'a malformed number',
  PropertyNameExpected: 'expected a property name in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: "expected ':' after the property name",
  CommaExpected: "expected ',' between values",
  CloseBraceExpected: "expected '}'",
  CloseBracketExpected: "expected ']'",
  EndOfFileExpected: 'expected the end of the file after the first value',
  InvalidCommentToken: 'a comment; JSON has none',
  UnexpectedEndOfComment: 'a comment that does not end; JSON has none',
  UnexpectedEndOfString: 'a string that does not end on its line',
  UnexpectedEndOfNumber: 'a number that breaks off',
  InvalidUnicode: 'a malformed \\u escape',
  InvalidEscapeCharacter: 'an unknown escape',
  InvalidCharacter: 'a control character inside a string; expected an escape',
};

function duplicateKeys(file: string, text: string): Diagnostic[] {
  const found: { key: string; offset: number }[] = [];
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectEnd: () => {
      open.pop();
    },
    onObjectProperty: (key, offset) => {
      const keys = open.at(-1);
      if (keys?.has(key) && found.length < maxSyntaxProblems) found.push({ key, offset });
      keys?.add(key);
    },
  });
  if (found.length === 0) return [];
  const lines = new LineIndex(text);
  return found.map(({ key, offset }) => problem('DuplicateKey', { file, ...lines.position(offset) }, { key }));
}

/** The tree that was asked last: places are asked for only when something is wrong, and then several in one file. */
let lastTree: { readonly text: string; readonly root: Node | undefined; readonly lines: LineIndex } | null = null;

function locateInJson(text: string, path: DocumentPath, part: 'key' | 'value'): Position {
  if (lastTree === null || lastTree.text !== text)
    lastTree = { text, root: parseTree(text), lines: new LineIndex(text) };
  const { root, lines } = lastTree;
  for (let length = path.length; root !== undefined && length >= 0; length--) {
    const node = nodeAt(root, path.slice(0, length));
    if (node === undefined) continue;
    const key = part === 'key' && length === path.length ? node.parent?.children?.[0] : undefined;
    return lines.position(node.parent?.type === 'property' && key !== undefined ? key.offset : node.offset);
  }
  return { line: 1, column: 1 };
}

function nodeAt(root: Node, path: DocumentPath): Node | undefined {
  let node: Node | undefined = root;
  for (const key of path) {
    if (node === undefined) return undefined;
    const step: string | number = node.type === 'array' ? Number(key) : String(key);
    if (typeof step === 'number' && !Number.isInteger(step)) return undefined;
    node = findNodeAtLocation(node, [step]);
  }
  return node;
}
