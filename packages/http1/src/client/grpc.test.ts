import * as grpc from '@grpc/grpc-js';
import { createNodeListener, endToEndHeaders, type InboundRequest, type UpstreamClient } from '@lazuli/http';
import { originOf, requestTo, selfSigned } from '@lazuli/http/contract';
import { HeaderList } from '@lazuli/policies';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttp1Upstream } from './http1-upstream.ts';

const bytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value } as const;
const method = (name: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/bench.Echo/${name}`,
  requestStream,
  responseStream,
  requestSerialize: bytes.serialize,
  requestDeserialize: bytes.deserialize,
  responseSerialize: bytes.serialize,
  responseDeserialize: bytes.deserialize,
});
const service = {
  unary: method('Unary', false, false),
  collect: method('Collect', true, false),
  expand: method('Expand', false, true),
  chat: method('Chat', true, true),
  refuse: method('Refuse', false, false),
  hang: method('Hang', false, false),
};

/** A gRPC client, a listener with TLS, this upstream client, a gRPC server. */
describe('gRPC through a listener and the upstream client', () => {
  let server: grpc.Server;
  let upstream: UpstreamClient;
  let listener: ReturnType<typeof createNodeListener>;
  let client: grpc.Client;
  let cancelled = 0;

  beforeAll(async () => {
    server = new grpc.Server();
    server.addService(service, {
      unary: (call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
        const trailer = new grpc.Metadata();
        trailer.set('x-sum', String(call.request.length));
        const initial = new grpc.Metadata();
        initial.set('x-seen', String(call.metadata.get('x-key')[0]));
        call.sendMetadata(initial);
        done(null, call.request, trailer);
      },
      collect: (call: grpc.ServerReadableStream<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
        const parts: Buffer[] = [];
        call.on('data', (part: Buffer) => parts.push(part));
        call.on('end', () => done(null, Buffer.concat(parts)));
      },
      expand: (call: grpc.ServerWritableStream<Buffer, Buffer>) => {
        for (const byte of call.request) call.write(Buffer.from([byte]));
        call.end();
      },
      chat: (call: grpc.ServerDuplexStream<Buffer, Buffer>) => {
        call.on('data', (part: Buffer) => call.write(part));
        call.on('end', () => call.end());
      },
      refuse: (_call: unknown, done: grpc.sendUnaryData<Buffer>) => {
        done({ code: grpc.status.FAILED_PRECONDITION, details: 'not nów' });
      },
      hang: (call: grpc.ServerUnaryCall<Buffer, Buffer>) => {
        call.on('cancelled', () => {
          cancelled++;
        });
      },
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    upstream = createHttp1Upstream();
    const certificate = await selfSigned('localhost');
    listener = createNodeListener({
      host: '127.0.0.1',
      port: 0,
      tls: { ...certificate, requestClientCertificate: false, http2: true },
      limits: {
        headerBytes: 32_768,
        headerCount: 200,
        urlBytes: 16_384,
        headTimeoutMs: 30_000,
        requestTimeoutMs: 0,
        idleTimeoutMs: 60_000,
        connections: 100,
      },
      handler: (request) => void forward(request, upstream, port),
      onRefused() {},
    });
    const address = await listener.listen();
    client = new grpc.Client(
      `127.0.0.1:${address.port}`,
      grpc.credentials.createSsl(Buffer.from(certificate.certificatePem)),
      { 'grpc.ssl_target_name_override': 'localhost', 'grpc.default_authority': 'localhost' },
    );
  });

  afterAll(async () => {
    client.close();
    await listener.drain(0);
    await upstream.close();
    server.forceShutdown();
  });

  test('unary: message, metadata at the start and at the end', async () => {
    const metadata = new grpc.Metadata();
    metadata.set('x-key', 'k');
    const seen: Record<string, unknown> = {};
    const answer = await new Promise<Buffer | undefined>((resolve, reject) => {
      const call = client.makeUnaryRequest(
        service.unary.path,
        bytes.serialize,
        bytes.deserialize,
        Buffer.from('hello'),
        metadata,
        (error, value) => (error ? reject(error) : resolve(value)),
      );
      call.on('metadata', (initial) => {
        seen.initial = initial.get('x-seen');
      });
      call.on('status', (status) => {
        seen.sum = status.metadata.get('x-sum');
      });
    });
    expect(answer?.toString()).toBe('hello');
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual({ initial: ['k'], sum: ['5'] });
  });

  test('a hundred and fifty unary calls at a time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, i) => unary(service.unary.path, Buffer.from(String(i)))),
    );
    expect(answers.map(String)).toEqual(Array.from({ length: 150 }, (_, i) => String(i)));
  });

  test('a message of two megabytes', async () => {
    const message = Buffer.alloc(2 * 1024 * 1024, 7);
    expect(Buffer.compare(await unary(service.unary.path, message), message)).toBe(0);
  });

  test('client streaming', async () => {
    const answer = await new Promise<Buffer | undefined>((resolve, reject) => {
      const call = client.makeClientStreamRequest(
        service.collect.path,
        bytes.serialize,
        bytes.deserialize,
        (error: grpc.ServiceError | null, value?: Buffer) => (error ? reject(error) : resolve(value)),
      );
      for (const part of ['a', 'b', 'c']) call.write(Buffer.from(part));
      call.end();
    });
    expect(answer?.toString()).toBe('abc');
  });

  test('server streaming', async () => {
    const call = client.makeServerStreamRequest(
      service.expand.path,
      bytes.serialize,
      bytes.deserialize,
      Buffer.from('xyz'),
    );
    let text = '';
    for await (const part of call) text += String(part);
    expect(text).toBe('xyz');
  });

  test('both sides stream: each message is answered before the next is sent', async () => {
    const call = client.makeBidiStreamRequest(service.chat.path, bytes.serialize, bytes.deserialize);
    const status = new Promise<grpc.StatusObject>((resolve) => call.once('status', resolve));
    for (const message of ['one', 'two', 'three']) {
      const answer = new Promise<Buffer>((resolve) => call.once('data', resolve));
      call.write(Buffer.from(message));
      expect(String(await answer)).toBe(message);
    }
    call.end();
    expect((await status).code).toBe(grpc.status.OK);
  });

  test('an error without a message (trailers only) arrives with its status', async () => {
    const error = await unary(service.refuse.path, Buffer.from('x')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: grpc.status.FAILED_PRECONDITION, details: 'not nów' });
  });

  test('a client that cancels cancels the call of the backend', async () => {
    const before = cancelled;
    const call = client.makeUnaryRequest(
      service.hang.path,
      bytes.serialize,
      bytes.deserialize,
      Buffer.from('x'),
      () => {},
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    call.cancel();
    while (cancelled === before) await new Promise((resolve) => setImmediate(resolve));
  });

  function unary(path: string, message: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, bytes.serialize, bytes.deserialize, message, (error, value) => {
        if (error || value === undefined) reject(error ?? new Error('no message'));
        else resolve(value);
      });
    });
  }
});

async function forward(request: InboundRequest, upstream: UpstreamClient, port: number): Promise<void> {
  try {
    const response = await upstream.request(
      requestTo(port, {
        method: request.method,
        origin: originOf(port),
        target: request.target,
        headers: endToEndHeaders(request.headers),
        body: request.body,
        httpVersion: '2',
        cancellation: request.cancellation,
      }),
    );
    await request.respond({ ...response, headers: endToEndHeaders(response.headers) }, response.body);
  } catch (error) {
    await request.respond(
      { status: 502, reason: 'Bad Gateway', headers: new HeaderList(['x-error', String(error)]) },
      null,
    );
  }
}
