import {
  AmqpMap,
  type AmqpValue,
  type DeliveryState,
  encodeApplicationProperties,
  encodeProperties,
  encodeValueSection,
  type IncomingDelivery,
  int,
  type PeerReceives,
  type PeerSends,
  readApplicationProperties,
  readBody,
  readProperties,
  type SendingLink,
  scanSections,
  symbol,
} from '@lazuli/amqp';
import { ServiceBusError, toServiceBusError } from '../errors.ts';
import type { Client, WatchedLink } from './client.ts';
import { plain } from './read-values.ts';

/** A request to `$cbs` or `$management`. */
export interface NodeRequest {
  /** `com.microsoft:peek-message` */
  readonly operation: string;
  readonly properties: AmqpMap;
  readonly body: AmqpValue;
  /** Set where it is part of a transaction. */
  readonly transactionId: Buffer | undefined;
}

export interface NodeReply {
  readonly status: number;
  readonly description: string;
  /** Body, an `amqp-value`; default null. */
  readonly body?: AmqpValue;
}

export interface NodeOptions {
  readonly client: Client;
  readonly answer: (request: NodeRequest) => NodeReply | Promise<NodeReply>;
  /** Bytes of a request at most. */
  readonly requestBytes: number;
  /** Its last link has gone. */
  readonly onEmpty: () => void;
}

const unsettled = 0;
const accepted: DeliveryState = { kind: 'accepted' };

/**
 * A node that is asked by messages and answers by messages (AMQP Management): requests come in on one link, replies go out on the
 * link whose target is their `reply-to`, or, where that is not said, on the one that was opened last.
 */
export class RequestNode {
  readonly #client: Client;
  readonly #options: NodeOptions;
  readonly #replies = new Map<string, ReplyLink>();
  #last: ReplyLink | undefined;
  #links = 0;

  constructor(options: NodeOptions) {
    this.#client = options.client;
    this.#options = options;
  }

  openRequests(attach: PeerSends): void {
    const { requests: credit } = this.#client.limits;
    const watched = this.#watched((error) => link.close(error));
    const link = attach.accept(
      { maxMessageSize: this.#options.requestBytes },
      {
        onDelivery: (delivery) => {
          watched.usedAt = this.#client.options.clock.now();
          void this.#take(delivery).finally(() => {
            if (link.isOpen) link.grant(1);
          });
        },
        onClosed: () => this.#left(watched),
      },
    );
    link.grant(credit);
  }

  openReplies(attach: PeerReceives): void {
    const address = attach.target !== undefined && 'address' in attach.target ? (attach.target.address ?? '') : '';
    const watched = this.#watched((error) => link.close(error));
    const link = attach.accept(
      {},
      {
        onSendable: () => reply.flush(),
        onDrain: () => {
          reply.flush();
          link.drained();
        },
        onOutcome: (delivery, state, settled) => {
          if (!settled && state !== undefined) delivery.settle(state);
        },
        onClosed: () => {
          this.#left(watched);
          if (this.#replies.get(address) === reply) this.#replies.delete(address);
          if (this.#last === reply) this.#last = [...this.#replies.values()].at(-1);
        },
      },
    );
    const reply = new ReplyLink(link, attach.senderSettleMode !== unsettled, this.#client.limits.requests * 2);
    this.#replies.delete(address);
    this.#replies.set(address, reply);
    this.#last = reply;
  }

  #watched(close: (error: { readonly condition: string; readonly description?: string }) => void): WatchedLink {
    const watched: WatchedLink = {
      needs: undefined,
      usedAt: this.#client.options.clock.now(),
      close: (error) => {
        this.#left(watched);
        close('info' in error ? error.info : error);
      },
    };
    this.#links++;
    this.#client.watch(watched);
    return watched;
  }

  #left(watched: WatchedLink): void {
    if (!this.#client.links.delete(watched)) return;
    this.#links--;
    if (this.#links === 0) this.#options.onEmpty();
  }

  async #take(delivery: IncomingDelivery): Promise<void> {
    let facts: { readonly request: NodeRequest; readonly replyTo: string; readonly id: AmqpValue };
    try {
      facts = readRequest(delivery);
    } catch (error) {
      delivery.settle({ kind: 'rejected', error: toServiceBusError(error).info });
      return;
    }
    const { transactionId } = delivery;
    delivery.settle(
      transactionId === undefined ? accepted : { kind: 'transactional', transactionId, outcome: accepted },
    );
    let reply: NodeReply;
    let error: ServiceBusError | undefined;
    try {
      reply = await this.#options.answer(facts.request);
    } catch (thrown) {
      error = toServiceBusError(thrown);
      reply = { status: error.status, description: error.message };
      if (error.code === 'InternalError')
        this.#client.options.log.warn({ err: error.cause, operation: facts.request.operation }, 'a request failed');
    }
    const link = this.#replies.get(facts.replyTo) ?? this.#last;
    link?.send(encodeReply(facts.id, reply, error));
  }
}

/** Replies that wait for credit, as many as a client may ask for. */
class ReplyLink {
  readonly #link: SendingLink;
  readonly #settled: boolean;
  readonly #most: number;
  readonly #waiting: Buffer[] = [];
  #tag = 0;

  constructor(link: SendingLink, settled: boolean, most: number) {
    this.#link = link;
    this.#settled = settled;
    this.#most = most;
  }

  send(reply: Buffer): void {
    if (this.#waiting.length >= this.#most) {
      this.#link.connection.close({
        condition: 'amqp:resource-limit-exceeded',
        description: `${this.#most} replies wait for credit.`,
      });
      return;
    }
    this.#waiting.push(reply);
    this.flush();
  }

  flush(): void {
    while (this.#link.isOpen && this.#link.sendable > 0) {
      const reply = this.#waiting.shift();
      if (reply === undefined) return;
      const tag = Buffer.allocUnsafe(4);
      tag.writeUInt32BE(this.#tag++ >>> 0);
      this.#link.send({ tag, pieces: [reply], settled: this.#settled });
    }
  }
}

function readRequest({ payload, transactionId }: IncomingDelivery) {
  const sections = scanSections(payload);
  const properties = readProperties(payload, sections);
  const application = readApplicationProperties(payload, sections);
  const operation = plain(application.get('operation'));
  if (typeof operation !== 'string')
    throw new ServiceBusError('BadRequest', { reason: "The request has no application property 'operation'." });
  const [body = null] = readBody(payload, sections);
  return {
    request: { operation, properties: application, body, transactionId },
    replyTo: properties.replyTo ?? '',
    id: properties.messageId ?? properties.correlationId ?? null,
  };
}

function encodeReply(id: AmqpValue, { status, description, body }: NodeReply, error?: ServiceBusError): Buffer {
  const properties: [AmqpValue, AmqpValue][] = [
    ['statusCode', int(status)],
    ['statusDescription', description],
    ['status-code', int(status)],
    ['status-description', description],
  ];
  if (error !== undefined) properties.push(['errorCondition', symbol(error.condition)]);
  return Buffer.concat([
    encodeProperties(id === null ? {} : { correlationId: id }),
    encodeApplicationProperties(new AmqpMap(properties)),
    encodeValueSection(body ?? null),
  ]);
}
