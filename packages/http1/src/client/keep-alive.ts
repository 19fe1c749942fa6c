import { equalsToken } from '../syntax/characters.ts';

/**
 * How long a connection may be kept after `Keep-Alive: timeout` of a response, in milliseconds; Infinity when it says
 * nothing. Less than the backend says: a request must not be under way when the backend closes the connection.
 */
export function keepAliveMs(flat: readonly string[]): number {
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    if (name.length !== 10 || !equalsToken(name, 0, 'keep-alive')) continue;
    const seconds = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})(?!\d)/i.exec(flat[i + 1] as string)?.[1];
    if (seconds === undefined) continue;
    const milliseconds = Number(seconds) * 1000;
    return milliseconds > 2 * reserveMs ? milliseconds - reserveMs : milliseconds / 2;
  }
  return Number.POSITIVE_INFINITY;
}

const reserveMs = 1000;
