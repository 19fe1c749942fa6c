/**
 * Properties of the entities of a Service Bus namespace, by their names in Resource Manager (Microsoft.ServiceBus 2021-11-01 to
 * 2024-01-01), with defaults and ranges ("Service Bus quotas", and the reference of each resource).
 */

export type ServiceBusKind = 'queue' | 'topic' | 'subscription' | 'rule';

export interface PropertyRule {
  readonly type: 'duration' | 'integer' | 'boolean' | 'status' | 'text' | 'entity';
  readonly kinds: readonly ServiceBusKind[];
  readonly default?: string | number | boolean;
  /** Milliseconds for durations; characters for texts. */
  readonly least?: number;
  readonly most?: number;
  /** Cannot be changed once the entity is there. */
  readonly createOnly?: boolean;
}

/** `TimeSpan.MaxValue` of .NET: for ever. */
export const forEver = 'P10675199DT2H48M5.4775807S';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const holders = ['queue', 'subscription'] as const;
const entries = ['queue', 'topic'] as const;
const all = ['queue', 'topic', 'subscription'] as const;

export const entityProperties: Readonly<Record<string, PropertyRule>> = {
  lockDuration: { type: 'duration', kinds: holders, default: 'PT1M', least: 5 * second, most: 5 * minute },
  maxSizeInMegabytes: { type: 'integer', kinds: entries, default: 1024, least: 1, most: 81_920 },
  maxMessageSizeInKilobytes: { type: 'integer', kinds: entries, default: 256, least: 1, most: 102_400 },
  requiresDuplicateDetection: { type: 'boolean', kinds: entries, default: false, createOnly: true },
  duplicateDetectionHistoryTimeWindow: {
    type: 'duration',
    kinds: entries,
    default: 'PT10M',
    least: 20 * second,
    most: 7 * day,
  },
  requiresSession: { type: 'boolean', kinds: holders, default: false, createOnly: true },
  defaultMessageTimeToLive: { type: 'duration', kinds: all, default: forEver, least: second },
  deadLetteringOnMessageExpiration: { type: 'boolean', kinds: holders, default: false },
  deadLetteringOnFilterEvaluationExceptions: { type: 'boolean', kinds: ['subscription'], default: true },
  maxDeliveryCount: { type: 'integer', kinds: holders, default: 10, least: 1, most: 2000 },
  enableBatchedOperations: { type: 'boolean', kinds: all, default: true },
  autoDeleteOnIdle: { type: 'duration', kinds: all, default: forEver, least: 5 * minute },
  enablePartitioning: { type: 'boolean', kinds: entries, default: false, createOnly: true },
  enableExpress: { type: 'boolean', kinds: entries, default: false },
  supportOrdering: { type: 'boolean', kinds: ['topic'], default: true },
  forwardTo: { type: 'entity', kinds: holders },
  forwardDeadLetteredMessagesTo: { type: 'entity', kinds: holders },
  status: { type: 'status', kinds: all, default: 'Active' },
  userMetadata: { type: 'text', kinds: all, most: 1024 },
};

export const entityStatuses = ['Active', 'Disabled', 'SendDisabled', 'ReceiveDisabled'] as const;

/** What the service computes: it may come back in a request, and does not count. */
export const computedProperties: ReadonlySet<string> = new Set([
  'accessedAt',
  'countDetails',
  'createdAt',
  'messageCount',
  'sizeInBytes',
  'subscriptionCount',
  'updatedAt',
  'provisioningState',
  'isClientAffine',
  'clientAffineProperties',
  'entityAvailabilityStatus',
]);
