import type { AmqpClock, ConnectionLimits } from '../contract.ts';

export const defaultConnectionLimits: ConnectionLimits = {
  frameBytes: 65_536,
  sessions: 5000,
  links: 5000,
  connectionLinks: 5000,
  incomingWindow: 5000,
  partialBytes: 128 * 1024 * 1024,
  writeBufferBytes: 4 * 1024 * 1024,
  unsettled: 100_000,
  handshakeMilliseconds: 30_000,
  idleMilliseconds: 120_000,
};

export const systemClock: AmqpClock = {
  now: Date.now,
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
