/** A worker: serves what the process that started it says, and ends with it. */

import { setFlagsFromString } from 'node:v8';
import { ConfigurationError, type RunningServer } from '../server-options.ts';
import { startServer } from '../start-server.ts';
import type { FromWorker, ToWorker } from './messages.ts';

// As in the process that started it: collecting the young generation needs no other threads.
setFlagsFromString('--no-parallel-scavenge');

let server: RunningServer | null = null;

// Ctrl-C reaches every process of the terminal; when to end is for the starting process to say.
process.on('SIGINT', () => {});
process.on('disconnect', () => void end(0));
process.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') void end(message.graceMs);
  else void start(message.options);
});

async function start(options: Extract<ToWorker, { kind: 'start' }>['options']): Promise<void> {
  try {
    server = await startServer({ ...options, onReload: (report) => tell({ kind: 'reloaded', report }) });
    const { addresses, summary, warnings } = server;
    tell({ kind: 'started', service: { addresses, summary, warnings } });
  } catch (error) {
    if (error instanceof ConfigurationError) tell({ kind: 'refused', diagnostics: error.diagnostics });
    else tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

async function end(graceMs: number): Promise<void> {
  try {
    await server?.stop(graceMs);
  } finally {
    process.exit(0);
  }
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}
