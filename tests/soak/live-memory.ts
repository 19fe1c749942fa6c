/** What a process keeps alive, asked through its inspector: resident memory also has what waits to be collected. */
export interface LiveMemory {
  /** MiB of objects and of bytes outside of the heap that are left after a full collection of the main thread. */
  mebibytes(): Promise<number>;
  close(): void;
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, number>;
  readonly error?: unknown;
}

/** Put into the environment of the process to be measured: it listens for an inspector on a free port of loopback. */
export const inspected = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** Connects to the inspector that a process said it listens for in what it printed. */
export async function openLiveMemory(output: string): Promise<LiveMemory> {
  const url = /ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+/.exec(output)?.[0];
  if (url === undefined) throw new Error(`No inspector in what was printed:\n${output}`);
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`The inspector at ${url} does not answer.`)));
  });
  const waiting = new Map<number, (answer: Answer | null) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  socket.addEventListener('close', () => {
    for (const answered of waiting.values()) answered(null);
  });
  let last = 0;
  const ask = (method: string) =>
    new Promise<Record<string, number>>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, (answer) => {
        waiting.delete(id);
        if (answer?.result) resolve(answer.result);
        else reject(new Error(`${method}: ${answer ? JSON.stringify(answer.error) : 'the inspector is gone'}`));
      });
      socket.send(JSON.stringify({ id, method }));
    });
  return {
    async mebibytes() {
      await ask('HeapProfiler.collectGarbage');
      const { usedSize = Number.NaN, backingStorageSize = Number.NaN } = await ask('Runtime.getHeapUsage');
      return (usedSize + backingStorageSize) / 2 ** 20;
    },
    close: () => socket.close(),
  };
}
