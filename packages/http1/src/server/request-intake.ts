import type { CheckedHead, ListenerLimits, Refusal } from '@lazuli/http';
import type { ContentSink } from '../syntax/chunked-decoder.ts';
import { HeadFeed } from '../syntax/head-feed.ts';
import { RequestHeadReader } from '../syntax/request-head-reader.ts';
import { BodyReader } from './body-reader.ts';
import { matchHttp2Preface } from './http2-preface.ts';
import {
  isWebSocketUpgrade,
  keepsAlive,
  malformed,
  RequestCheck,
  refusalOfBody,
  refusalOfHead,
} from './request-check.ts';

/** The connection whose bytes are read. */
export interface IntakeOwner extends ContentSink {
  /** It can take another request now. */
  readonly hasRoom: boolean;
  /** The first bytes of a head are here, and not all of it. */
  headStarted(): void;
  /** `moreFollows`: what arrived with the head has not been read to its end. */
  headRead(reader: RequestHeadReader, head: CheckedHead, moreFollows: boolean): void;
  /** So many bytes of a body, or behind the last request, were read. */
  bytesRead(count: number): void;
  bodyRead(trailers: readonly string[]): void;
  /** The head that was being read is not acceptable. */
  headRefused(refusal: Refusal): void;
  bodyRefused(refusal: Refusal): void;
  /** The client speaks HTTP/2; `first` is what it has sent until now. */
  http2Found(first: Buffer): void;
  /** What had arrived was read, as far as there was room. */
  allRead(): void;
}

/** Where in the stream of a connection's bytes the next one stands. */
export type IntakePhase = 'preface' | 'head' | 'body' | 'over';

/** Takes a connection's bytes apart into requests, one after the other, no faster than its owner has room for them. */
export class RequestIntake {
  phase: IntakePhase;
  /** A part of a head is here. */
  isHeadStarted = false;
  /** The client sends nothing more. */
  isEnded = false;
  #owner: IntakeOwner;
  #limits: ListenerLimits;
  #reader: RequestHeadReader;
  #feed: HeadFeed;
  #check: RequestCheck;
  #body: BodyReader;
  /** Received and not looked at. */
  #unread: Buffer | null = null;
  #isBusy = false;
  #isShared: boolean;

  /** `isShared`: bytes are overwritten after {@link take}. */
  constructor(owner: IntakeOwner, limits: ListenerLimits, scheme: 'http' | 'https', isShared: boolean) {
    this.#owner = owner;
    this.#isShared = isShared;
    this.#limits = limits;
    // With TLS, HTTP/2 was chosen by ALPN or not at all.
    this.phase = scheme === 'http' ? 'preface' : 'head';
    this.#reader = new RequestHeadReader(limits);
    this.#feed = new HeadFeed(this.#reader);
    this.#check = new RequestCheck(limits, scheme);
    this.#body = new BodyReader(limits);
  }

  /** Reading right now, further up the stack. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Between requests: not a byte of the next one is here. */
  get isWaiting(): boolean {
    return (this.phase === 'head' || this.phase === 'preface') && !this.isHeadStarted && this.#unread === null;
  }

  /** Has received more than there was room for. */
  get isFull(): boolean {
    return this.#unread !== null && this.phase !== 'preface';
  }

