/** What one process of a self-hosted gateway last said of itself. */
export interface Heartbeat {
  readonly instanceId: string;
  /** ISO 8601. */
  readonly lastSeen: string;
  /** Entity tag of the configuration that it serves; null: none yet. */
  readonly configuration: string | null;
  /** `Healthy`, or why it does not serve the newest configuration. */
  readonly status: string;
  readonly isCurrent: boolean;
}

const instancesAtMost = 200;
const forgottenAfterMs = 24 * 3_600_000;

/** The heartbeats of the gateways of this process's services: bounded, and forgotten after a day. */
export class Heartbeats {
  readonly #now: () => number;
  /** By id of the gateway in lower case, then by instance. */
  readonly #gateways = new Map<
    string,
    Map<string, { readonly at: number; readonly beat: Omit<Heartbeat, 'lastSeen'> }>
  >();

  constructor(now: () => number) {
    this.#now = now;
  }

  take(gatewayId: string, beat: Omit<Heartbeat, 'lastSeen'>): void {
    const key = gatewayId.toLowerCase();
    const instances = this.#gateways.get(key) ?? new Map();
    this.#gateways.set(key, instances);
    instances.delete(beat.instanceId);
    instances.set(beat.instanceId, { at: this.#now(), beat });
    for (const [id, { at }] of instances) {
      if (instances.size <= instancesAtMost && at > this.#now() - forgottenAfterMs) break;
      instances.delete(id);
    }
  }

  of(gatewayId: string): readonly Heartbeat[] {
    const from = this.#now() - forgottenAfterMs;
    return [...(this.#gateways.get(gatewayId.toLowerCase())?.values() ?? [])]
      .filter(({ at }) => at > from)
      .map(({ at, beat }) => ({ ...beat, lastSeen: new Date(at).toISOString() }));
  }

  forget(gatewayId: string): void {
    this.#gateways.delete(gatewayId.toLowerCase());
  }
}
