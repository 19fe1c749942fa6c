import type { HeaderList } from '@lazuli/policies';
import type { Operation, Store } from '@lazuli/store';
import type { Authorizer } from './authorization/authorizer.ts';
import type { ArmResponse, Principal, Query } from './contract.ts';
import type { Locks } from './locks/locks.ts';
import type { OperationStore } from './operations/operation-store.ts';
import type { Registry } from './registry/registry.ts';

/** One request to the management plane, from HTTP or from a deployment. */
export interface Call {
  readonly method: Method;
  /** Decoded. */
  readonly segments: readonly string[];
  readonly query: Query;
  readonly headers: HeaderList;
  readonly principal: Principal;
  /** Reads the request body, once; empty where there is none. @throws {ArmError} more bytes than `limit`, wrong media type. */
  readBody(limit?: number): Promise<Uint8Array>;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly baseUrl: string;
  readonly correlationId: string;
  readonly clientAddress: string;
  /** Checks everything, writes nothing. */
  readonly dryRun?: boolean;
  /**
   * The check of a template before it is deployed, as Azure makes it: what a body refers to need not be there yet, and no
   * link is followed. Writes go to `stage`, so that the resources of one template see each other. Together with `dryRun`.
   */
  readonly preflight?: { stage(operations: readonly Operation[]): Promise<void> };
  /** Types that ask for `If-Match` do not get one: a template has no etags. */
  readonly unconditional?: boolean;
}

export type Method = 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';

export interface SubscriptionInfo {
  /** GUID, lower case. */
  readonly subscriptionId: string;
  readonly displayName: string;
  readonly tenantId: string;
}

/** What the parts of the management plane share. */
export interface Services {
  readonly store: Store;
  readonly registry: Registry;
  readonly authorizer: Authorizer;
  readonly locks: Locks;
  readonly operations: OperationStore;
  readonly subscription: SubscriptionInfo;
  readonly locations: readonly Location[];
  readonly log: ManagementLog;
  readonly now: () => number;
  /** Serves a call as if it had come over HTTP: authorization, locks, audit. Errors are thrown. */
  dispatch(call: Call): Promise<ArmResponse>;
  /** Tells caches which types this process has just written. */
  wrote(types: Iterable<string>): void;
  /** Until the returned function is called, whoever publishes changes should wait; see `publish-hold.ts`. */
  holdPublishing(reason: string): Promise<() => Promise<void>>;
}

export interface Location {
  /** `westeurope` */
  readonly name: string;
  /** `West Europe` */
  readonly displayName: string;
}

/** Where facts for the operator go; values must not hold secrets. */
export interface ManagementLog {
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
}
