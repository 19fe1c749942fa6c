/** One element of DER (ITU-T X.690). */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** The element with its tag and length. */
  readonly whole: Buffer;
}

/** The bytes are not DER, or not the DER that was expected. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** Reads the element at the start of the bytes. Indefinite lengths (BER) are refused. */
export function readDer(bytes: Buffer, offset = 0): DerElement {
  const tag = bytes[offset];
  let length = bytes[offset + 1];
  if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f) throw new DerError('it breaks off');
  let start = offset + 2;
  if (length >= 0x80) {
    const size = length & 0x7f;
    if (size === 0 || size > 4 || start + size > bytes.length) throw new DerError('a length is malformed');
    length = bytes.readUIntBE(start, size);
    start += size;
  }
  if (start + length > bytes.length) throw new DerError('it breaks off');
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(offset, start + length) };
}

/** The elements inside a constructed element. */
export function children(element: DerElement): DerElement[] {
  const found: DerElement[] = [];
  for (let offset = 0; offset < element.content.length; ) {
    const child = readDer(element.content, offset);
    found.push(child);
    offset += child.whole.length;
  }
  return found;
}

/** The child at an index, of the tag that is expected there. */
export function child(element: DerElement, index: number, tag?: number): DerElement {
  const found = children(element)[index];
  if (found === undefined || (tag !== undefined && found.tag !== tag)) throw new DerError('an element is missing');
  return found;
}

/** An object identifier in dotted notation. */
export function objectIdentifier(element: DerElement): string {
  if (element.tag !== 0x06) throw new DerError('an object identifier is missing');
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const first = arcs[0] ?? 0;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...arcs.slice(1)].join('.');
}

/** A small non-negative INTEGER. */
export function smallInteger(element: DerElement): number {
  if (element.tag !== 0x02 || element.content.length === 0 || element.content.length > 4)
    throw new DerError('an integer is malformed');
  return element.content.readIntBE(0, element.content.length);
}
