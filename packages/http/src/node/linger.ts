import type { Socket } from 'node:net';

/**
 * Ends a connection whose peer may still be sending. Closing a socket with unread bytes makes the kernel send a reset,
 * which can destroy the answer before the peer has read it; so the rest is read and thrown away, for a bounded time and
 * a bounded number of bytes (RFC 9112 section 9.6).
 */
export function linger(socket: Socket): void {
  if (socket.destroyed) return;
  const readBefore = socket.bytesRead;
  let checks = 0;
  const timer = setInterval(() => {
    checks++;
    if (checks >= lingerChecks || socket.bytesRead - readBefore > lingerBytes) socket.destroy();
  }, checkMs);
  socket.once('close', () => clearInterval(timer));
  socket.end();
  socket.resume();
}

const checkMs = 50;
const lingerChecks = 20;
const lingerBytes = 1024 * 1024;
