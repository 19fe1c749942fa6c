import { expect, it } from 'vitest';
import { readAddress } from './address.ts';

it.each([
  ['q', 'q', 'entity'],
  ['/q', 'q', 'entity'],
  ['q/', 'q', 'entity'],
  ['Topic/Subscriptions/S', 'Topic/Subscriptions/S', 'entity'],
  ['sb://host/q', 'q', 'entity'],
  ['amqps://host:5671/a/b', 'a/b', 'entity'],
  ['q/$DeadLetterQueue', 'q/$DeadLetterQueue', 'entity'],
  ['q/$Transfer/$DeadLetterQueue', 'q/$Transfer/$DeadLetterQueue', 'entity'],
  ['$cbs', '', '$cbs'],
  ['/$CBS', '', '$cbs'],
  ['amqp://host/$cbs', '', '$cbs'],
  ['q/$management', 'q', '$management'],
  ['a/b/$Management/', 'a/b', '$management'],
  ['$management', '', '$management'],
  ['sb://host/q/$DeadLetterQueue/$management', 'q/$DeadLetterQueue', '$management'],
  ['', '', 'entity'],
  ['sb://host', '', 'entity'],
  ['management', 'management', 'entity'],
])('%j means %j, %s', (address, path, node) => {
  expect(readAddress(address)).toEqual({ path, node });
});
