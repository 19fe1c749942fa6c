import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Diagnostic } from '../diagnostic.ts';
import { problem } from '../errors.ts';
import {
  type DocumentPath,
  maxDocumentDepth,
  maxSyntaxProblems,
  type ParsedDocument,
  type Position,
} from './document.ts';
import { offsetBeyondYamlDepth } from './yaml-depth.ts';

/** Expansions of aliases in one document; beyond it is an attack ("billion laughs"), not a specification. */
const maxAliasExpansions = 1000;

/** Parses one YAML 1.2 document (core schema). Duplicate keys, several documents and alias bombs are problems. */
export function parseYamlDocument(file: string, text: string): ParsedDocument {
  const lines = new LineCounter();
  const tooDeep = (offset: number): ParsedDocument =>
    broken(file, [problem('NestedTooDeep', { file, ...positionIn(text, offset) }, { limit: maxDocumentDepth })]);
  const suspicious = offsetBeyondYamlDepth(text, maxDocumentDepth);
  if (suspicious !== -1) return tooDeep(suspicious);
  let document: Document.Parsed;
  try {
    document = parse(text, lines);
  } catch (error) {
    // The library recurses; what the check above lets through and still exhausts the stack is nested beyond reason.
    if (error instanceof RangeError) return tooDeep(0);
    throw error;
  }
  const diagnostics = syntaxProblems(file, document, lines);
  if (document.errors.length > 0) return broken(file, diagnostics);
  const walk = walkNodes(file, document, lines);
  diagnostics.push(...walk.diagnostics);
  if (walk.broken) return broken(file, diagnostics);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: maxAliasExpansions });
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    return broken(file, [
      ...diagnostics,
      problem('TooManyAliases', { file, line: 1, column: 1 }, { limit: maxAliasExpansions }),
    ]);
  }
  if (walk.hasAliases && deeperThan(value, maxDocumentDepth)) return tooDeep(0);
  return { file, value, diagnostics, locate: (path, part) => locateInYaml(text, path, part ?? 'value') };
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  // Keys are compared below: the library's own check takes quadratic time.
  return parseDocument(text, {
    lineCounter,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    version: '1.2',
  });
}

function broken(file: string, diagnostics: readonly Diagnostic[]): ParsedDocument {
  return { file, value: undefined, diagnostics, locate: () => ({ line: 1, column: 1 }) };
}

function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function place(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function syntaxProblems(file: string, document: Document.Parsed, lines: LineCounter): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const error of document.errors.slice(0, maxSyntaxProblems)) {
    diagnostics.push(
      problem('YamlSyntax', { file, ...place(lines, error.pos[0]) }, { reason: oneLine(error.message) }),
    );
  }
  for (const warning of document.warnings.slice(0, maxSyntaxProblems)) {
    diagnostics.push(
      problem('YamlTag', { file, ...place(lines, warning.pos[0]) }, { reason: oneLine(warning.message) }),
    );
  }
  return diagnostics;
}

function oneLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/\.$/, '');
}

interface Walk {
  readonly diagnostics: Diagnostic[];
  broken: boolean;
  hasAliases: boolean;
}

/** Looks for duplicate keys, excessive depth and aliases of nothing, with a stack of its own. */
function walkNodes(file: string, document: Document.Parsed, lines: LineCounter): Walk {
  const walk: Walk = { diagnostics: [], broken: false, hasAliases: false };
  const anchors = new Map<string, number>();
  const aliases: { readonly source: string; readonly offset: number }[] = [];
  const waiting: { node: unknown; depth: number }[] = [{ node: document.contents, depth: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next;
    if (isAlias(node)) aliases.push({ source: node.source, offset: node.range?.[0] ?? 0 });
    else if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) {
      const offset = node.range?.[0] ?? 0;
      anchors.set(node.anchor, Math.min(offset, anchors.get(node.anchor) ?? offset));
    }
    if (!isMap(node) && !isSeq(node)) continue;
    if (depth > maxDocumentDepth) {
      walk.diagnostics.push(
        problem('NestedTooDeep', { file, ...place(lines, node.range?.[0] ?? 0) }, { limit: maxDocumentDepth }),
      );
      walk.broken = true;
      return walk;
    }
    const keys = new Set<string>();
    for (const item of node.items) {
      if (!isPair(item)) {
        waiting.push({ node: item, depth: depth + 1 });
        continue;
      }
      waiting.push({ node: item.key, depth: depth + 1 }, { node: item.value, depth: depth + 1 });
      if (!isScalar(item.key)) continue;
      const key = String(item.key.value);
      if (keys.has(key) && walk.diagnostics.length < maxSyntaxProblems) {
        walk.diagnostics.push(problem('DuplicateKey', { file, ...place(lines, item.key.range?.[0] ?? 0) }, { key }));
      }
      keys.add(key);
    }
  }
  walk.hasAliases = aliases.length > 0;
  for (const { source, offset } of aliases) {
    if ((anchors.get(source) ?? Number.POSITIVE_INFINITY) < offset) continue;
    walk.broken = true;
    if (walk.diagnostics.length < maxSyntaxProblems) {
      const reason = `the alias '*${source}' has no anchor before it`;
      walk.diagnostics.push(problem('YamlSyntax', { file, ...place(lines, offset) }, { reason }));
    }
  }
  return walk;
}

/** An alias inside its own anchor makes a value that contains itself; that is as deep as it gets. */
function deeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (limit === 0) return true;
  return Object.values(value).some((child) => deeperThan(child, limit - 1));
}

let lastTree: { readonly text: string; readonly root: Node | null; readonly lines: LineCounter } | null = null;

function locateInYaml(text: string, path: DocumentPath, part: 'key' | 'value'): Position {
  if (lastTree === null || lastTree.text !== text) {
    const lines = new LineCounter();
    lastTree = { text, root: parse(text, lines).contents, lines };
  }
  let node: unknown = lastTree.root;
  let offset = lastTree.root?.range?.[0] ?? 0;
  for (const [depth, key] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) break;
      const keyOffset = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      node = pair.value;
      const valueOffset = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
      const wantsKey = part === 'key' && depth === path.length - 1;
      offset = (wantsKey ? (keyOffset ?? valueOffset) : (valueOffset ?? keyOffset)) ?? offset;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(key)];
      if (item === undefined) break;
      node = item;
      if (isScalar(item) || isMap(item) || isSeq(item) || isAlias(item)) offset = item.range?.[0] ?? offset;
    } else break;
  }
  return place(lastTree.lines, offset);
}
