import { constants, createServer, type Http2Session, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HeaderList } from '@lazuli/policies';
import type { Refusal } from '../refusal.ts';
import { checkSize, isAuthority, sameAuthority } from '../request-head.ts';
import { CheckedHttp2Stream } from './checked-http2-stream.ts';
import { certificateOf, plainAddress, type ServerContext } from './http1-server.ts';
import { Http2Exchange } from './http2-exchange.ts';
import { takeListener } from './take-listener.ts';

/** One HTTP/2 connection as its requests see it. */
export interface Http2Connection {
  readonly session: ServerHttp2Session;
  readonly remoteAddress: string;
  readonly localPort: number;
  /** DER, taken when the connection was new: a closed one has forgotten it. */
  readonly clientCertificate: Uint8Array | null;
  readonly context: ServerContext;
  /** Streams without a finished response. */
  running: number;
}

/** What the checks of an HTTP/2 request leave. */
export interface Http2Head {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly headers: HeaderList;
  readonly length: number | null;
  readonly expectsContinue: boolean;
}

export interface Http2Side {
  /** Serves a client that was found to speak HTTP/2. `source` gives what it sends, where the socket itself is not to be read. */
  serve(socket: Socket, source?: Duplex): void;
  /** No new streams; sessions close when their last one is done. */
  drain(): void;
}

/** Serves HTTP/2. */
export function serveHttp2(context: ServerContext): Http2Side {
  const { limits } = context.options;
  const sessions = new WeakMap<Http2Session, Http2Connection>();
  const open = new Set<ServerHttp2Session>();
  const server = createServer({
    settings: { maxConcurrentStreams: 100, maxHeaderListSize: limits.headerBytes + limits.urlBytes },
    // nghttp2 answers a larger list with a reset; these leave room to answer 431 properly up to twice the limit.
    maxHeaderListPairs: limits.headerCount * 2 + 8,
    maxSendHeaderBlockLength: 256 * 1024,
    unknownProtocolTimeout: limits.headTimeoutMs,
  });

  const begin = (session: ServerHttp2Session, stream: CheckedHttp2Stream): void => {
    const { socket } = stream;
    // The end of the client's side is the end of an HTTP/2 connection: no stream can go on without WINDOW_UPDATE.
    socket.allowHalfOpen = false;
    const connection: Http2Connection = {
      session,
      remoteAddress: plainAddress(socket.remoteAddress),
      localPort: socket.localPort ?? 0,
      clientCertificate: certificateOf(socket),
      context,
      running: 0,
    };
    sessions.set(session, connection);
    open.add(session);
    session.once('close', () => open.delete(session));
    session.setTimeout(limits.idleTimeoutMs, () => {
      // A client that sends GOAWAY and then breaks the rules is not read any more by Node, and not let go of either: its
      // requests never end, and even its departure goes unnoticed.
      if (session.closed) session.destroy();
      else if (connection.running === 0) session.close();
    });
    session.on('error', () => session.destroy());
    stream.onViolation = ({ code, message }) => {
      const reason = `Bad request: ${message}.`;
      context.options.onRefused({ status: 400, reason, remoteAddress: connection.remoteAddress });
      session.destroy(new Error(reason), code);
    };
    if (context.isDraining()) session.close();
  };
  server.on('stream', (stream, _headers, flags, rawHeaders: readonly string[] = []) => {
    // First of all: a stream may be told of here although its session has failed in the same packet, and an error that
    // nobody listens to would end the process.
    stream.on('error', () => {});
    const connection = stream.session && sessions.get(stream.session);
    if (!connection) {
      stream.destroy();
      return;
    }
    const head = checkHttp2Head(rawHeaders, context);
    if ('status' in head) {
      context.options.onRefused({
        status: head.status,
        reason: head.message,
        remoteAddress: connection.remoteAddress,
      });
      Http2Exchange.refuse(stream, head);
      return;
    }
    const endsWithHead = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    new Http2Exchange(connection, stream, head, endsWithHead).run();
  });
  // Node makes a session of a connection and says so at once.
  const serveStream = takeListener(server, 'connection');
  return {
    serve: (socket, source) => {
      const stream = new CheckedHttp2Stream(socket, source);
      const begun = (session: ServerHttp2Session) => begin(session, stream);
      server.on('session', begun);
      try {
        serveStream(stream);
      } finally {
        server.off('session', begun);
      }
    },
    drain: () => {
      for (const session of open) session.close();
    },
  };
}

function checkHttp2Head(raw: readonly string[], context: ServerContext): Http2Head | Refusal {
  let method = '';
  let target = '';
  let authority: string | null = null;
  let host: string | null = null;
  let cookie: string | null = null;
  let length: number | null = null;
  let expect: string | null = null;
  const flat: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    switch (name) {
      case ':method':
        method = value;
        break;
      case ':path':
        target = value;
        break;
      case ':authority':
        authority = value;
        break;
      case 'host':
        if (host !== null) return bad('the request has more than one Host');
        host = value;
        break;
      case 'cookie':
        // RFC 9113 section 8.2.3: the crumbs become one field for everybody who does not speak HTTP/2.
        cookie = cookie === null ? value : `${cookie}; ${value}`;
        break;
      case 'content-length':
        // nghttp2 has checked it against itself and holds the body to it.
        length = Number(value);
        flat.push(name, value);
        break;
      case 'expect':
        expect = value.toLowerCase();
        flat.push(name, value);
        break;
      default:
        if (!name.startsWith(':')) flat.push(name, value);
    }
  }
  const tooLarge = checkSize(target, raw, context.options.limits);
  if (tooLarge) return tooLarge;
  if (method === 'CONNECT' || method === 'TRACE')
    return { status: 501, message: `The method ${method} is not supported.` };
  const named = authority ?? host;
  if (named === null) return bad('the request has neither :authority nor Host');
  if (!isAuthority(named)) return bad(':authority is not a valid host name and port');
  if (host !== null && !sameAuthority(host, named, context.scheme)) return bad(':authority and Host differ');
  if (target.includes('#')) return bad('the request target has a fragment');
  if (!target.startsWith('/') && !(target === '*' && method === 'OPTIONS')) return bad('the request target is no path');
  if (expect !== null && expect !== '100-continue')
    return { status: 417, message: 'The expectation of the request is not supported.' };
  if (cookie !== null) flat.push('cookie', cookie);
  flat.unshift('host', named);
  return {
    method,
    target,
    authority: named,
    headers: new HeaderList(flat),
    length,
    expectsContinue: expect !== null,
  };
}

function bad(what: string): Refusal {
  return { status: 400, message: `Bad request: ${what}.` };
}
