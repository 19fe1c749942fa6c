import type { Item } from './row.ts';

/** What was asked for in one turn of the event loop: written whole or not at all. */
export class Unit {
  readonly items: Item[] = [];
  readonly amendments: { readonly item: Item; readonly bytes: Uint8Array }[] = [];
  readonly removals: Item[] = [];
  readonly callbacks: ((error?: Error) => void)[] = [];
  bytes = 0;

  get empty(): boolean {
    return this.items.length === 0 && this.amendments.length === 0 && this.removals.length === 0;
  }
}
