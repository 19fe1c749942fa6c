import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ReloadReport } from '../configuration/reloader.ts';
import { ConfigurationError, type RunningService, type ServerOptions } from '../server-options.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** One worker as the process that started it sees it. */
export interface WorkerProcess {
  readonly pid: number;
  readonly service: Omit<RunningService, 'stop'>;
  /** Resolves when it is gone, with what is known of why. */
  readonly ended: Promise<string>;
  /** Lets its running requests finish for at most `graceMs` and ends it. */
  stop(graceMs: number): Promise<void>;
}

const main = fileURLToPath(new URL('./worker-main.ts', import.meta.url));

/**
 * Starts a worker; resolves when it serves.
 * @throws {ConfigurationError} when the folder has errors; other errors say what the worker said
 */
export async function startWorkerProcess(
  options: ServerOptions,
  onReload: (report: ReloadReport) => void,
): Promise<WorkerProcess> {
  const child = fork(main, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = endOf(child);
  const service = await new Promise<Omit<RunningService, 'stop'>>((resolve, reject) => {
    child.on('message', (message: FromWorker) => {
      if (message.kind === 'started') resolve(message.service);
      else if (message.kind === 'refused') reject(new ConfigurationError(message.diagnostics));
      else if (message.kind === 'failed') reject(new Error(message.message));
      else onReload(message.report);
    });
    void ended.then((reason) => reject(new Error(`A worker ended before it served: ${reason}.`)));
    const { onReload: _, clock: __, ...rest } = options;
    tell(child, { kind: 'start', options: rest });
  }).catch(async (error: unknown) => {
    child.kill('SIGKILL');
    await ended;
    throw error;
  });
  return {
    pid: child.pid ?? 0,
    service,
    ended,
    async stop(graceMs) {
      tell(child, { kind: 'stop', graceMs });
      const deadline = setTimeout(() => child.kill('SIGKILL'), graceMs + killAfterMs);
      await ended;
      clearTimeout(deadline);
    },
  };
}

/** A worker that has not ended so long after its grace is ended. */
const killAfterMs = 5000;

function tell(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}
