import type { AmqpConnection } from './connection.ts';

/**
 * Idle time-outs both ways (2.4.5): empty frames before the peer's runs out, and the end of the connection when nothing was heard for
 * twice the time that we announced, or when nothing was read for that long of what waits for the peer.
 */
export class KeepAlive {
  readonly #connection: AmqpConnection;
  #cancel: (() => void) | undefined;
  #hasHeard = true;
  #hasWritten = true;
  #silence = 0;
  /** How long the peer has taken none of what waits for it. */
  #standstill = 0;

  constructor(connection: AmqpConnection) {
    this.#connection = connection;
  }

  heard(): void {
    this.#hasHeard = true;
  }

  wrote(): void {
    this.#hasWritten = true;
  }

  /** The peer has read what was waiting. */
  drained(): void {
    this.#standstill = 0;
  }

  /** @param remoteIdle `idle-time-out` of the peer in milliseconds; undefined or 0: it waits without end. */
  start(remoteIdle: number | undefined): void {
    const { idleMilliseconds } = this.#connection.limits;
    // Nothing for one tick is answered at its end: frames are never further apart than two ticks, half of the peer's time.
    const forPeer = remoteIdle ? Math.max(leastTick, Math.floor(remoteIdle / 4)) : Number.POSITIVE_INFINITY;
    const forUs =
      idleMilliseconds > 0 ? Math.max(leastTick, Math.floor(idleMilliseconds / 2)) : Number.POSITIVE_INFINITY;
    const tick = Math.min(forPeer, forUs, longestTick);
    if (forPeer !== Number.POSITIVE_INFINITY || forUs !== Number.POSITIVE_INFINITY)
      this.#schedule(tick, forPeer !== Number.POSITIVE_INFINITY, idleMilliseconds * 2);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(tick: number, hasPeerTime: boolean, longestSilence: number): void {
    const connection = this.#connection;
    this.#cancel = connection.clock.after(tick, () => {
      this.#silence = this.#hasHeard ? 0 : this.#silence + tick;
      this.#hasHeard = false;
      if (longestSilence > 0 && this.#silence >= longestSilence) {
        connection.fail(
          {
            condition: 'amqp:resource-limit-exceeded',
            description: `Nothing was received for ${this.#silence} ms, the idle time-out is ${longestSilence / 2} ms.`,
          },
          false,
        );
        return;
      }
      this.#standstill = connection.outlet.isBlocked ? this.#standstill + tick : 0;
      if (longestSilence > 0 && this.#standstill >= longestSilence) {
        connection.fail(
          {
            condition: 'amqp:resource-limit-exceeded',
            description: `The peer has read nothing for ${this.#standstill} ms.`,
          },
          false,
        );
        return;
      }
      if (hasPeerTime && !this.#hasWritten) {
        connection.outlet.output.endFrame(connection.outlet.output.beginFrame(0, 0));
        connection.outlet.flushSoon();
      }
      this.#hasWritten = false;
      this.#schedule(tick, hasPeerTime, longestSilence);
    });
  }
}

const leastTick = 50;
const longestTick = 2 ** 30;
