/** What the provider asks of the broker that serves its namespaces; what is absent is not told. */
export interface ServiceBusRuntime {
  /** Of a queue, a topic or a subscription (`topic/Subscriptions/name`); undefined: this process does not serve it. */
  readonly entity?: (namespaceId: string, path: string) => ServiceBusEntityRuntime | undefined;
  /** Resources of a namespace were written or deleted, it itself perhaps: resolves when that is served. */
  readonly changed?: (namespaceId: string, ids: readonly string[]) => Promise<void>;
  /** What is wrong with the SQL of a rule, in words; undefined: nothing. Properties as they are stored. */
  readonly ruleProblem?: (name: string, properties: { readonly [name: string]: unknown }) => string | undefined;
  /** Where clients reach a namespace, for connection strings; undefined: under its name in Azure. */
  readonly endpoint?: (namespaceName: string) => ServiceBusEndpoint | undefined;
}

export interface ServiceBusEndpoint {
  /** `localhost:5672` */
  readonly host: string;
  /** Clients need not speak TLS (`UseDevelopmentEmulator=true`). */
  readonly isPlain: boolean;
}

export interface ServiceBusEntityRuntime {
  readonly activeMessageCount: number;
  readonly deadLetterMessageCount: number;
  readonly scheduledMessageCount: number;
  readonly transferMessageCount: number;
  readonly transferDeadLetterMessageCount: number;
  readonly sizeInBytes: number;
  /** Milliseconds since 1970. */
  readonly accessedAt: number;
}
