import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Transport } from '@lazuli/amqp';
import { WebSocketServer } from 'ws';
import { webSocketTransport } from './web-socket-transport.ts';

/** Bytes of a WebSocket message at most: a client may put many frames into one. */
const messageBytes = 16 * 1024 * 1024;
const protocols = ['AMQPWSB10', 'amqp'];

export interface WebSockets {
  /** A connection whose first request is for a WebSocket, its bytes put back. */
  accept(socket: Socket): void;
}

/** Turns requests for `/$servicebus/websocket` into transports. The handshake is `ws`'s, its requests are read by `node:http`. */
export function createWebSockets(
  onTransport: (transport: Transport, facts: { readonly remoteAddress: string }) => void,
): WebSockets {
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: messageBytes,
    handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
  });
  const server = createServer(
    { headersTimeout: 30_000, requestTimeout: 30_000, keepAliveTimeout: 1, maxHeaderSize: 64 * 1024 },
    (_request, response) => {
      response.writeHead(426, { Connection: 'close', Upgrade: 'websocket', 'Content-Type': 'text/plain' });
      response.end('Here AMQP is spoken over WebSockets (subprotocol AMQPWSB10).\n');
    },
  );
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    socket.on('error', () => socket.destroy());
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      onTransport(webSocketTransport(webSocket), { remoteAddress: request.socket.remoteAddress ?? '' });
    });
  });
  return { accept: (socket) => server.emit('connection', socket) };
}
