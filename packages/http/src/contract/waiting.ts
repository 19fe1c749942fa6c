/** Waits, a turn of the event loop at a time, until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until a counter has not moved for a while. */
export async function standsStill(counter: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  while (same < 200) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = counter();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}
