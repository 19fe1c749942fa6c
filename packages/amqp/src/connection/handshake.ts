import { descriptors, readDescriptor } from '../codec/descriptors.ts';
import { ValueReader } from '../codec/reader.ts';
import type { SaslAttempt, SaslIdentity } from '../contract.ts';
import { Fields } from '../frames/fields.ts';
import { framingError } from '../frames/frame-reader.ts';
import {
  type SaslInit,
  saslInitOf,
  writeSaslChallenge,
  writeSaslMechanisms,
  writeSaslOutcome,
} from '../frames/sasl.ts';
import type { AmqpValue } from '../values.ts';
import { AmqpViolation } from '../violation.ts';
import type { AmqpConnection } from './connection.ts';

const amqpHeader = Buffer.from('414d515000010000', 'hex');
const saslHeader = Buffer.from('414d515003010000', 'hex');

/** Frames of SASL are small (5.3.1 says 512 bytes; some tokens are longer). */
const maxSaslFrameBytes = 8192;

/** Protocol headers (2.2) and SASL (5.3), until the connection may be opened. */
export class Handshake {
  readonly #connection: AmqpConnection;
  #stage: 'header' | 'init' | 'response' | 'deciding' | 'amqp-header' = 'header';
  #init: SaslInit | undefined;
  #identity: SaslIdentity | undefined;

  constructor(connection: AmqpConnection) {
    this.#connection = connection;
  }

  onProtocolHeader(protocol: number, version: string): void {
    const { outlet, reader } = this.#connection;
    const { output } = outlet;
    if (this.#stage === 'header' && protocol === 3 && version === '1.0.0') {
      output.raw(saslHeader);
      writeSaslMechanisms(output, this.#connection.options.sasl.mechanisms);
      this.#connection.outlet.flushSoon();
      reader.expectsHeader = false;
      reader.maxFrameBytes = maxSaslFrameBytes;
      this.#stage = 'init';
    } else if (this.#stage === 'header' && protocol === 0 && version === '1.0.0') {
      this.#stage = 'deciding';
      this.#decide({ mechanism: 'ANONYMOUS', response: new Uint8Array(0) }, (identity) => {
        if (identity === undefined) this.#refuseProtocol(saslHeader);
        else this.#open(identity);
      });
    } else if (this.#stage === 'amqp-header' && protocol === 0 && version === '1.0.0' && this.#identity !== undefined) {
      this.#open(this.#identity);
    } else {
      this.#refuseProtocol(this.#stage === 'header' ? saslHeader : amqpHeader);
    }
  }

  /** The header that would have been right, then the end (2.2). */
  #refuseProtocol(header: Buffer): void {
    this.#connection.outlet.output.raw(header);
    this.#connection.abandon();
  }

  #open(identity: SaslIdentity): void {
    this.#connection.outlet.output.raw(amqpHeader);
    this.#connection.outlet.flushSoon();
    this.#connection.onAuthenticated(identity);
  }

  onFrame(type: number, buffer: Buffer, start: number, end: number): void {
    if (type !== 1) throw framingError(`a frame of type ${type} where one of SASL was expected`);
    const reader = new ValueReader(buffer, start, end);
    const code = readDescriptor(reader);
    const value = reader.read();
    if (!Array.isArray(value)) throw new AmqpViolation('amqp:decode-error', 'The fields of a SASL frame are no list.');
    const fields: readonly AmqpValue[] = value;
    if (this.#stage === 'init' && code === descriptors.saslInit) this.#onInit(saslInitOf(fields));
    else if (this.#stage === 'response' && code === descriptors.saslResponse && this.#init !== undefined)
      this.#authenticate(this.#init, new Fields('sasl-response', fields).binary(0, 'response') ?? Buffer.alloc(0));
    else
      throw new AmqpViolation(
        'amqp:illegal-state',
        `A SASL frame 0x${code.toString(16)} is not permitted in this state.`,
      );
  }

  #onInit(init: SaslInit): void {
    if (!this.#connection.options.sasl.mechanisms.includes(init.mechanism)) {
      this.#refuse(1);
      return;
    }
    if (init.response === undefined && init.mechanism === 'PLAIN') {
      this.#init = init;
      this.#stage = 'response';
      writeSaslChallenge(this.#connection.outlet.output, new Uint8Array(0));
      this.#connection.outlet.flushSoon();
      return;
    }
    this.#authenticate(init, init.response ?? Buffer.alloc(0));
  }

  #authenticate(init: SaslInit, response: Buffer): void {
    const attempt: SaslAttempt = { mechanism: init.mechanism, response, hostName: init.hostName };
    this.#stage = 'deciding';
    if (init.mechanism !== 'PLAIN') {
      this.#decide(attempt, (identity) => this.#answer(identity));
      return;
    }
    // authzid NUL authcid NUL passwd (RFC 4616)
    const parts = response.toString('utf8').split('\0');
    if (parts.length !== 3) this.#refuse(1);
    else this.#decide({ ...attempt, userName: parts[1], password: parts[2] }, (identity) => this.#answer(identity));
  }

  #answer(identity: SaslIdentity | undefined): void {
    if (identity === undefined) {
      this.#refuse(1);
      return;
    }
    this.#identity = identity;
    this.#stage = 'amqp-header';
    writeSaslOutcome(this.#connection.outlet.output, 0);
    this.#connection.outlet.flushSoon();
    this.#connection.reader.expectsHeader = true;
  }

  /** One attempt: the connection ends with it. */
  #refuse(code: 1 | 4): void {
    writeSaslOutcome(this.#connection.outlet.output, code);
    this.#connection.abandon();
  }

  /** Asks who it is; what the peer sends meanwhile waits. */
  #decide(attempt: SaslAttempt, answer: (identity: SaslIdentity | undefined) => void): void {
    const connection = this.#connection;
    const decided = connection.options.sasl.authenticate(attempt);
    if (!(decided instanceof Promise)) {
      answer(decided);
      return;
    }
    connection.stopReading();
    decided.then(
      (identity) => {
        if (connection.isDead) return;
        answer(identity);
        connection.resumeReading();
      },
      () => {
        if (!connection.isDead) this.#refuse(4);
      },
    );
  }
}
