import type { Diagnostic } from '@lazuli/resources';
import { FolderInMemory } from '@lazuli/resources';
import { ConfigurationError, type HttpImplementation, startServer } from '@lazuli/server';

/** A clock that goes on with the machine's and can be moved ahead. */
export interface MovableClock {
  now(): number;
  advance(milliseconds: number): void;
}

export interface ServedFolder {
  readonly port: number;
  readonly clock: MovableClock;
  stop(): Promise<void>;
}

/** Starts the whole server on a folder in memory: plain HTTP on a free port of loopback, no log. */
export async function serve(
  files: ReadonlyMap<string, string>,
  http: HttpImplementation,
): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly server: ServedFolder | null }> {
  const clock = movableClock();
  try {
    const server = await startServer({
      folder: new FolderInMemory(Object.fromEntries(files)),
      host: '127.0.0.1',
      port: 0,
      tls: null,
      dataFolder: null,
      http,
      secretsFile: null,
      accessLog: 'off',
      logLevel: 'error',
      watch: false,
      allowUnsupported: false,
      clock,
    });
    const port = Number(new URL(server.addresses[0]?.url ?? '').port);
    return { diagnostics: server.warnings, server: { port, clock, stop: () => server.stop(0) } };
  } catch (error) {
    if (error instanceof ConfigurationError) return { diagnostics: error.diagnostics, server: null };
    throw error;
  }
}

function movableClock(): MovableClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance(milliseconds) {
      ahead += milliseconds;
    },
  };
}
