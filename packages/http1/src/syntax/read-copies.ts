/**
 * A copy of content that lies in a buffer which the next read of any connection overwrites. It is made in memory that was
 * used before, when there is some: what V8 allocates outside of its heap makes it collect garbage far more often.
 */
export function copyOf(bytes: Buffer, at: number, to: number): Buffer {
  const size = to - at;
  const shelf = shelves.find((one) => size <= one.bytes);
  if (shelf === undefined || size === 0) return Buffer.from(bytes.subarray(at, to));
  const memory = shelf.unused.pop() ?? makeMemory(shelf.bytes);
  bytes.copy(memory, 0, at, to);
  return size === memory.length ? memory : memory.subarray(0, size);
}

/** The copy is not needed any more, by anybody. Memory that {@link copyOf} has not made is left alone: others may use it. */
export function useAgain(copy: Uint8Array): void {
  const { buffer } = copy;
  if (!own.has(buffer)) return;
  const shelf = shelves.find((one) => one.bytes === buffer.byteLength);
  if (shelf !== undefined && shelf.unused.length < mostUnused) shelf.unused.push(Buffer.from(buffer));
}

function makeMemory(bytes: number): Buffer {
  const memory = Buffer.allocUnsafeSlow(bytes);
  own.add(memory.buffer);
  return memory;
}

const own = new WeakSet<ArrayBufferLike>();

interface Shelf {
  readonly bytes: number;
  readonly unused: Buffer[];
}

/** A copy occupies no more than four times its size, or 4 KiB. */
const shelves: readonly Shelf[] = [4096, 16_384, 65_536, 262_144].map((bytes) => ({ bytes, unused: [] }));

const mostUnused = 32;
