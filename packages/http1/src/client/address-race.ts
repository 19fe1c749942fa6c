import { isIPv6, type Socket } from 'node:net';

export interface AddressRace {
  /** Closes whatever is being opened; nothing is reported afterwards. */
  cancel(): void;
}

export interface RaceOutcome {
  /** The first socket that was connected. */
  connected(socket: Socket): void;
  /** None of the addresses could be reached; the error of the first one. */
  failed(error: Error): void;
  /** One of them could not be reached. */
  unreachable(address: string): void;
}

/**
 * Connects to the first of several addresses that answers: one after the other, the next one as soon as one has failed or
 * has not answered for a short while, the families taking turns (RFC 8305).
 */
export function raceAddresses(
  addresses: readonly string[],
  open: (address: string) => Socket,
  delayMs: number,
  outcome: RaceOutcome,
): AddressRace {
  return new Race(takingTurns(addresses), open, delayMs, outcome);
}

class Race implements AddressRace {
  #addresses: readonly string[];
  #open: (address: string) => Socket;
  #delayMs: number;
  #outcome: RaceOutcome;
  #next = 0;
  #running = new Set<Socket>();
  #timer: NodeJS.Timeout | null = null;
  #firstError: Error | null = null;
  #isOver = false;

  constructor(addresses: readonly string[], open: (address: string) => Socket, delayMs: number, outcome: RaceOutcome) {
    this.#addresses = addresses;
    this.#open = open;
    this.#delayMs = delayMs;
    this.#outcome = outcome;
    this.#tryNext();
  }

  cancel(): void {
    this.#end(null);
  }

  #tryNext(): void {
    const address = this.#addresses[this.#next];
    if (this.#isOver || address === undefined) return;
    this.#next++;
    const socket = this.#open(address);
    this.#running.add(socket);
    const failed = (error: Error): void => {
      if (!this.#running.delete(socket) || this.#isOver) return;
      this.#firstError ??= error;
      this.#outcome.unreachable(address);
      if (this.#next < this.#addresses.length) this.#tryNext();
      else if (this.#running.size === 0) {
        this.#end(null);
        this.#outcome.failed(this.#firstError);
      }
    };
    // Stays for the socket's whole life: an error before the next owner listens must not be uncaught.
    socket.on('error', failed);
    socket.once('close', () => failed(new Error('the connection was closed')));
    socket.once('connect', () => {
      if (this.#isOver) return;
      this.#end(socket);
      this.#outcome.connected(socket);
    });
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = this.#next < this.#addresses.length ? setTimeout(() => this.#tryNext(), this.#delayMs) : null;
  }

  #end(winner: Socket | null): void {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const socket of this.#running) if (socket !== winner) socket.destroy();
    this.#running.clear();
  }
}

/** The families in turn, beginning with that of the first address. */
function takingTurns(addresses: readonly string[]): readonly string[] {
  if (addresses.length < 3) return addresses;
  const startsWith6 = isIPv6(addresses[0] as string);
  const first = addresses.filter((address) => isIPv6(address) === startsWith6);
  const second = addresses.filter((address) => isIPv6(address) !== startsWith6);
  if (second.length === 0) return addresses;
  const mixed: string[] = [];
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    for (const address of [first[i], second[i]]) if (address !== undefined) mixed.push(address);
  }
  return mixed;
}
