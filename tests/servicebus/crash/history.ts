/** What clients of a broker saw, in the order in which they saw it: what the broker promised can be checked against it. */
export type HistoryEvent =
  /** Sent as number `index` of its session (or queue); `at` orders events of all clients of this process. */
  | { readonly kind: 'sent'; readonly id: string; readonly session: string | undefined; readonly index: number }
  /** The broker said that it has it. */
  | { readonly kind: 'accepted'; readonly id: string }
  | { readonly kind: 'delivered'; readonly id: string; readonly sequenceNumber: number; readonly deliveryCount: number }
  /** Its body was not the one that was sent. */
  | { readonly kind: 'damaged'; readonly id: string }
  /** The client asked for it; whether the broker did it is not known. */
  | { readonly kind: 'settling'; readonly id: string; readonly outcome: Outcome }
  /** The broker said that it is done. */
  | { readonly kind: 'settled'; readonly id: string; readonly outcome: Outcome }
  /** Found at the end, when everything that was left was taken out of the queue or its dead-letter queue. */
  | {
      readonly kind: 'left';
      readonly id: string;
      readonly sequenceNumber: number;
      readonly where: 'queue' | 'deadLetter';
    };

export type Outcome = 'complete' | 'abandon' | 'deadLetter';

/** Everything about one message. */
interface MessageStory {
  readonly id: string;
  session: string | undefined;
  index: number;
  accepted: boolean;
  readonly sequenceNumbers: Set<number>;
  /** Outcomes that were asked for, and those that were confirmed. */
  readonly asked: Record<Outcome, number>;
  readonly confirmed: Record<Outcome, number>;
  left: ('queue' | 'deadLetter')[];
}

/**
 * What in the history a durable at-least-once broker with ordered sessions must not show, a line each; empty: nothing.
 *
 * - What is delivered is what was sent.
 * - Nothing accepted is lost: it was settled for good, or is still there at the end.
 * - Nothing settled returns: after a confirmed completion or dead-lettering it is not delivered again, nor left in the queue.
 * - Nothing is there twice: one sequence number for each message.
 * - In a session messages are delivered in the order in which they were sent, none before one that is still to be done.
 * - The delivery count is at least the number of confirmed returns, and at most the number of those asked for.
 */
export function violations(history: readonly HistoryEvent[]): string[] {
  const found: string[] = [];
  const stories = new Map<string, MessageStory>();
  const bySession = new Map<string, MessageStory[]>();
  const storyOf = (id: string): MessageStory => {
    let story = stories.get(id);
    if (story === undefined) {
      story = {
        id,
        session: undefined,
        index: -1,
        accepted: false,
        sequenceNumbers: new Set(),
        asked: { complete: 0, abandon: 0, deadLetter: 0 },
        confirmed: { complete: 0, abandon: 0, deadLetter: 0 },
        left: [],
      };
      stories.set(id, story);
    }
    return story;
  };

  for (const event of history) {
    const story = storyOf(event.id);
    switch (event.kind) {
      case 'sent': {
        story.session = event.session;
        story.index = event.index;
        if (event.session === undefined) break;
        const session = bySession.get(event.session);
        if (session === undefined) bySession.set(event.session, [story]);
        else session.push(story);
        break;
      }
      case 'accepted':
        story.accepted = true;
        break;
      case 'delivered':
        story.sequenceNumbers.add(event.sequenceNumber);
        if (isConfirmedGone(story)) found.push(`${event.id} was delivered after the broker had confirmed its end`);
        if (event.deliveryCount < story.confirmed.abandon || event.deliveryCount > story.asked.abandon)
          found.push(
            `${event.id} came with delivery count ${event.deliveryCount}; it was returned ${story.confirmed.abandon} to ${story.asked.abandon} times`,
          );
        for (const before of bySession.get(story.session ?? '') ?? []) {
          if (before.index >= story.index) break;
          if (before.accepted && !isAskedGone(before))
            found.push(`${event.id} came before ${before.id} of the same session was done`);
        }
        break;
      case 'damaged':
        found.push(`${event.id} came with another body than it was sent with`);
        break;
      case 'settling':
        story.asked[event.outcome]++;
        break;
      case 'settled':
        story.confirmed[event.outcome]++;
        break;
      case 'left':
        story.sequenceNumbers.add(event.sequenceNumber);
        story.left.push(event.where);
        if (story.confirmed.complete > 0) found.push(`${event.id} is there though its completion was confirmed`);
        if (event.where === 'queue' && story.confirmed.deadLetter > 0)
          found.push(`${event.id} is in the queue though it was dead-lettered`);
        if (event.where === 'deadLetter' && story.asked.deadLetter === 0)
          found.push(`${event.id} is in the dead-letter queue and nobody put it there`);
        break;
    }
  }
  for (const story of stories.values()) {
    const { id, left } = story;
    if (story.accepted && story.asked.complete === 0 && left.length === 0) found.push(`${id} was accepted and is lost`);
    if (story.confirmed.deadLetter > 0 && !left.includes('deadLetter'))
      found.push(`${id} was dead-lettered and is not in the dead-letter queue`);
    // A message that is dead-lettered gets a place, and so a number, in the dead-letter queue of its own.
    const places = story.sequenceNumbers.size - (left.includes('deadLetter') ? 1 : 0);
    if (places > 1 || left.length > 1) found.push(`${id} is there twice (${[...story.sequenceNumbers].join(', ')})`);
  }
  return found;
}

function isConfirmedGone({ confirmed }: MessageStory): boolean {
  return confirmed.complete + confirmed.deadLetter > 0;
}

function isAskedGone({ asked }: MessageStory): boolean {
  return asked.complete + asked.deadLetter > 0;
}
