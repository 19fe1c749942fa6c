/** How long the last 1,000 commits took. */
export class CommitLatency {
  private readonly times = new Float64Array(1_000);
  private commits = 0;

  add(milliseconds: number): void {
    this.times[this.commits % this.times.length] = milliseconds;
    this.commits++;
  }

  figures(): { readonly commits: number; readonly p50: number; readonly p99: number } {
    const { commits } = this;
    const sorted = this.times.slice(0, commits).sort();
    const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
    return { commits, p50: at(0.5), p99: at(0.99) };
  }
}
