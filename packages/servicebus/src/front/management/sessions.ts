import { AmqpArray, AmqpMap, int, timestamp } from '@lazuli/amqp';
import { type ManagementOperation, noContent, ok } from './operation.ts';

const mostSessions = 100;
/** The end of time in .NET, near enough: it stands for "sessions that have messages". */
const endOfTime = 253_402_300_799_000;

export const getSessionState: ManagementOperation = {
  right: 'Listen',
  run({ body, source }) {
    const state = source().sessionState(body.text('session-id'));
    return ok(new AmqpMap([['session-state', state === undefined ? null : Buffer.from(state)]]));
  },
};

export const setSessionState: ManagementOperation = {
  right: 'Listen',
  async run({ body, client, path, source }) {
    const sessionId = body.text('session-id');
    const state = body.optionalBytes('session-state') ?? null;
    client.requireSession(path, sessionId);
    await source().setSessionState(sessionId, state);
    return ok();
  },
};

export const renewSessionLock: ManagementOperation = {
  right: 'Listen',
  run({ body, client, path, source }) {
    const sessionId = body.text('session-id');
    client.requireSession(path, sessionId);
    return ok(new AmqpMap([['expiration', timestamp(source().renewSessionLock(sessionId))]]));
  },
};

export const getMessageSessions: ManagementOperation = {
  right: 'Listen',
  run({ body, source }) {
    const updatedAfter = body.optionalTime('last-updated-time') ?? endOfTime;
    const skip = Math.max(0, body.optionalNumber('skip') ?? 0);
    const top = Math.min(Math.max(1, body.optionalNumber('top') ?? mostSessions), mostSessions);
    const sessions = source().sessions({ ...(updatedAfter >= endOfTime ? {} : { updatedAfter }), skip, top });
    if (sessions.length === 0) return noContent;
    return ok(
      new AmqpMap([
        ['skip', int(skip + sessions.length)],
        ['sessions-ids', new AmqpArray('string', sessions)],
      ]),
    );
  },
};
