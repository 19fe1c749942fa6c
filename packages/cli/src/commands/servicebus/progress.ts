import type { Terminal } from '../../terminal.ts';

/** Does steps of `size` until one does less; says after each how much is done, where a person looks at it. */
export async function repeatUntilDone(
  terminal: Terminal,
  what: string,
  size: number,
  step: (size: number) => Promise<number>,
): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await step(size);
    total += done;
    if (done < size) return total;
    if (terminal.isInteractive) terminal.error(`${total} ${what} …`);
  }
}
