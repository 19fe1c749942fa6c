import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface LazuliProcess {
  readonly child: ChildProcess;
  /** Base URLs by scheme, as printed. */
  readonly http: string;
  readonly https: string | null;
  /** Everything on standard output and standard error so far. */
  output(): string;
  /** Resolves when the output matches. */
  until(pattern: RegExp): Promise<string>;
  /** Sends the signal; resolves with the exit status. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `lazuli start` as a process of its own, on free ports. Resolves when it serves. */
export async function startLazuli(
  folder: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<LazuliProcess> {
  const lazuli = runLazuliCommand(['start', folder, '--port', '0', '--tls-port', '0', ...args], environment);
  const output = await lazuli.until(/HTTP\s+(http:\S+)/);
  return {
    ...lazuli,
    http: /HTTP\s+(http:\S+)/.exec(output)?.[1] ?? '',
    https: /HTTPS\s+(https:\S+)/.exec(output)?.[1] ?? null,
  };
}

type RunningCommand = Omit<LazuliProcess, 'http' | 'https'>;

/** Runs the command line in a process of its own, on the Node that runs the tests. */
export function runLazuliCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(process.execPath, [`${root}packages/cli/src/main.ts`, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const waiting = new Set<() => void>();
  const take = (chunk: Buffer) => {
    output += chunk;
    for (const look of waiting) look();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    child,
    output: () => output,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(output)) return;
          waiting.delete(look);
          resolve(output);
        };
        waiting.add(look);
        look();
        void exited.then((code) => reject(new Error(`lazuli ended with ${code} before ${pattern}:\n${output}`)));
      }),
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs a command to its end. */
export async function lazuli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number | null; readonly output: string }> {
  const command = runLazuliCommand(args, environment);
  const status = await new Promise<number | null>((resolve) => command.child.once('close', resolve));
  return { status, output: command.output() };
}
