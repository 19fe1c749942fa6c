import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ListenerLimits } from '@lazuli/http';

export interface Forwarding {
  readonly port: number;
  /** After a collection of garbage. */
  measure(): Promise<{ readonly memory: number; readonly connections: number }>;
  stop(): Promise<void>;
}

/** Starts {@link file://./forwarding-process.ts}. */
export async function startForwarding(backendPort: number, limits: Partial<ListenerLimits>): Promise<Forwarding> {
  const program = fileURLToPath(new URL('./forwarding-process.ts', import.meta.url));
  const child = fork(program, [String(backendPort), JSON.stringify(limits)], {
    execPath: process.execPath,
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const answer = <T>() =>
    new Promise<T>((resolve, reject) => {
      child.once('message', (message) => resolve(message as T));
      void exited.then(() => reject(new Error('The process has ended.')));
    });
  const { port } = await answer<{ port: number }>();
  return {
    port,
    measure() {
      const measured = answer<{ memory: number; connections: number }>();
      child.send('measure');
      return measured;
    },
    async stop() {
      child.kill();
      await exited;
    },
  };
}
