// What sockets alone cost in Node: every client has a connection of its own to the backend, and what one sends goes to the
// other unread. `/cached/` is answered with a constant. Nothing is parsed, routed, checked or logged.
import { connect, createServer } from 'node:net';

const [port, backendPort] = process.argv.slice(2).map(Number);
const body = 'x'.repeat(1024);
const answer = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

createServer({ noDelay: true }, (client) => {
  const backend = connect({ port: backendPort, host: '127.0.0.1', noDelay: true });
  client.on('data', (chunk) => {
    if (chunk.latin1Slice(4, 12) === '/cached/') client.write(answer, 'latin1');
    else backend.write(chunk);
  });
  backend.on('data', (chunk) => client.write(chunk));
  for (const [one, other] of [
    [client, backend],
    [backend, client],
  ]) {
    one.on('error', () => one.destroy());
    one.on('close', () => other.destroy());
  }
}).listen(port, '127.0.0.1');
