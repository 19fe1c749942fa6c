import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface ConnectedPair {
  readonly socket: Socket;
  /** It does not read yet. */
  readonly peer: Socket;
  close(): void;
}

/** A connection over loopback, for tests of what a socket writes. */
export async function connectedPair(): Promise<ConnectedPair> {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  await once(socket, 'connect');
  const [peer] = (await accepted) as [Socket];
  for (const end of [socket, peer]) end.on('error', () => {});
  return {
    socket,
    peer,
    close() {
      socket.destroy();
      peer.destroy();
      server.close();
    },
  };
}
