import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Transport } from '@lazuli/amqp';
import { WebSocketServer } from 'ws';
import { webSocketTransport } from './web-socket-transport.ts';

/** Bytes of a WebSocket message at most: a client may put many frames into one. */
const messageBytes = 16 * 1024 * 1024;
const protocols = ['AMQPWSB10', 'amqp'];
const path = /^\/(?:\$|%24)servicebus\/websocket\/?(?:\?|$)/i;

export interface WebSockets {
  /** A connection whose first request is for a WebSocket, its bytes put back. */
  accept(socket: Socket): void;
}

export interface WebSocketOptions {
  readonly onTransport: (transport: Transport, facts: { readonly remoteAddress: string }) => void;
  /** From the first byte to the WebSocket. */
  readonly handshakeMs: number;
}

/** Turns requests for `/$servicebus/websocket` into transports. The handshake is `ws`'s, its requests are read by `node:http`. */
export function createWebSockets({ onTransport, handshakeMs }: WebSocketOptions): WebSockets {
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: messageBytes,
    handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
  });
  // A server that does not listen does not watch its time-outs: these end connections that are not WebSockets in time.
  const timers = new WeakMap<Duplex, NodeJS.Timeout>();
  const server = createServer({ keepAliveTimeout: 1, maxHeaderSize: 16 * 1024 }, (_request, response) => {
    response.writeHead(426, { Connection: 'close', Upgrade: 'websocket', 'Content-Type': 'text/plain' });
    response.end('Here AMQP is spoken over WebSockets (subprotocol AMQPWSB10).\n');
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (!path.test(request.url ?? '')) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      clearTimeout(timers.get(socket));
      onTransport(webSocketTransport(webSocket), { remoteAddress: request.socket.remoteAddress ?? '' });
    });
  });
  return {
    accept(socket) {
      const timer = setTimeout(() => socket.destroy(), handshakeMs);
      timers.set(socket, timer);
      socket.once('close', () => clearTimeout(timer));
      server.emit('connection', socket);
    },
  };
}
