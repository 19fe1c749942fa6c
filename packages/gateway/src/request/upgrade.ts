import type { Duplex, ResponseOutcome } from '@lazuli/http';

/** Passes bytes between two connections both ways until both have ended; when one breaks, so does the other. */
export function joinSockets(client: Duplex, backend: Duplex): Promise<ResponseOutcome> {
  return new Promise((resolve) => {
    let bytesSent = 0;
    let open = 2;
    const closed = (other: Duplex) => () => {
      other.destroy();
      if (--open === 0) resolve({ complete: true, bytesSent });
    };
    client.on('error', () => backend.destroy());
    backend.on('error', () => client.destroy());
    client.on('close', closed(backend));
    backend.on('close', closed(client));
    backend.on('data', (chunk: Buffer) => {
      bytesSent += chunk.length;
    });
    client.pipe(backend);
    backend.pipe(client);
  });
}
