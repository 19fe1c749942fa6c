import { expect, test } from 'vitest';
import { type BodySink, type BodySource, MessageBody } from './body.ts';
import { watchBody } from './watch-body.ts';

/** A source that the test drives. */
class Driven implements BodySource {
  readonly length = null;
  readonly calls: string[] = [];
  sink: BodySink | null = null;
  start(sink: BodySink): void {
    this.sink = sink;
  }
  pause(): void {
    this.calls.push('pause');
  }
  resume(): void {
    this.calls.push('resume');
  }
  abort(): void {
    this.calls.push('abort');
  }
}

function watched() {
  const source = new Driven();
  const seen: string[] = [];
  const body = watchBody(MessageBody.fromSource(source), {
    data: (chunk) => seen.push(Buffer.from(chunk).toString()),
    end: () => seen.push('end'),
  });
  const out = body.take();
  if (out instanceof Uint8Array) throw new TypeError('The body is no stream any more.');
  const got: string[] = [];
  out.start({
    data: (chunk) => got.push(Buffer.from(chunk).toString()),
    end: (trailers) => got.push(`end ${trailers.join()}`),
    error: (error) => got.push(error.message),
  });
  return { source, out, seen, got };
}

test('each piece goes on at once', () => {
  const { source, seen, got } = watched();
  source.sink?.data(Buffer.from('a'));
  expect([seen, got]).toEqual([['a'], ['a']]);
  source.sink?.data(Buffer.from('b'));
  source.sink?.end(['X', '1']);
  expect([seen, got]).toEqual([
    ['a', 'b', 'end'],
    ['a', 'b', 'end X,1'],
  ]);
});

test('the pace is the reader’s', () => {
  const { source, out } = watched();
  out.pause();
  out.resume();
  expect(source.calls).toEqual(['pause', 'resume']);
});

test('an end by an error or by the reader is told once', () => {
  const broken = watched();
  broken.source.sink?.error(new Error('gone'));
  broken.out.abort(new Error('enough'));
  expect([broken.seen, broken.got, broken.source.calls]).toEqual([['end'], ['gone'], ['abort']]);
});

test('a body that is here is told whole', () => {
  const seen: string[] = [];
  const body = MessageBody.fromBytes(Buffer.from('abc'));
  const same = watchBody(body, {
    data: (chunk) => seen.push(Buffer.from(chunk).toString()),
    end: () => seen.push('end'),
  });
  expect([same === body, seen]).toEqual([true, ['abc', 'end']]);
});
