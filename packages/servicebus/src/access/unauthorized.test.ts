import { expect, it } from 'vitest';
import { claimRequired } from './unauthorized.ts';

it('says which claim is required for which entity, as Azure does', () => {
  const error = claimRequired('Send', 'NS.servicebus.windows.net', 'Orders', Date.parse('2026-01-01T00:00:00.5Z'));
  expect(error.info.condition).toBe('amqp:unauthorized-access');
  expect(error.message).toMatch(
    /^Unauthorized access\. 'Send' claim\(s\) are required to perform this operation\. Resource: 'sb:\/\/ns\.servicebus\.windows\.net\/orders'\. TrackingId:[0-9a-f-]{36}, SystemTracker:NoSystemTracker, Timestamp:2026-01-01T00:00:00$/,
  );
});
