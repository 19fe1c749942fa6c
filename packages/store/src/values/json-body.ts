import type { JsonObject } from '../contract.ts';
import { StoreError } from '../errors.ts';

export interface BodyLimits {
  readonly bodyBytes: number;
  readonly bodyDepth: number;
}

/**
 * The JSON of a body. Throws `InvalidBody`, `BodyTooDeep` or `BodyTooLarge`; `what` names it in the message. The walk
 * keeps a list instead of calling itself, so that no nesting reaches the end of the stack; a cycle is endless nesting.
 */
export function jsonOf(body: JsonObject, what: string, limits: BodyLimits): string {
  if (!isPlainObject(body)) throw new StoreError('InvalidBody', { what, reason: 'expected an object' });
  checkValues(body, what, limits);
  const text = JSON.stringify(body);
  const size = Buffer.byteLength(text);
  if (size > limits.bodyBytes) throw new StoreError('BodyTooLarge', { what, size, limit: limits.bodyBytes });
  return text;
}

/** The object that `text`, which `jsonOf` made, stands for. Throws `StoreCorrupt`. */
export function bodyOf(text: string, what: string): JsonObject {
  try {
    const body: unknown = JSON.parse(text);
    if (isPlainObject(body)) return body as JsonObject;
  } catch {
    // Reported below: that it is no JSON at all is the same damage.
  }
  throw new StoreError('StoreCorrupt', { what, reason: 'its body is no JSON object' });
}

function checkValues(root: object, what: string, limits: BodyLimits): void {
  const open: { value: object; depth: number }[] = [{ value: root, depth: 1 }];
  // Each value costs at least two bytes of JSON: what has more values than that is too large, before it is written out.
  let left = limits.bodyBytes;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (depth > limits.bodyDepth) throw new StoreError('BodyTooDeep', { what, limit: limits.bodyDepth });
    const inArray = Array.isArray(value);
    for (const member of inArray ? value : Object.values(value)) {
      left -= 2;
      if (typeof member === 'string') left -= member.length;
      if (left < 0) throw new StoreError('BodyTooLarge', { what, size: 'too many', limit: limits.bodyBytes });
      if (typeof member === 'object' && member !== null) {
        if (!Array.isArray(member) && !isPlainObject(member)) {
          throw new StoreError('InvalidBody', { what, reason: 'it holds an object of a class' });
        }
        open.push({ value: member, depth: depth + 1 });
      } else {
        const fault = scalarFault(member, inArray);
        if (fault !== undefined) throw new StoreError('InvalidBody', { what, reason: fault });
      }
    }
  }
}

function scalarFault(value: unknown, inArray: boolean): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `it holds the number ${value}`;
    case 'undefined':
      return inArray ? 'an array holds undefined' : undefined;
    case 'object':
      return undefined;
    default:
      return `it holds a ${typeof value}`;
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
