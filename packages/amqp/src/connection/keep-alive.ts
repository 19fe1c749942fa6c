import type { AmqpConnection } from './connection.ts';

/**
 * Idle time-outs both ways (2.4.5): empty frames before the peer's runs out, and the end of the connection when nothing was heard for
 * twice the time that we announced.
 */
export class KeepAlive {
  readonly #connection: AmqpConnection;
  #cancel: (() => void) | undefined;
  #hasHeard = true;
  #hasWritten = true;
  #silence = 0;

  constructor(connection: AmqpConnection) {
    this.#connection = connection;
  }

  heard(): void {
    this.#hasHeard = true;
  }

  wrote(): void {
    this.#hasWritten = true;
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
      if (hasPeerTime && !this.#hasWritten) {
        connection.output.endFrame(connection.output.beginFrame(0, 0));
        connection.flushSoon();
      }
      this.#hasWritten = false;
      this.#schedule(tick, hasPeerTime, longestSilence);
    });
  }
}

const leastTick = 50;
const longestTick = 2 ** 30;
