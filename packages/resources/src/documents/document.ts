import type { Diagnostic } from '../diagnostic.ts';

/** Keys and indexes from the root of a document to a value. */
export type DocumentPath = readonly (string | number)[];

/** Line and column, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A JSON or YAML file as plain values, which can still say where each of them stood. */
export interface ParsedDocument {
  /** Relative to the folder. */
  readonly file: string;
  /** Undefined when the file could not be parsed. */
  readonly value: unknown;
  /** Problems of syntax. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Where the value at `path` begins (or its key, for `part` "key"). A path that the document does not have gives the
   * place of the nearest value around it.
   */
  locate(path: DocumentPath, part?: 'key' | 'value'): Position;
}

/** A document deeper than this is refused: no real one comes near, and what reads it may recurse safely. */
export const maxDocumentDepth = 256;

/** Problems of one document beyond this number are not listed. */
export const maxSyntaxProblems = 100;

/** True for a plain JSON object (not null, not an array). */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** "a string", "an object" ... as messages name what stands there. */
export function nameOfType(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a number';
  return `a ${typeof value}`;
}

/** The JSON Pointer of a path (RFC 6901). */
export function pointerOf(path: DocumentPath): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The path of a JSON Pointer, without the leading `#`; null when it is not one. */
export function parsePointer(pointer: string): string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a path, or undefined. Never reaches inherited properties. */
export function valueAt(root: unknown, path: DocumentPath): unknown {
  let value = root;
  for (const key of path) {
    if (Array.isArray(value)) {
      const index = typeof key === 'number' ? key : /^(0|[1-9]\d{0,8})$/.test(key) ? Number(key) : -1;
      value = value[index];
    } else if (isObject(value) && Object.hasOwn(value, key)) {
      value = value[key];
    } else {
      return undefined;
    }
  }
  return value;
}
