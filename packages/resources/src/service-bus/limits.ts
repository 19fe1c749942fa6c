/** "Service Bus quotas": how much a namespace, a topic or an entity may have. */
export interface ServiceBusLimits {
  /** Queues and topics of a namespace. */
  readonly entities: number;
  /** Of a topic. */
  readonly subscriptions: number;
  /** Of a topic, over all of its subscriptions. */
  readonly sqlFilters: number;
  /** Of a topic, over all of its subscriptions. */
  readonly correlationFilters: number;
  /** Of a namespace, of a queue, of a topic. */
  readonly authorizationRules: number;
}

export const serviceBusLimits: ServiceBusLimits = {
  entities: 10_000,
  subscriptions: 2000,
  sqlFilters: 2000,
  correlationFilters: 100_000,
  authorizationRules: 12,
};
