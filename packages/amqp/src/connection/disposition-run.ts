import type { DeliveryState } from '../contract.ts';
import { writeDisposition } from '../frames/disposition.ts';
import { serialAdd } from './serial.ts';
import type { Session } from './session.ts';

/** Settlements one after another: as long as the ids are in line and the states equal, they become one frame. */
export class DispositionRun {
  readonly #session: Session;
  readonly #isReceiver: boolean;
  #first = 0;
  #last = 0;
  #state: DeliveryState | undefined;

  constructor(session: Session, isReceiver: boolean) {
    this.#session = session;
    this.#isReceiver = isReceiver;
  }

  add(id: number, state: DeliveryState): void {
    if (this.#state !== undefined && id === serialAdd(this.#last, 1) && isSame(state, this.#state)) {
      this.#last = id;
      return;
    }
    this.write();
    this.#first = this.#last = id;
    this.#state = state;
    this.#session.dirty();
  }

  write(): void {
    const state = this.#state;
    if (state === undefined) return;
    this.#state = undefined;
    const { connection, channel } = this.#session;
    writeDisposition(connection.outlet.output, channel, this.#isReceiver, this.#first, this.#last, true, state);
    connection.outlet.flushSoon();
  }
}

const isSame = (one: DeliveryState, other: DeliveryState): boolean =>
  one === other || (one.kind === other.kind && (one.kind === 'accepted' || one.kind === 'released'));
