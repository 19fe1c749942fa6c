import {
  type AttachRequest,
  type Connection,
  type ConnectionHandler,
  createConnection,
  type SaslAttempt,
  type SaslIdentity,
  type Transport,
} from '@lazuli/amqp';
import { ServiceBusError, toServiceBusError } from '../errors.ts';
import { readAddress } from './address.ts';
import { putToken } from './cbs.ts';
import { Client, type KeyHolder, keyHolderOf } from './client.ts';
import { openCoordinator } from './coordinator-link.ts';
import { defaultFrontLimits, type FrontLimits, type FrontOptions, type ReachedNamespace } from './front-options.ts';
import { lookAfter } from './idle-rules.ts';
import { LostLinks } from './lost-links.ts';
import { manage } from './management/index.ts';
import { openReceiver } from './receiver-link.ts';
import { RequestNode } from './request-node.ts';
import { openSender } from './sender-link.ts';

export interface AmqpFront {
  /** Serves a connection. */
  accept(transport: Transport, facts: { readonly remoteAddress: string }): void;
  readonly connections: number;
  /** Ends all of them: the clients connect again, somewhere else. */
  closeConnections(): void;
  /** That, and the looking after them. */
  close(): void;
}

/** Puts clients that speak AMQP in front of the namespaces. */
export function createAmqpFront(options: FrontOptions): AmqpFront {
  return new Front(options);
}

/** What clients of Service Bus offer to choose from; MSSBCBS is .NET's: it signs in by `$cbs` afterwards, as with ANONYMOUS. */
const mechanisms = ['MSSBCBS', 'PLAIN', 'ANONYMOUS', 'EXTERNAL'];

