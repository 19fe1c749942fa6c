import type { Http2Server } from 'node:http2';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';

/** Takes a server's own listener of an event off, to decide per connection whether it gets to see it. */
export function takeListener(server: Server | Http2Server, event: string): (connection: Duplex) => void {
  const [own] = server.listeners(event);
  if (own === undefined) throw new Error(`node's server has no listener of '${event}'`);
  server.removeAllListeners(event);
  return (connection) => {
    own.call(server, connection);
  };
}
