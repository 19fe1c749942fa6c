import type { ConnectionHandler, ConnectionOptions, Transport } from '../contract.ts';
import { AmqpConnection } from './connection.ts';

/** Serves a peer that has connected. All that happens is told to the handler; it ends when the transport does. */
export function createConnection(transport: Transport, options: ConnectionOptions, handler: ConnectionHandler): void {
  new AmqpConnection(transport, options, handler);
}
