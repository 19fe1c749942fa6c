import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entityOfMessages, isAtOrBelow, pathOf, pathsUpwards, readResource } from './resource-path.ts';

const ours = (name: string) => name === 'lazuli.local';

describe('a resource', () => {
  it.each([
    ['sb://Host.Example/Orders', 'host.example', 'orders'],
    ['sb://host/', 'host', ''],
    ['sb://host', 'host', ''],
    ['amqps://host:5671/q/$management', 'host', 'q'],
    ['https://host:443/q?api-version=2021-05&enrich=false', 'host', 'q'],
    ['http://host/a/b/Subscriptions/S#x', 'host', 'a/b/subscriptions/s'],
    ['sb://[::1]:5672/q', '[::1]', 'q'],
    ['sb://user:secret@host/q', 'host', 'q'],
    ['sb://host./q', 'host', 'q'],
    ['sb://host//a///b//', 'host', 'a/b'],
    ['sb://host/my%20queue', 'host', 'my queue'],
    ['sb://host/bad%2', 'host', 'bad%2'],
    ['lazuli.local/q', 'lazuli.local', 'q'],
    ['lazuli.local:5672/q', 'lazuli.local', 'q'],
    ['other.local/q', undefined, 'other.local/q'],
    ['/q', undefined, 'q'],
    ['q/$DeadLetterQueue', undefined, 'q/$deadletterqueue'],
    ['', undefined, ''],
    ['$management', undefined, ''],
    ['sb://host/q/../other', 'host', 'q/../other'],
  ])('%s is %s, %s', (text, hostName, path) => {
    expect(readResource(text, ours)).toEqual({ hostName, path });
  });

  it('is read whatever it contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { path } = readResource(text, ours);
        return !path.startsWith('/') && !path.endsWith('/');
      }),
    );
  });
});

describe('paths', () => {
  it('lie below others by whole segments', () => {
    expect(isAtOrBelow('queue', '')).toBe(true);
    expect(isAtOrBelow('queue', 'queue')).toBe(true);
    expect(isAtOrBelow('queue/$deadletterqueue', 'queue')).toBe(true);
    expect(isAtOrBelow('queue2', 'queue')).toBe(false);
    expect(isAtOrBelow('queue', 'queue/x')).toBe(false);
    expect(isAtOrBelow('', 'queue')).toBe(false);
  });

  it('have all above them', () => {
    expect([...pathsUpwards('a/b/c')]).toEqual(['a/b/c', 'a/b', 'a', '']);
    expect([...pathsUpwards('')]).toEqual(['']);
  });

  it('of messages name their entity', () => {
    const all = ['q/messages', 'a/q/messages/head', 'q/messages/1/2', 'q/messages/1', 'messages', 'messages/head'];
    expect(all.map(entityOfMessages)).toEqual(['q', 'a/q', 'q', undefined, undefined, undefined]);
  });

  it('do not care for case and slashes', () => {
    expect(pathOf('/T/Subscriptions/S/')).toBe('t/subscriptions/s');
  });
});
