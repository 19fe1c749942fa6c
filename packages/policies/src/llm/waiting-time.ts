/** A time in words, as the messages of the token limits have it: `41 minutes and 54 seconds`, `24 days, 14 hours and 1 second`. */
export function waitingTime(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3_600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const words = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  const last = words.pop() ?? '0 seconds';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}
