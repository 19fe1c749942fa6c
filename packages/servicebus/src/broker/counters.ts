import type { NamespaceStatistics } from '../contract.ts';

/** What happened since the start, and how many messages there are. */
export class Counters implements NamespaceStatistics {
  messages = 0;
  sent = 0;
  delivered = 0;
  completed = 0;
  abandoned = 0;
  deadLettered = 0;
  expired = 0;
  lockExpiries = 0;
}
