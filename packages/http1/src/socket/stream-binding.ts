import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** What Node's TCP handle shows of itself. */
export interface StreamHandle {
  /** Bytes that libuv has and the kernel has not. */
  readonly writeQueueSize: number;
  /** 0, or a negative error number of libuv: then nothing was written. */
  writeLatin1String(request: WriteRequest, text: string): number;
}

/** Node looks at it, and calls it, only when the kernel did not take everything at once. */
export interface WriteRequest {
  /** `status`: 0, or a negative error number of libuv. */
  oncomplete?: (status: number) => void;
}

export interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  readonly streamBaseState: Int32Array;
}

/** Index into `streamBaseState`: 0 when the kernel has taken all of the last write. */
export const lastWriteWasAsync = 3;

/** How `node:net` itself writes. It has no public name; null where it looks different from today's. */
export const streamBinding: StreamBinding | null = findBinding();

/** The handle of a connected socket without TLS, or null. */
export function handleOf(socket: Socket): StreamHandle | null {
  if (socket instanceof TLSSocket || socket.connecting) return null;
  const handle: unknown = Reflect.get(socket, '_handle');
  return isStreamHandle(handle) ? handle : null;
}

function isStreamHandle(value: unknown): value is StreamHandle {
  return (
    typeof value === 'object' &&
    value !== null &&
    value.constructor.name === 'TCP' &&
    'writeLatin1String' in value &&
    typeof value.writeLatin1String === 'function' &&
    'writeQueueSize' in value
  );
}

function findBinding(): StreamBinding | null {
  try {
    const found: unknown = Reflect.get(process, 'binding').call(process, 'stream_wrap');
    return isStreamBinding(found) ? found : null;
  } catch {
    return null;
  }
}

function isStreamBinding(value: unknown): value is StreamBinding {
  return (
    typeof value === 'object' &&
    value !== null &&
    'WriteWrap' in value &&
    typeof value.WriteWrap === 'function' &&
    'streamBaseState' in value &&
    value.streamBaseState instanceof Int32Array &&
    value.streamBaseState.length > lastWriteWasAsync
  );
}
