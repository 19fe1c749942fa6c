/** Serial numbers of 32 bits (RFC 1982): delivery ids, transfer ids and delivery counts come round. */
export const serialAdd = (serial: number, count: number): number => (serial + count) >>> 0;

/** How far the first is ahead of the second; negative: behind. */
export const serialDistance = (first: number, second: number): number => (first - second) | 0;
