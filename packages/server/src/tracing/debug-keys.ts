import { createHash, randomBytes } from 'node:crypto';
import type { ChangeNotice, Store, Subscription } from '@lazuli/store';

/** The key of each gateway's debug credentials is a record of this type; replacing it ends all credentials. */
export const debugKeyType = 'Lazuli.ApiManagement/debugKeys';

const field = 'properties/key';

/** Keys of debug credentials, made when the first ones are asked for. Kept in the store, so that all processes know them. */
export class DebugKeys {
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;
  /** Hexadecimal, by id of the record in lower case. */
  readonly #keys = new Map<string, string>();
  #subscription: Subscription | null = null;

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  async start(): Promise<void> {
    const sequence = await this.#reload();
    this.#subscription = this.#store.subscribe(sequence, (notice) => this.#take(notice), {
      epoch: this.#store.epoch,
      onError: this.#onError,
    });
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  /** Null: the gateway has never given credentials. */
  of(gatewayId: string): string | null {
    return this.#keys.get(recordId(gatewayId).toLowerCase()) ?? null;
  }

  /** As it stands in the store now. */
  async read(gatewayId: string): Promise<string | null> {
    return (await this.#store.readSecrets(recordId(gatewayId), [field])).get(field) ?? null;
  }

  async make(gatewayId: string): Promise<string> {
    const known = await this.read(gatewayId);
    if (known !== null) {
      this.#keys.set(recordId(gatewayId).toLowerCase(), known);
      return known;
    }
    return this.#write(gatewayId);
  }

  /** Ends all credentials of the gateway. */
  async renew(gatewayId: string): Promise<void> {
    if ((await this.read(gatewayId)) !== null) await this.#write(gatewayId);
  }

  async #write(gatewayId: string): Promise<string> {
    const id = recordId(gatewayId);
    const key = randomBytes(32).toString('hex');
    await this.#store.change([
      { operation: 'put', id, type: debugKeyType, body: { properties: { gatewayId } }, secrets: { [field]: key } },
    ]);
    this.#keys.set(id.toLowerCase(), key);
    return key;
  }

  async #take(notice: ChangeNotice): Promise<void> {
    if (notice.kind === 'reload') {
      await this.#reload();
      return;
    }
    for (const { key, id, type } of notice.changes) {
      if (type.toLowerCase() !== debugKeyType.toLowerCase()) continue;
      const secret = (await this.#store.readSecrets(id, [field])).get(field);
      if (secret === undefined) this.#keys.delete(key);
      else this.#keys.set(key, secret);
    }
  }

  async #reload(): Promise<number> {
    const sequence = await this.#store.sequence();
    this.#keys.clear();
    for (const { id, key } of (await this.#store.list({ type: debugKeyType, limit: 10_000 })).items) {
      const secret = (await this.#store.readSecrets(id, [field])).get(field);
      if (secret !== undefined) this.#keys.set(key, secret);
    }
    return sequence;
  }
}

function recordId(gatewayId: string): string {
  const name = createHash('sha256').update(gatewayId.toLowerCase()).digest('hex').slice(0, 40);
  return `/providers/${debugKeyType}/${name}`;
}
