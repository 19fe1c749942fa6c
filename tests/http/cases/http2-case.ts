import { type ErrorCode, flag } from '../kit/http2-wire.ts';

/** What a client sends behind preface and SETTINGS, and what must come of it. */
export interface Http2Case {
  /** Of RFC 9113 (or 7541), and the situation. */
  readonly name: string;
  readonly send: readonly Buffer[];
  /** Without preface and SETTINGS in front. */
  readonly isBare?: true;
  /**
   * `ok`: the request on that stream is answered with 200. `stream`: it is not; an error of the stream or of the connection.
   * `connection`: an error of the connection. `dropped`: answered with 200, and the field reached nobody (nghttp2 leaves out
   * fields of such names and values instead of refusing the message).
   */
  readonly expected: 'ok' | 'dropped' | 'stream' | 'connection';
  /** Which codes are right. A connection that is closed without one is right, too (RFC 9113 section 5.4.1). */
  readonly codes?: readonly ErrorCode[];
  readonly stream?: number;
}

export const end = flag.endStream | flag.endHeaders;
export const ok = (name: string, send: readonly Buffer[], stream = 1): Http2Case => ({
  name,
  send,
  expected: 'ok',
  stream,
});
export const stream = (name: string, send: readonly Buffer[], ...codes: ErrorCode[]): Http2Case => ({
  name,
  send,
  expected: 'stream',
  codes,
});
export const dropped = (name: string, send: readonly Buffer[]): Http2Case => ({ name, send, expected: 'dropped' });
export const connection = (name: string, send: readonly Buffer[], ...codes: ErrorCode[]): Http2Case => ({
  name,
  send,
  expected: 'connection',
  codes,
});
export const bare = (one: Http2Case): Http2Case => ({ ...one, isBare: true });

export const protocol = 'PROTOCOL_ERROR';
export const size = 'FRAME_SIZE_ERROR';
export const flow = 'FLOW_CONTROL_ERROR';
export const compression = 'COMPRESSION_ERROR';