  take(bytes: Buffer): void {
    if (this.#unread === null) {
      this.#read(bytes);
      return;
    }
    const all = Buffer.concat([this.#unread, bytes]);
    if (this.phase === 'preface') {
      this.#unread = null;
      this.#read(all);
    } else this.#unread = all;
  }

  /** Looks at what a client sent ahead, once there is room for it. */
  readOn(): void {
    if (this.#mayReadOn()) queueMicrotask(this.#readUnread);
  }

  /** The client sends nothing more. Refuses what it has left unfinished, when that is a head. False: a body is missing. */
  end(): boolean {
    this.isEnded = true;
    if (this.phase === 'preface' && this.#unread !== null) {
      const bytes = this.#unread;
      this.#unread = null;
      this.phase = 'head';
      this.#read(bytes);
    }
    if (this.phase === 'head' && this.isHeadStarted) this.refuseHead(malformed);
    if (this.phase !== 'body') return true;
    this.#body.finish();
    const { fault } = this.#body;
    if (fault === null) return false;
    this.#owner.bodyRefused(refusalOfBody(fault));
    return true;
  }

  /** Gives up on the head that is being read; a fault that shows in it goes before `refusal`. */
  refuseHead(refusal: Refusal): void {
    this.#feed.finish();
    const { fault } = this.#reader;
    this.stop();
    this.#owner.headRefused(fault === null ? refusal : refusalOfHead(fault, this.#limits));
  }

  /** No further request is read. Gives back what was not looked at. */
  stop(): Buffer | null {
    const rest = this.#unread;
    this.phase = 'over';
    this.isHeadStarted = false;
    this.#unread = null;
    return rest;
  }

  #readUnread = (): void => {
    const bytes = this.#unread;
    if (bytes === null || !this.#mayReadOn()) return;
    this.#unread = null;
    this.#read(bytes);
  };

  #mayReadOn(): boolean {
    return this.#unread !== null && !this.#isBusy && this.phase === 'head' && this.#owner.hasRoom;
  }

  #read(bytes: Buffer): void {
    const owner = this.#owner;
    const end = bytes.length;
    this.#isBusy = true;
    let at = 0;
    while (at < end) {
      switch (this.phase) {
        case 'preface':
          if (this.#seesHttp2(bytes)) at = end;
          break;
        case 'head':
          if (!owner.hasRoom) {
            this.#keep(bytes.subarray(at));
            at = end;
            break;
          }
          at = this.#readHead(bytes, at, end);
          break;
        case 'body': {
          const to = this.#body.read(bytes, at, end, owner);
          owner.bytesRead(to - at);
          at = to;
          this.#bodyMoved();
          break;
        }
        case 'over':
          owner.bytesRead(end - at);
          at = end;
          break;
      }
    }
    this.#isBusy = false;
    owner.allRead();
  }

  #keep(bytes: Buffer): void {
    this.#unread = this.#isShared ? Buffer.from(bytes) : bytes;
  }

  /** Is this an HTTP/2 client? True also while it could be one. */
  #seesHttp2(bytes: Buffer): boolean {
    switch (matchHttp2Preface(bytes)) {
      case 'yes':
        this.stop();
        this.#owner.http2Found(this.#isShared ? Buffer.from(bytes) : bytes);
        return true;
      case 'perhaps':
        if (this.isEnded) break;
        this.isHeadStarted = true;
        this.#keep(bytes);
        return true;
    }
    this.phase = 'head';
    return false;
  }

  #readHead(bytes: Buffer, start: number, end: number): number {
    const reader = this.#reader;
    if (reader.state !== 'reading') reader.begin();
    const at = this.#feed.feed(bytes, start, end);
    // `state` was changed by the feed.
    const state: string = reader.state;
    if (state === 'fault') {
      this.stop();
      this.#owner.headRefused(refusalOfHead(reader.fault ?? 'malformed', this.#limits));
      return end;
    }
    if (state === 'reading') {
      if (!this.isHeadStarted) this.#owner.headStarted();
      this.isHeadStarted = true;
      return at;
    }
    const head = this.#check.check(reader);
    if ('status' in head) {
      this.stop();
      this.#owner.headRefused(head);
      return end;
    }
    this.isHeadStarted = false;
    if (head.hasBody) {
      this.phase = 'body';
      this.#body.begin(head.length);
    } else if (isWebSocketUpgrade(reader)) {
      // What stands behind an upgrade is not HTTP any more.
      this.phase = 'over';
      this.#keep(bytes.subarray(at));
      this.#owner.headRead(reader, head, false);
      return end;
    } else if (!keepsAlive(reader)) this.phase = 'over';
    this.#owner.headRead(reader, head, at < end);
    return at;
  }

  #bodyMoved(): void {
    // The owner may have stopped meanwhile.
    if (this.phase !== 'body') return;
    if (this.#body.isComplete) {
      this.phase = keepsAlive(this.#reader) ? 'head' : 'over';
      this.#owner.bodyRead(this.#body.trailers);
    } else if (this.#body.fault !== null) {
      const refusal = refusalOfBody(this.#body.fault);
      this.stop();
      this.#owner.bodyRefused(refusal);
    }
  }
}
