import { describe, expect, it } from 'vitest';
import { answered, Bench, bodies, message, queue, written } from './harness.ts';

const text = (body: string) => message({ body: Buffer.from(body) });

describe('a queue', () => {
  it('gives a message to a receiver and forgets it when it is completed', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('one'), text('two'));
    const [one, two] = await bench.receive('q');
    expect(bodies([one!, two!])).toEqual(['one', 'two']);
    expect(one).toMatchObject({
      sequenceNumber: 1,
      deliveryCount: 0,
      state: 'active',
      lockedUntil: bench.clock.now() + 60_000,
    });
    expect(one!.lockToken).toHaveLength(16);
    await bench.settle('q', one!, { kind: 'complete' });
    await bench.settle('q', two!, { kind: 'complete' });
    expect(await bench.peek('q')).toEqual([]);
    expect(bench.namespace.runtime('q')).toMatchObject({ activeMessageCount: 0, sizeInBytes: 0 });
    await bench.restart();
    expect(await bench.peek('q')).toEqual([]);
    await bench.send('q', text('three'));
    expect((await bench.receive('q'))[0]).toMatchObject({ sequenceNumber: 3 });
  });

  it('answers a send when it is on disk, and gives the message to nobody before', async () => {
    const bench = await Bench.with([queue('q')]);
    let isAnswered = false;
    const got: unknown[] = [];
    const receiver = bench
      .source('q')
      .openReceiver(
        { mode: 'peekLock', name: 'r' },
        { onMessage: (each) => got.push(each), onClosed: () => undefined },
      );
    receiver.setCredit(5);
    const sent = answered((done) => bench.sender('q').send([text('one')], done)).then(() => {
      isAnswered = true;
    });
    await Promise.resolve();
    expect([isAnswered, got.length]).toEqual([false, 0]);
    await sent;
    await written();
    expect(got).toHaveLength(1);
    expect(receiver.credit).toBe(4);
  });
});