class Front implements AmqpFront {
  readonly #options: FrontOptions;
  readonly #limits: FrontLimits;
  readonly #clients = new Map<Connection, Client>();
  readonly #lostLinks = new LostLinks();
  readonly #stopWatching: () => void;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#limits = { ...defaultFrontLimits, ...options.limits };
    this.#stopWatching = lookAfter(this.#clients, options.clock, this.#limits);
  }

  get connections(): number {
    return this.#clients.size;
  }

  accept(transport: Transport, { remoteAddress }: { readonly remoteAddress: string }): void {
    const { clock, connectionLimits } = this.#options;
    const handler = new ConnectionFront(this.#options, this.#limits, this.#clients, this.#lostLinks, remoteAddress);
    const connectionOptions = {
      containerId: 'lazuli',
      sasl: { mechanisms, authenticate: (attempt: SaslAttempt) => this.#authenticate(attempt) },
      clock,
      ...(connectionLimits === undefined ? {} : { limits: connectionLimits }),
    };
    createConnection(transport, connectionOptions, handler);
  }

  close(): void {
    this.#stopWatching();
    this.closeConnections();
  }

  closeConnections(): void {
    for (const connection of this.#clients.keys())
      connection.close({ condition: 'amqp:connection:forced', description: 'The service is going down.' });
  }

  async #authenticate(attempt: SaslAttempt): Promise<SaslIdentity | undefined> {
    const { mechanism, userName, password } = attempt;
    if (mechanism !== 'PLAIN') return { mechanism };
    const access = this.#options.namespaces(attempt.hostName ?? '')?.access;
    const claim = await access?.verifyKey(userName ?? '', password ?? '');
    if (access === undefined || claim === undefined) return undefined;
    return { mechanism, principal: { access, claim } satisfies KeyHolder };
  }
}

/** One connection: links are led to what their addresses mean. */
class ConnectionFront implements ConnectionHandler {
  readonly #options: FrontOptions;
  readonly #limits: FrontLimits;
  readonly #clients: Map<Connection, Client>;
  readonly #lostLinks: LostLinks;
  readonly #remoteAddress: string;
  #nodes: Map<string, RequestNode> | undefined = undefined;
  #client: Client | undefined;

  constructor(
    options: FrontOptions,
    limits: FrontLimits,
    clients: Map<Connection, Client>,
    lostLinks: LostLinks,
    remoteAddress: string,
  ) {
    this.#lostLinks = lostLinks;
    this.#options = options;
    this.#limits = limits;
    this.#clients = clients;
    this.#remoteAddress = remoteAddress;
  }

  onOpen(connection: Connection) {
    const hostName = connection.hostName ?? '';
    const namespace = this.#options.namespaces(hostName);
    if (namespace === undefined) {
      return new ServiceBusError('EntityNotFound', { entity: hostName }).info;
    }
    const holder = keyHolderOf(connection.identity);
    if (holder !== undefined && holder.access !== namespace.access) {
      const reason = 'The key is of another namespace than the one that is opened.';
      return new ServiceBusError('Unauthorized', { reason }).info;
    }
    if (this.#connectionsOf(namespace) >= this.#limits.connections) {
      const reason = `The namespace has ${this.#limits.connections} connections, as many as it can have.`;
      return new ServiceBusError('QuotaExceeded', { reason }).info;
    }
    this.#client = new Client(connection, namespace, this.#options, this.#limits, this.#lostLinks);
    this.#clients.set(connection, this.#client);
    return undefined;
  }

  onAttach(attach: AttachRequest): void {
    const client = this.#client;
    if (client === undefined) {
      attach.refuse(new ServiceBusError('NotOwner').info);
      return;
    }
    try {
      this.#open(client, attach);
    } catch (error) {
      attach.refuse(toServiceBusError(error).info);
    }
  }

  onClose(): void {
    const client = this.#client;
    if (client === undefined) return;
    this.#clients.delete(client.connection);
    client.end();
  }

  onViolation(error: { readonly condition: string; readonly description?: string }): void {
    this.#options.log.info({ ...error, remoteAddress: this.#remoteAddress }, 'an AMQP client broke a rule');
  }

  #connectionsOf({ served }: ReachedNamespace): number {
    let connections = 0;
    for (const client of this.#clients.values()) if (client.namespace.served === served) connections++;
    return connections;
  }

  /** @throws {ServiceBusError} */
  #open(client: Client, attach: AttachRequest): void {
    if (attach.role === 'sender') {
      if (attach.target !== undefined && 'isCoordinator' in attach.target) {
        openCoordinator(client, attach);
        return;
      }
      const address = readAddress(attach.target?.address ?? '');
      if (address.node !== 'entity') this.#node(client, address.node, address.path).openRequests(attach);
      else openSender(client, attach, address.path);
      return;
    }
    const address = readAddress(attach.source?.address ?? '');
    if (address.node !== 'entity') this.#node(client, address.node, address.path).openReplies(attach);
    else openReceiver(client, attach, address.path);
  }

  #node(client: Client, kind: '$cbs' | '$management', path: string): RequestNode {
    const key = `${path.toLowerCase()}/${kind}`;
    this.#nodes ??= new Map();
    const nodes = this.#nodes;
    const known = nodes.get(key);
    if (known !== undefined) return known;
    if (kind === '$management') this.#requireEntity(client, path);
    const node = new RequestNode({
      client,
      answer: (request) => (kind === '$cbs' ? putToken(client, request) : manage(client, path, request)),
      requestBytes: kind === '$cbs' ? tokenBytes : requestBytesOf(client, path),
      onEmpty: () => {
        if (nodes.get(key) === node) nodes.delete(key);
      },
    });
    nodes.set(key, node);
    return node;
  }

  /** Any right will do: what an operation needs is asked when it comes. */
  #requireEntity(client: Client, path: string): void {
    const { served } = client.namespace;
    if (!client.allows('Listen', path) && !client.allows('Manage', path)) client.require('Send', path);
    if (served.runtime(path) === undefined) served.source(path);
  }
}

/** A request to `$cbs`, with its token. */
const tokenBytes = 256 * 1024;
const managementBytes = 4 * 1024 * 1024;

/** Requests carry messages that are to be scheduled: any that may be sent to the entity has room. */
function requestBytesOf(client: Client, path: string): number {
  try {
    return Math.max(managementBytes, client.namespace.served.sender(path).maxMessageBytes + 64 * 1024);
  } catch {
    return managementBytes;
  }
}
