import type { DeliveredMessage, MessageSource, ServedNamespace } from '../../contract.ts';
import { ServiceBusError } from '../../errors.ts';
import type { HttpCall } from '../http-contract.ts';

/** Requests that wait, by namespace. */
const waiting = new WeakMap<object, number>();

/**
 * Locks the next message, waiting at most `waitMs`; undefined: there was none, or the client has left. A message that comes when nobody
 * waits for it any more is let go at once.
 * @throws {ServiceBusError} `ServerBusy` where too many wait already, and what `openReceiver` throws
 */
export async function takeMessage(
  call: HttpCall,
  source: MessageSource,
  waitMs: number,
): Promise<DeliveredMessage | undefined> {
  const { served } = call.namespace;
  const count = waitingRequests(served);
  if (count >= call.limits.waitingRequests)
    throw new ServiceBusError('ServerBusy', { reason: `${count} requests wait for messages already` });
  waiting.set(served, count + 1);
  try {
    return await waitForMessage(call, source, waitMs);
  } finally {
    waiting.set(served, waitingRequests(served) - 1);
  }
}

/** How many requests wait for a message of a namespace. */
export function waitingRequests(served: ServedNamespace): number {
  return waiting.get(served) ?? 0;
}

function waitForMessage(
  { request, clock }: HttpCall,
  source: MessageSource,
  waitMs: number,
): Promise<DeliveredMessage | undefined> {
  const { cancellation } = request;
  return new Promise((resolve, reject) => {
    let isOver = false;
    let stopTimer: (() => void) | undefined;
    const receiver = source.openReceiver(
      { mode: 'peekLock', name: 'http' },
      {
        onMessage(message) {
          if (isOver || cancellation.isCancelled) letGo(source, message);
          else finish(() => resolve(message));
        },
        onClosed(error) {
          finish(() => reject(error));
        },
      },
    );
    const finish = (answer: () => void) => {
      if (isOver) return;
      isOver = true;
      stopTimer?.();
      cancellation.removeListener(leaver);
      receiver.close();
      answer();
    };
    // A message may be on its way: it is waited for, so that it is not locked for nobody.
    const stop = () => receiver.drain(() => finish(() => resolve(undefined)));
    const leaver = { cancelled: stop };
    receiver.setCredit(1);
    if (isOver) return;
    if (waitMs > 0) stopTimer = clock.after(waitMs, stop);
    cancellation.addListener(leaver);
    if (waitMs === 0) stop();
  });
}

/** Unlocks a message that did not reach its client. Its lock may be over: then there is nothing to do. */
export function letGo(source: MessageSource, message: DeliveredMessage): void {
  source.settle(message, { kind: 'abandon' }, () => {});
}
