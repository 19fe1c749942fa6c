/** Runs Contoso's services: `node examples/contoso-backend/main.ts [port]` (8090 when not given), on loopback. */
import { createContosoBackend } from './service.ts';

const port = Number(process.argv[2] ?? 8090);
const server = createContosoBackend();
server.on('error', (error: NodeJS.ErrnoException) => {
  const reason = error.code === 'EADDRINUSE' ? `port ${port} is taken by another program` : error.message;
  process.stderr.write(`Contoso's services cannot start: ${reason}.\n`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => process.send?.('ready'));
const stop = () => {
  server.close();
  server.closeIdleConnections();
  // An open channel to whoever started this process would keep it alive.
  if (process.connected) process.disconnect();
};
process.once('SIGTERM', stop);
process.once('disconnect', stop);
// Ctrl-C reaches the whole group: the gateway drains first, then ends this process.
process.on('SIGINT', () => {});
