/** The name that `wrong` was probably meant to be, or null when none is near. Case does not count. */
export function nearestName(wrong: string, names: Iterable<string>): string | null {
  if (wrong.length > 100) return null;
  const sought = wrong.toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.floor(sought.length / 3) + 1;
  for (const name of names) {
    if (Math.abs(name.length - sought.length) >= bestDistance && best !== null) continue;
    if (name.length > 100) continue;
    const distance = editDistance(sought, name.toLowerCase());
    if (distance < bestDistance || (best === null && distance === bestDistance && distance < sought.length)) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein's, with two neighbours in the wrong order as one step. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
